"""Choices: the fields of an article with the candidates that its page offered, in order of trust, and where each stood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipelines.evidence import Metadata, Reading
from pipelines.explanation import Candidate, Choice
from pipelines.items import Draft, Page
from pipelines.publishers import Publisher
from pipelines.values import Author, DateEvidence

# A value that stands in more places than this stands in a state that scripts read; the first places say enough.
MAX_PLACES = 6
MAX_DEPTH = 4
# What a candidate's place is called that no markup holds.
_TEXT, _LISTING, _FILE, _PAGE = "a line of the text", "the listing", "the publisher file", "the page"
# What an article should have.
_WANTED = frozenset({"headline", "authors", "datePublished"})
# A field that is mostly empty although its candidates are the headline's.
_VARIANT = "alternativeHeadline"
# Between the parts of a candidate that is a list.
_AND = "; "
# What the head names by other tags than meta.
_NAMES = {"title": "title", "canonical": "link canonical", "amphtml": "link amphtml"}
# JSON-LD's long texts are no field's candidates.
_LONG = frozenset({"articleBody", "text"})
Offer = tuple[str | None, str | None]


def choices(draft: Draft, reading: Reading, page: Page, publisher: Publisher) -> list[Choice]:
    """The fields whose value was chosen among candidates. The draft must be this reading's outcome."""
    found, cleaned = reading.found, reading.cleaned
    places = _places(found)
    title = (page.link.title, _LISTING)
    offers: dict[str, tuple[list[str], list[Offer]]] = {
        "headline": (_some(draft.headline), [(found.heading, "the heading shown"), (cleaned.headline, _TEXT), *_read(found.headlines), title]),
        _VARIANT: (_some(draft.alternativeHeadline), [*_read(found.headlines), title]),
        "description": (_some(draft.description), [(cleaned.description, _TEXT), *_read(found.descriptions)]),
        "authors": ([author.name for author in draft.authors], [*_bylines(found.bylines), (_joined(cleaned.authors), _TEXT)]),
        "inLanguage": (_some(draft.inLanguage), [(found.language, "what the page declares"), (publisher.language, _FILE)]),
        "articleSection": (_some(draft.articleSection), [(found.section, None), (_last(found, cleaned.breadcrumbs), "the last breadcrumb")]),
        "keywords": (draft.keywords, [(_joined(found.keywords), None), (_joined(cleaned.keywords), _TEXT)]),
        "breadcrumbs": (
            [crumb.name for crumb in draft.breadcrumbs],
            [(_joined(crumb.name for crumb in trail), place) for trail, place in ((found.breadcrumbs, None), (cleaned.breadcrumbs, _TEXT))],
        ),
        "canonicalUrl": (_some(draft.canonicalUrl), [(found.canonical_url, None)]),
        "ampUrl": (_some(draft.ampUrl), [(found.amp_url, None)]),
        "type": ([draft.type], [(name, None) for name in found.types]),
        "mainImage": (_some(draft.mainImage.url if draft.mainImage else None), [(image.url, None) for image in found.images]),
        "copyrightNotice": (_some(draft.copyrightNotice), [(cleaned.copyright_notice, _TEXT), (found.copyright_notice, None)]),
        "syndication": (_some(draft.syndication.agency), [(cleaned.agency, _TEXT), (cleaned.syndicated_by, _TEXT), (found.agency, None), (found.is_based_on, None)]),
        "publisher": (_some(draft.publisher.name), [(publisher.name, _FILE), *_read(found.site_names)]),
    }  # fmt: skip
    told = [Choice(name, chosen, list(_candidates(chosen, offered, places))) for name, (chosen, offered) in offers.items()]
    dated = _dates(draft, {clue.raw: clue.where for clue in (*cleaned.dates, *found.dates)})
    return [choice for choice in (*told[:4], *dated, *told[4:]) if choice.chosen or _is_missed(choice)]


def _is_missed(choice: Choice) -> bool:
    """Whether a field without a value is worth telling: it had candidates, or a reader will look for it."""
    return choice.field in _WANTED or (bool(choice.candidates) and choice.field != _VARIANT)


def _candidates(chosen: list[str], offers: Iterable[Offer], places: Mapping[str, list[str]]) -> Iterator[Candidate]:
    """The offers in order, each value once; the first that says what was chosen is the chosen one."""
    given: dict[str, list[str]] = {}
    for value, place in offers:
        if value:
            given.setdefault(value, []).extend([place] if place else [])
    taken = False
    for value, where in given.items():
        says = bool(chosen) and all(_letters(part) in _letters(value) for part in chosen)
        exact = _letters("".join(chosen)) == _letters(value)
        why = "" if not says else "says the same" if taken else "" if exact else "taken in part, or cleaned"
        standing = [place for part in value.split(_AND) for place in places.get(_letters(part), [])]
        yield Candidate(value, list(dict.fromkeys([*where, *standing]))[:MAX_PLACES] or [_PAGE], says and not taken, why)
        taken = taken or says


def _dates(draft: Draft, places: Mapping[str, str]) -> Iterator[Choice]:
    for name, chosen in (("datePublished", draft.datePublished), ("dateModified", draft.dateModified)):
        evidence = [each for each in draft.dateEvidence if each.field == name]
        yield Choice(name, _some(chosen), [_dated(each, places) for each in evidence])


def _dated(each: DateEvidence, places: Mapping[str, str]) -> Candidate:
    zone = f", zone: {each.zoneSource}" if each.zoneSource else ""
    read_as = f"{each.utc}, to the {each.precision}{zone}" if each.utc else None
    where = dict.fromkeys([str(each.source), places.get(each.raw, str(each.source))])
    return Candidate(each.raw, list(where), each.chosen, each.why, read_as)


def _places(found: Metadata) -> dict[str, list[str]]:
    """Where in the markup each value stands, by the value's letters: `meta og:title`, `jsonld author.name`."""
    places: dict[str, list[str]] = {}
    named = [(value, _NAMES.get(name, f"meta {name}")) for name, values in found.declared.items() for value in values]
    for value, place in (*named, *_leaves(found.node, "")):
        known = places.setdefault(_letters(value), [])
        if place not in known:
            known.append(place)
    return places


def _leaves(value: Any, path: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every text of a JSON-LD node with its path."""
    if isinstance(value, str):
        yield value, f"jsonld {path}"
    elif isinstance(value, Mapping) and depth < MAX_DEPTH:
        for key, inner in value.items():
            if key not in _LONG:
                yield from _leaves(inner, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path, depth + 1)


def _read(values: Iterable[str]) -> list[Offer]:
    return [(value, None) for value in values]


def _bylines(sources: Iterable[Iterable[Author]]) -> list[Offer]:
    return [(_joined(author.name for author in byline), None) for byline in sources]


def _joined(texts: Iterable[str]) -> str:
    return _AND.join(texts)


def _last(found: Metadata, trail: list[Any]) -> str | None:
    crumbs = trail or found.breadcrumbs
    return crumbs[-1].name if len(crumbs) > 1 else None


def _some(value: str | None) -> list[str]:
    return [value] if value else []


def _letters(value: str) -> str:
    return re.sub(r"[\W_]+", "", value).casefold()
