"""Boxes anywhere in a text that are not the text: by their name, by what they say, by their links."""

from __future__ import annotations

import re
from collections.abc import Container

from pipelines.evidence import Passage
from pipelines.extraction.clean import phrases
from pipelines.extraction.clean.desk import Desk, is_sentence, letters
from pipelines.values import BlockType, Media, RelatedItem

# Class and id tokens of what stands around a text. Layout words that also name real text (content, body, paywall) are not here.
_BOX_NAME = re.compile(
    r"(?:^|[\s_-])(?:figcaption|wp-caption-text|newsletter\w*|inline-?signup|sign-?up\w*|subscri(?:be|ption)\w*|outbrain|taboola|related\w*|recirc\w*|"
    r"recommend\w*|read-?(?:more|also|next)|also-?read|more-?(?:on|from|stories|news)|share(?:-\w+|bar|box|buttons?|icons?|links?|list|tools?|this|wrap\w*)?|social\w*|sharing|comments?|disqus|"
    r"author-?(?:bio|box|info|description)|about-?(?:the-)?author|bio|print-?(?:header|footer|only)|breadcrumbs?|crumbs|tags?-?list|article-?tags|post-?tags|"
    r"toolbar|modal|pop-?up|scrim|overlay|toast|cookie\w*|consent|advert\w*|ad-?(?:slot|label|container)|sponsor\w*|promo\w*|teaser\w*|"
    r"reading-?time|read-?time|estimated-read-time|video-?(?:heading|title)|media-?(?:title|info|additional\w*|description\w*)|"
    r"visually-?hidden|sr-only|screen-?reader\w*|hidden-?print|correction-form|print-header|nav(?:bar|-?menu|item)?|subnav\w*|postinfo|post-?meta|entry-?meta)(?:$|[\s_-])"
)
# Names that no text of an article ever stands in, however long the passage is.
_SURE_NAME = re.compile(r"(?:^|[\s_-])(?:newsletter\w*|modal|breadcrumbs?|outbrain|taboola)(?:$|[\s_-])")
_CONSENT_NAME = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|cmp)[\s_-]?(?:banner|notice|consent|bar|dialog|box|popup|message|wall|overlay)\b"
)
_CAPTION_NAME = re.compile(
    r"^(?:figcaption\b|(?:p|div|span|small|em|cite)\b.*(?:caption|credit|image-?description|media-?description|photo-?credit|\binfotext\b))"
)
_LIST_ITEMS = frozenset({BlockType.LIST_ITEM, BlockType.HEADING})
# A passage named like a box may still be long text that a CMS put into a box with such a name; then the words decide.
MAX_BOX_CHARS = 400
MAX_BOX_SHARE = 0.2
MAX_LABEL_CHARS = 48
MAX_TEASER_CHARS = 220
MAX_TOPICS_CHARS = 300
MAX_PROMPT_CHARS = 420
# A list of teasers has so many, of which so much is linked.
MIN_RUN, MIN_TEASER_DENSITY = 3, 0.6
MAX_ASK_CHARS = 300
# Refrains and questions of a long interview repeat too; a paragraph of this length does not by chance.
MIN_REPEAT_CHARS = 160
_ADDRESS = re.compile(r"\W*(?:https?://\S+|www\.\S+|\S+@\S+\.\w+)\W*")
_LEADING_DATE = re.compile(r"^\W*(?:\w{3,9}\.?,?\s+)?\d{1,2}[\s./-]\S+[\s./-]\d{2,4}\b.{0,40}$")


