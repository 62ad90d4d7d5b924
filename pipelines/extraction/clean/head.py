"""What stands above a text: its headline, dates, bylines, breadcrumbs, standfirst and captions."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from pipelines.agencies import agency_of
from pipelines.evidence import DateClue, Passage
from pipelines.extraction.clean import phrases
from pipelines.extraction.clean.desk import Desk, is_sentence, letters
from pipelines.names import LEAD, STANDFIRST
from pipelines.values import BlockType, Breadcrumb, DateSource, Media

# Labels of a dateline; the publication's alone may be cut from the raw string, a modification's says what the time is.
_PUBLISHED_WORDS = (
    r"first published|published|posted|created|issued|date|publié|veröffentlicht|erstellt|publicado|pubblicato|gepubliceerd|publicerad|publisert|"
    r"udgivet|julkaistu|opublikowano|publikováno|közzétéve|publicat|опубликовано|публикувана?|опубліковано|δημοσιεύτηκε|yayın\w*|diterbitkan|đăng|发布|發布|"
    r"公開|掲載|입력|نشر|تاريخ|प्रकाशित"
)
_MODIFIED_WORDS = (
    r"updated|last (?:updated|modified)|mis à jour|modifié|aktualisiert|stand|actualizado|atualizado|aggiornato|bijgewerkt|uppdaterad|oppdatert|"
    r"opdateret|päivitetty|aktualizacja|frissítve|actualizat|обновлено|обновена?|оновлено|güncelle\w*|更新|수정|آخر تحديث|अपडेट"
)
_PUBLISHED_LABEL = re.compile(rf"^\W*(?:{_PUBLISHED_WORDS})\b(?:\s+(?:on|am|le|el|il|op|den))?\s*[:：|,–-]?\s*", re.I)
_MODIFIED_LABEL = re.compile(rf"\b(?:{_MODIFIED_WORDS})\b", re.I)
_DATE_LABEL = re.compile(rf"^\W*(?:{_PUBLISHED_WORDS}|{_MODIFIED_WORDS})\b", re.I)
_CLOCK = r"\d{1,2}[:.hH]\d{2}"
_DATE_LINE = re.compile(
    rf"(?:(?:19|20)\d\d|{_CLOCK}).*\d|\d.*(?:(?:19|20)\d\d|{_CLOCK})|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|[०-९๐-๙٠-٩۰-۹]{{2,4}}"
)
# SEOUL, Aug 13 (Yonhap) — ; WASHINGTON (AP) — ; Associated Press style: place in capitals, then the agency.
_DATELINE = re.compile(
    r"^(?P<place>(?:[A-ZÀ-ÞА-Я][A-ZÀ-ÞА-Я.'’-]+|[A-Z]\.)(?:[ ,/]+(?:[A-ZÀ-ÞА-Я][\w.'’-]*|[a-z]{2,3}(?= [A-ZÀ-Þ])))*?)(?:,? \w{3,9}\.? \d{1,2}(?:, \d{4})?)?"
    r"(?:\s*\((?P<agency>[^()]{2,30})\))?\s*(?:[—–:]|--?)\s*(?=[\w\"“'‘])"
)
_SIGNED = re.compile(r"[.!?…\"”»]\s*\(([^()]{2,40})\)\W*$")
MAX_HEAD_PASSAGES = 25
MIN_STANDFIRST_CHARS, MAX_STANDFIRST_CHARS, MAX_LEAD_CHARS = 30, 600, 1000
MAX_DATE_CHARS = 100
# So many paragraphs of prose in one box make it the text's.
MIN_COLUMN = 3
MAX_DATE_WORDS = 14
# Linked list items above a text, shorter than this, are a meta line's: the section, the author's page.
MAX_KICKER_CHARS = 30


def headline(desk: Desk) -> None:
    """The passages above the text that repeat the headline."""
    wanted = {letters(t) for t in [desk.metadata.heading or "", *desk.metadata.headlines] if t}
    wanted.discard("")
    for index, passage in desk.open(0, min(MAX_HEAD_PASSAGES, len(desk.passages))):
        key = letters(passage.text)
        if key and (key in wanted or (passage.type is BlockType.HEADING and _is_variant(key, wanted))):
            desk.headline = desk.headline or passage.text
            desk.drop(index, "general.headline")


def above_headline(desk: Desk) -> None:
    """The furniture above the headline, once dates and breadcrumbs have been read from it."""
    last = max((index for index, verdict in enumerate(desk.verdicts) if verdict == "general.headline"), default=0)
    for index, _ in desk.open(0, last):
        if not desk.prose[index] and index != desk.lead:
            desk.drop(index, "general.above_headline")


def _is_variant(key: str, wanted: set[str]) -> bool:
    """A headline with the site's name behind it, or without its kicker."""
    return len(key) > 20 and any(
        (key in other or other in key) and min(len(key), len(other)) > 0.6 * max(len(key), len(other)) for other in wanted
    )


def dates(desk: Desk) -> None:
    """Lines above or below the text that are a date, or that a label says are one. They are evidence; related lists are gone."""
    first, last = desk.first_prose, desk.last_prose
    for index, passage in desk.open():
        words = passage.text
        if (
            first <= index <= last
            or passage.type is BlockType.HEADING
            or len(words) > MAX_DATE_CHARS
            or len(words.split()) > MAX_DATE_WORDS
            or not re.search(r"\d", words)
        ):
            continue
        labelled = bool(_DATE_LABEL.search(words))
        if (labelled or index < first) and (_DATE_LINE.search(words) or labelled) and not desk.prose[index]:
            desk.dates.append(_clue(words, index))
            desk.drop(index, "general.dateline" if labelled else "general.date")


