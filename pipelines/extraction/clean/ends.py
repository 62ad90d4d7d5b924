"""What stands below a text: comments, credits, copyright, headings without text, the agency's sign-off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipelines.agencies import agency_of
from pipelines.evidence import Passage
from pipelines.extraction.clean import phrases
from pipelines.extraction.clean.desk import Desk, letters
from pipelines.values import BlockType

# The share of the page's text above a comments heading before what is below it counts as comments.
COMMENTS_SHARE = 0.5
MAX_CREDIT_CHARS = 420
# More headings in a row are a list that the page writes as headings.
MAX_TRAILING_HEADINGS = 2
# "in News", "3 comments": a linked item below the text that is shorter than this is about the text.
MAX_META_CHARS = 30
# A request or a note on the author may be a paragraph.
MAX_CLOSING_CHARS, MAX_BIO_PASSAGES = 700, 4
_IS = re.compile(r",?\s+(?:is|are|was|has|writes|covers|reports|joined|ist|war|schreibt|arbeitet|est|es|è|é|är|er)\b")
_INITIALS = re.compile(r"[(\[]?[a-zäöüß]{2,5}(?:[/,]\s?[a-zäöüß]{2,5}){0,3}[)\]]|[a-zäöüß]{2,4}(?:/[a-zäöüß]{2,4}){1,3}")
_SIGN_OFF = re.compile(
    r"\s*(?:\|\s*(?P<pipe>[\w.-]{2,20})|[—–-]\s*(?P<dash>[\w. -]{2,24})|[(\[]\s*(?P<bracket>[^()\[\]]{2,40})[)\]]?|/\s*(?P<slash>[^()\[\]/]{2,40})/?)\s*$"
)


def comments(desk: Desk) -> None:
    """A comments heading below half of the text, and all below it; above that, the heading alone."""
    total = sum(len(p.text) for p in desk.passages) or 1
    above = 0
    for index, passage in desk.open():
        if phrases.COMMENTS.match(passage.text):
            if above > COMMENTS_SHARE * total and passage.type is BlockType.HEADING:
                desk.drop_from(index, "general.comments")
                return
            desk.drop(index, "general.comments")
        above += len(passage.text)


def author(desk: Desk) -> None:
    """A label about the author below the text, with what it heads."""
    for index, passage in desk.open(desk.first_prose + 1):
        if phrases.ABOUT_AUTHOR.match(passage.text) and len([*desk.open(index + 1)]) <= MAX_BIO_PASSAGES:
            desk.drop_from(index, "general.author")
            return


def closing(desk: Desk) -> None:
    """What stands below the text about it: requests to the reader, copyright, credits and sources, who wrote it. It ends where
    other prose begins, from below."""
    names = {a.name for byline in desk.metadata.bylines for a in byline if " " in a.name.strip()}
    for index, passage in _from_below(desk):
        words = passage.text
        if len(words) <= MAX_CREDIT_CHARS and phrases.CREDIT_LINE.match(words):
            agency = next((a for part in re.split(r"[,;:/()]|\band\b", words) if (a := agency_of(part))), None)
            desk.agency = desk.agency or agency
            desk.drop(index, "general.credit")
        elif _INITIALS.fullmatch(words) or (len(words) <= MAX_CLOSING_CHARS and _is_about(words, names)):
            desk.drop(index, "general.author")
        elif len(words) <= MAX_CLOSING_CHARS and (phrases.PROMPT.match(words) or phrases.asks(words)):
            desk.drop(index, "general.prompt")
        elif len(words) <= MAX_CLOSING_CHARS and phrases.claims_rights(words):
            desk.copyright_notice = desk.copyright_notice or words
            desk.drop(index, "general.copyright")
        elif desk.prose[index]:
            return


def _is_about(words: str, names: Iterable[str]) -> bool:
    return any(words.startswith(name) and _IS.match(words[len(name) :]) for name in names)


def _from_below(desk: Desk) -> Iterator[tuple[int, Passage]]:
    """The passages without a verdict, the last first."""
    yield from ((i, desk.passages[i]) for i in range(len(desk.passages) - 1, -1, -1) if desk.verdicts[i] is None)


def leftovers(desk: Desk) -> None:
    """Headings with nothing below them, marks without letters, wherever they were left."""
    for index, passage in desk.open():
        if not letters(passage.text):
            desk.drop(index, "general.mark")
    last = desk.last_prose
    for index, passage in desk.open(last + 1 if last >= 0 else len(desk.passages)):
        if passage.type is BlockType.LIST_ITEM and passage.anchors and len(passage.text) < MAX_META_CHARS:
            desk.drop(index, "general.meta")
    trailing = [index for index, passage in desk.open(last + 1) if passage.type is BlockType.HEADING]
    if len(trailing) <= MAX_TRAILING_HEADINGS and len(trailing) == sum(1 for _ in desk.open(last + 1)):
        for index in trailing:
            desk.drop(index, "general.last_heading")


def sign_off(desk: Desk) -> None:
    """The agency's name at the end of the last passage, cut from it: "… workers. | BGNES"."""
    last = max((i for i, _ in desk.open()), default=-1)
    if last < 0:
        return
    words = desk.passages[last].text
    found = _SIGN_OFF.search(words)
    name = found and (found["pipe"] or found["dash"] or found["bracket"] or found["slash"])
    if not found or not name:
        return
    agency = agency_of(name) or next((a for part in re.split(r"[,/;]", name) if (a := agency_of(part))), None)
    if agency is None and found["pipe"] and name.isupper():
        agency = name
    if agency is None:
        return
    desk.agency = desk.agency or agency
    if found.start():
        desk.cut(last, words[: found.start()].rstrip(), "general.sign_off")
    else:
        desk.drop(last, "general.sign_off")