def by_name(desk: Desk) -> None:
    """Passages whose element, or the two around it, are named as furniture; captions become images.

    A name that would take much of the page's prose names the layout, and only takes what is no prose.
    """
    layout = {name for passage, prose in zip(desk.passages, desk.prose, strict=True) if prose for name in passage.around[1:]}
    named = [index for index, passage in desk.open() if index != desk.lead and _is_box(passage, desk.prose[index], layout)]
    taken = sum(len(desk.passages[index].text) for index in named if desk.prose[index])
    trusted = taken <= MAX_BOX_SHARE * sum(len(p.text) for p, prose in zip(desk.passages, desk.prose, strict=True) if prose)
    consent = {name for name in {name for passage in desk.passages for name in passage.around} if _CONSENT_NAME.search(name)}
    for index, passage in desk.open():
        is_beside = passage.with_image and passage.type is BlockType.PARAGRAPH and not is_sentence(passage.text)
        if is_beside or (len(passage.text) <= MAX_BOX_CHARS and any(_CAPTION_NAME.search(name) for name in passage.around[:2])):
            desk.images.append(Media(None, passage.text))
            desk.drop(index, "general.caption")
        elif not consent.isdisjoint(passage.around):
            desk.drop(index, "general.consent")
        elif index in named and (trusted or not desk.prose[index]):
            desk.drop(index, "general.box")


def _is_box(passage: Passage, is_prose: bool, layout: Container[str]) -> bool:
    """Whether the passage's own name is furniture's, or that of a box around it: `layout` is what stands around prose too."""
    if len(passage.text) > MAX_BOX_CHARS:
        return False
    around = [name for name in passage.around[1:3] if name not in layout]
    # A heading's own name tells of its section: `nav-profits`, where the page's navigation leads.
    own = [] if passage.type is BlockType.HEADING else [*passage.around[:1]]
    return any(_SURE_NAME.search(name) for name in (*own, *around)) or any(
        _BOX_NAME.search(name) for name in (own if is_prose else (*own, *around))
    )


def syndication(desk: Desk) -> None:
    """Disclaimers that say a text came from a feed or another house."""
    for index, passage in desk.open():
        if len(passage.text) <= MAX_BOX_CHARS and phrases.SYNDICATION.match(passage.text):
            desk.syndicated_by = desk.syndicated_by or passage.text
            desk.drop(index, "general.syndication")


def topics(desk: Desk) -> None:
    """Tag lines: "Topics : …"; their links are the keywords, else what the commas part."""
    for index, passage in desk.open():
        found = phrases.TOPICS.match(passage.text) if len(passage.text) <= MAX_TOPICS_CHARS else None
        if not found or (desk.prose[index] and is_sentence(passage.text)):
            continue
        names = [anchor.text for anchor in passage.anchors] or re.split(r"\s*[,;|•·、،]\s*", found["rest"])
        desk.keywords += [name.strip(" #.") for name in names if name.strip(" #.")]
        desk.drop(index, "general.topics")


def related_lists(desk: Desk) -> None:
    """ "Read also" with what it heads: a label alone takes the list below it along, a longer line goes by itself."""
    for index, passage in desk.open():
        if phrases.TAGS_LABEL.match(passage.text) and index > desk.last_prose:
            desk.keywords += [p.text for _, p in desk.open(index + 1) if len(p.text) <= MAX_LABEL_CHARS]
            desk.drop_from(index, "general.topics")
            return
        if len(passage.text) > MAX_TEASER_CHARS or not phrases.READ_ALSO.match(passage.text):
            continue
        is_label = len(passage.text) <= MAX_LABEL_CHARS and not is_sentence(passage.text.rstrip(":.… "))
        if is_label and (passage.type is BlockType.HEADING or passage.link_density < 0.5):
            desk.drop(index, "general.related")
            _drop_list(desk, index + 1)
        elif passage.link_density > 0.3 or ":" in passage.text[:40] or not is_sentence(passage.text):
            _note_related(desk, passage)
            desk.drop(index, "general.related")


def _drop_list(desk: Desk, start: int) -> None:
    """The list items, linked lines, headlines and dates that follow a label, to the first paragraph of prose."""
    date: str | None = None
    seen: set[str] = set()
    for index, passage in desk.open(start):
        if desk.prose[index] and passage.link_density < 0.3:
            return
        looks_listed = (
            passage.type in _LIST_ITEMS
            or passage.link_density >= 0.5
            or (len(passage.text) <= MAX_TEASER_CHARS and not is_sentence(passage.text))
        )
        if not looks_listed and not _LEADING_DATE.match(passage.text):
            return
        if _LEADING_DATE.match(passage.text):
            date = passage.text
        elif letters(passage.text) not in seen and len(passage.text) >= MAX_LABEL_CHARS / 2:
            seen.add(letters(passage.text))
            _note_related(desk, passage, date)
        desk.drop(index, "general.related")