def _clue(words: str, index: int) -> DateClue:
    if _PUBLISHED_LABEL.match(words) and not _MODIFIED_LABEL.search(words):
        return DateClue(_PUBLISHED_LABEL.sub("", words), DateSource.VISIBLE, f"passage {index}", "datePublished")
    return DateClue(words, DateSource.VISIBLE, f"passage {index}")


def furniture(desk: Desk) -> None:
    """Breadcrumbs, bylines, kickers of one or two words, stray list marks above the text."""
    names = {letters(a.name) for byline in desk.metadata.bylines for a in byline if " " in a.name.strip()}
    for index, passage in desk.open(0, desk.first_prose):
        words = passage.text
        if passage.type is BlockType.TABLE:
            continue
        parts = [part.strip() for part in re.split(r"\s+[/›»>|]\s+", words)]
        byline = phrases.BYLINE.match(words)
        if len(parts) > 2 and all(len(part) < 160 for part in parts):
            _note_breadcrumbs(desk, parts, passage)
            desk.drop(index, "general.breadcrumb")
        elif byline and not is_sentence(words) and len(words) < 110:
            desk.authors.append(byline["name"])
            desk.drop(index, "general.byline")
        elif letters(words) in names:
            desk.drop(index, "general.byline")
        elif len(letters(words)) < 3 or (
            passage.anchors and passage.type is BlockType.LIST_ITEM and len(words) < MAX_KICKER_CHARS
        ):
            desk.drop(index, "general.mark")


def _note_breadcrumbs(desk: Desk, parts: list[str], passage: Passage) -> None:
    urls = {anchor.text: anchor.url for anchor in passage.anchors}
    titles = {letters(t) for t in (desk.headline or "", *desk.metadata.headlines)}
    desk.breadcrumbs += [Breadcrumb(part, urls.get(part)) for part in parts if letters(part) not in titles]


def lead(desk: Desk) -> None:
    """A standfirst of several sentences: the text goes on from it, so that it stays. What stands below it is still the head."""
    for index, passage in desk.open(0, min(desk.first_prose + 1, len(desk.passages))):
        if passage.is_lead and len(passage.text) <= MAX_LEAD_CHARS and _is_standfirst(desk, index):
            desk.passages[index] = replace(passage, type=BlockType.PARAGRAPH, level=None)
            desk.prose[index], desk.lead = False, index
            return


def standfirst(desk: Desk) -> None:
    """The line between headline and text that sums it up: a heading, or a passage whose element is named so. Without one, the
    lead is the description."""
    first = desk.first_prose
    for index, passage in desk.open(0, min(first + 1, len(desk.passages))):
        if not passage.is_lead and len(passage.text) <= MAX_STANDFIRST_CHARS and _is_standfirst(desk, index):
            desk.description = passage.text
            desk.drop(index, "general.standfirst")
            break
    if desk.lead is not None:
        desk.prose[desk.lead] = True
        desk.description = desk.description or desk.passages[desk.lead].text
        desk.stays()


def _is_standfirst(desk: Desk, index: int) -> bool:
    passage = desk.passages[index]
    below = next((p for i, p in desk.open(index + 1) if desk.prose[i]), None)
    if below is None:
        return False
    if any((LEAD if passage.is_lead else STANDFIRST).search(name) for name in passage.around[:1]):
        return True
    if passage.type is BlockType.HEADING and index < desk.first_prose and len(passage.text) >= MIN_STANDFIRST_CHARS:
        return True
    # What stands in one box with the text below it is part of that.
    if not passage.around or not below.around or passage.around[1:2] == below.around[1:2]:
        return False
    declared = {letters(description) for description in desk.metadata.descriptions}
    return letters(passage.text) in declared or (passage.is_lead and bool(LEAD.search(passage.around[1])))


def captions(desk: Desk) -> None:
    """Passages that are a known figure's caption, or that end in a photo credit."""
    known = {letters(image.caption) for image in desk.metadata.images if image.caption}
    last = max((i for i, _ in desk.open()), default=-1)
    column = Counter(passage.around[1:] for index, passage in desk.open() if desk.prose[index] and passage.around)
    for index, passage in desk.open():
        key = letters(passage.text)
        # An image may be captioned with the report's first sentence, which stands in one box with the others.
        is_text = index == desk.first_prose and column[passage.around[1:]] >= MIN_COLUMN
        if is_text and not passage.text.endswith((")", "]")):
            continue
        if len(key) > 12 and any(
            key == caption
            or (caption and key in caption)
            or (len(caption) > 25 and key.startswith(caption) and len(key) < len(caption) + 60)
            for caption in known
        ):
            desk.drop(index, "general.caption")
        elif (
            len(passage.text) < 400
            and phrases.credits_photo(passage.text)
            and passage.type is not BlockType.LIST_ITEM
            and not (index == last and _is_signed(passage.text))
        ):
            desk.images.append(Media(None, passage.text))
            desk.drop(index, "general.photo_credit")


def _is_signed(words: str) -> bool:
    """Whether a sentence with an agency behind it in brackets ends the text: it is a report's sign-off, no photo's credit."""
    found = _SIGNED.search(words)
    return bool(found and any(agency_of(part) for part in re.split(r"[,/;]", found[1])))


def dateline(desk: Desk) -> None:
    """The place that opens the first paragraph, and the agency behind it. The text keeps them: they are part of the report."""
    index = desk.first_prose
    if index < len(desk.passages) and (found := _DATELINE.match(desk.passages[index].text)) and len(found["place"]) <= 40:
        desk.dateline = found["place"].strip(" ,")
        if found["agency"] and (agency := agency_of(found["agency"])):
            desk.agency = desk.agency or agency
