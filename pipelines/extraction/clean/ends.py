"""What stands below a text: comments, credits, copyright, headings without text, the agency's sign-off."""

from __future__ import annotations

import re

from pipelines.agencies import agency_of
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


def credits(desk: Desk) -> None:
    """Reporting credits, sources and notes on the author among the last passages; they end where prose begins, from below."""
    for index in range(len(desk.passages) - 1, -1, -1):
        passage = desk.passages[index]
        if desk.verdicts[index] is not None:
            continue
        if len(passage.text) <= MAX_CREDIT_CHARS and phrases.CREDIT_LINE.match(passage.text):
            agency = next((a for part in re.split(r"[,;:/()]|\band\b", passage.text) if (a := agency_of(part))), None)
            desk.agency = desk.agency or agency
            desk.drop(index, "general.credit")
        elif desk.prose[index]:
            return


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