def _note_related(desk: Desk, passage: Passage, date: str | None = None) -> None:
    anchors = [a for a in passage.anchors if len(a.text) >= MAX_LABEL_CHARS / 2]
    if anchors:
        desk.related += [RelatedItem(anchor.text, anchor.url, date) for anchor in anchors]
    else:
        desk.related.append(RelatedItem(passage.text.strip("* "), None, date))


def prompts(desk: Desk) -> None:
    """Prompts to subscribe, follow or log in, buttons, reading times: short, imperative, linked or beside the text."""
    first, last = desk.first_prose, desk.last_prose
    for index, passage in desk.open():
        words = passage.text
        if len(words) > MAX_PROMPT_CHARS:
            continue
        if phrases.BUTTON.match(words) or phrases.READING_TIME.match(words) or phrases.REMNANT.match(words):
            desk.drop(index, "general.button")
        elif phrases.EMBED.match(words):
            desk.drop(index, "general.embed")
        elif len(words) <= MAX_ASK_CHARS and phrases.asks(words):
            desk.drop(index, "general.prompt")
        elif phrases.CONTENTS.match(words):
            desk.drop(index, "general.contents")
        elif phrases.disclaims(words) or phrases.earns(words):
            desk.drop(index, "general.disclaimer")
        elif phrases.PROMPT.match(words) and (passage.anchors or not first <= index <= last or not desk.prose[index]):
            desk.drop(index, "general.prompt")
        elif phrases.claims_rights(words) and not (desk.prose[index] and len(words) > 250):
            desk.copyright_notice = desk.copyright_notice or words
            desk.drop(index, "general.copyright")


def link_lines(desk: Desk) -> None:
    """Lines that are one link, and lists of which nearly every item is one. An address that stands as such is a reference
    where it is not the page's own, and a link into the page itself is a section of it."""
    for index, passage in desk.open():
        if (
            passage.link_density >= 0.9
            and passage.type is not BlockType.TABLE
            and len(passage.text) <= MAX_TEASER_CHARS
            and not (_ADDRESS.fullmatch(passage.text) and passage.text != desk.metadata.canonical_url)
            and not all(anchor.url.startswith("#") for anchor in passage.anchors)
            and not _in_prose_list(desk, index)
        ):
            _note_related(desk, passage)
            desk.drop(index, "general.link_line")


def link_lists(desk: Desk) -> None:
    """Runs of list items that are each mostly a link and no sentence, with the heading over them: a section's name that stands
    before a headline is not linked."""
    run: list[int] = []
    for index, passage in [*desk.open(), (-1, None)]:
        if (
            passage
            and passage.type is BlockType.LIST_ITEM
            and passage.link_density >= MIN_TEASER_DENSITY
            and not is_sentence(passage.text)
        ):
            run.append(index)
            continue
        if len(run) >= MIN_RUN:
            # Items that are nothing but a link are gone already.
            label = next((i for i in range(run[0] - 1, -1, -1) if desk.verdicts[i] is None), None)
            if label is not None and desk.passages[label].type is BlockType.HEADING:
                desk.drop(label, "general.link_list")
            for item in run:
                _note_related(desk, desk.passages[item])
                desk.drop(item, "general.link_list")
        run = []


def _in_prose_list(desk: Desk, index: int) -> bool:
    """A linked item among items that are text belongs to the article's own list."""
    if desk.passages[index].type is not BlockType.LIST_ITEM:
        return False
    around = [p for _, p in desk.open(max(0, index - 3), min(len(desk.passages), index + 4)) if p.type is BlockType.LIST_ITEM]
    return sum(p.link_density < 0.5 for p in around) > len(around) / 2


def repeats(desk: Desk) -> None:
    """A paragraph that stood before in the same words, as mobile twins and pull quotes do. The first one stays."""
    seen: set[str] = set()
    for index, passage in desk.open():
        if desk.prose[index] and len(passage.text) >= MIN_REPEAT_CHARS:
            key = letters(passage.text)
            if key in seen:
                desk.drop(index, "general.repeat")
            seen.add(key)
