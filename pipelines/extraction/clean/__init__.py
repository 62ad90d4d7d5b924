"""Clean: passages to the article's own, and the rest to data. Every drop names its rule; the steps run in this order."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pipelines.evidence import Cleaned, Drop, Metadata, Passage
from pipelines.extraction.clean import boxes, ends, head, model
from pipelines.extraction.clean.desk import Desk
from pipelines.extraction.clean.publisher_rules import apply as apply_publisher_rules
from pipelines.publishers import Publisher

# Lines that are data before they are furniture: a publisher's own rule may drop them, but not unread.
SIGNS: tuple[Callable[[Desk], None], ...] = (boxes.syndication, boxes.topics)
RULES: tuple[Callable[[Desk], None], ...] = (
    head.headline,
    head.lead,
    boxes.by_name,
    ends.comments,
    boxes.related_lists,
    boxes.prompts,
    head.dates,
    head.furniture,
    head.above_headline,
    head.standfirst,
    head.captions,
    boxes.link_lines,
    boxes.link_lists,
    ends.author,
    ends.closing,
    boxes.repeats,
)
# What depends on which passages are the last and the first.
LAST: tuple[Callable[[Desk], None], ...] = (ends.leftovers, ends.sign_off, head.dateline)


def clean(passages: Iterable[Passage], metadata: Metadata, publisher: Publisher) -> Cleaned:
    """The passages that are the article, and those that are not with their rules and the data they carried."""
    desk = ruled(passages, metadata, publisher)
    if publisher.body.model:
        model.boilerplate(desk)
    return finished(desk)


def ruled(passages: Iterable[Passage], metadata: Metadata, publisher: Publisher) -> Desk:
    """The passages with the verdicts of the rules: what the model is asked about, and trained on."""
    desk = Desk(list(passages), metadata)
    for step in SIGNS:
        step(desk)
    apply_publisher_rules(desk, publisher)
    for step in RULES:
        step(desk)
    return desk


def finished(desk: Desk) -> Cleaned:
    """What is kept and dropped once all have had their say."""
    for step in LAST:
        step(desk)
    places = [index for index, _ in desk.open()]
    first, last = desk.first_prose, desk.last_prose
    dropped = [
        Drop(
            verdict,
            passage.text,
            "head" if index < first else "tail" if index > last else "body",
            index,
            desk.became.get(index, ()),
        )
        for index, (passage, verdict) in enumerate(zip(desk.passages, desk.verdicts, strict=True))
        if verdict is not None
    ]
    return Cleaned(
        kept=[desk.passages[index] for index in places], places=places, dropped=[*dropped, *desk.cuts],
        headline=desk.headline, description=desk.description, authors=desk.authors, dates=desk.dates, keywords=desk.keywords, breadcrumbs=desk.breadcrumbs, images=desk.images, related=desk.related,
        copyright_notice=desk.copyright_notice, agency=desk.agency, syndicated_by=desk.syndicated_by, dateline=desk.dateline,
    )  # fmt: skip
