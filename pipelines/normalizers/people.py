"""People: bylines to names. Titles, prepositions and addresses go; agencies and houses are told apart from people."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.agencies import agency_of
from pipelines.values import Author, AuthorType

_LEAD = re.compile(
    r"^\W*(?:(?:posted|written|reported|published|updated|edited|compiled|story|text|words|analysis|opinion|review|report|interview|column|commentary)\s+)?"
    r"(?:(?:by|von|vom|par|por|di|da|door|av|af|przez|autor(?:in|es|e)?|author|автор|от|oleh|bởi|tác giả|szerző|作者|文|記者|记者|撰文|بقلم|लेखक)\s*[:：]?)\s+",
    re.I,
)
_SPLIT = re.compile(r"\s*(?:;|\||•|·|、|，|\n|\s/\s|\s+(?:and|und|y|e|et|og|och|en|i|и|і|та|with|mit|avec|con|com|&)\s+)\s*")
# Behind the name: what someone does, where, when; an address; what an agency adds in brackets.
_RANKS = (
    r"(?:(?:senior|chief|staff|special|deputy|associate|assistant|digital|political|sports?|business|world|news|science|health|foreign|diplomatic|"
    r"ap|afp|reuters|cnn|bbc|the)\s+)*"
)
_ROLES = (
    r"(?:reporter|correspondent|editor(?:ial)?|writer|journalist|columnist|contributor|producer|photographer|analyst|redakteur(?:in)?|korrespondent(?:in)?|"
    r"journaliste|rédact\w+|periodista|redactor\w*|giornalista|jornalista|redaktor\w*|special to)"
)
# A desk without a comma before it belongs to the house's name: "NDTV News Desk", "Reuters Staff".
_TAIL = re.compile(rf"\s*(?:(?:[|,(–—]\s*|\s-\s*){_RANKS}(?:{_ROLES}|bureau|desk|staff)|\s+{_RANKS}{_ROLES})\b.*$", re.I)
_ROLE = re.compile(rf"{_RANKS}(?!editorial){_ROLES}", re.I)
_NOISE = re.compile(
    r"(?:\bhttps?://\S+|\bwww\.\S+|\S+@\S+\.\w+|(?<!\w)@\w+|\b(?:updated|published|posted|on)\s*:?\s+\w{3,9}\.?\s+\d.*$|\d{1,2}[:.h]\d{2}.*$|\b\d{1,2}[./ -]\w+[./ -]\d{2,4}.*$|"
    r"\bview (?:profile|bio|all).*$|\bfollow\b.*$|\bmore (?:articles|from).*$)",
    re.I,
)
_ORGANIZATION = re.compile(
    r"\b(?:news|newsroom|staff|desk|bureau|team|editorial|editors?|agenc\w+|agentur|press|media|magazine|times|post|herald|tribune|journal|gazette|daily|redaktion|rédaction|redacci[oó]n|"
    r"redazione|redação|redactie|redaksjon\w*|redakcja|redakce|редакц\w+|radio|tv|television|online|network|correspondents?|reporters?|service|wire|admin|contributors?|inc|ltd|gmbh|com|org|net)\b",
    re.I,
)
_NOT_A_NAME = re.compile(
    r"[<>{}=]|\d{3,}|^(?:author|authors?|by|unknown|anonymous|guest|user|editor|none|null|undefined|share|follow|profile|about|contact|humans?\.txt)$",
    re.I,
)
_SUFFIX = re.compile(r"^(?:jr|sr|ii|iii|iv|md|phd|ph\.d|esq|m\.d)\.?$", re.I)
# A byline of many names has some hundred characters; what is far longer is a text that stands in the wrong place.
MAX_BYLINE_CHARS = 1000
MAX_NAME_CHARS = 60
MAX_NAME_WORDS = 6


def authors_of(sources: Iterable[Iterable[Author]], site_names: Iterable[str] = ()) -> list[Author]:
    """The authors in order, each once: those of the first source that names a person, else of the first that names anyone.

    The sources of one page (JSON-LD, meta tags, visible bylines) repeat each other in worse spellings, so they are not joined.
    """
    houses = {_key(name) for name in site_names}
    read = [list({_key(a.name): a for byline in source for a in _parts(byline, houses)}.values()) for source in sources]
    with_people = next((authors for authors in read if any(a.type is AuthorType.PERSON for a in authors)), None)
    return with_people or next((authors for authors in read if authors), [])


def _parts(byline: Author, houses: set[str]) -> Iterable[Author]:
    if len(byline.name) > MAX_BYLINE_CHARS:
        return
    words = _NOISE.sub(" ", " ".join(byline.name.split()))
    words = _LEAD.sub("", words).strip(" ,.:;|-–—")
    for part in _comma_parts([p for p in _SPLIT.split(words) if p]):
        name = _name(part)
        if name:
            kind = AuthorType.ORGANIZATION if _key(name) in houses else _type(name, byline.type)
            yield Author(name, byline.nameRaw, byline.url, kind)


def _comma_parts(parts: list[str]) -> list[str]:
    """Commas part names where each part has two words; "Surname, Name" and "Name, Jr." are one."""
    found: list[str] = []
    for part in parts:
        pieces = [piece.strip() for piece in re.split(r",(?!\s*(?:jr|sr|ii|iii)\b)", part, flags=re.I) if piece.strip()]
        if len(pieces) == 2 and all(len(piece.split()) == 1 for piece in pieces):
            found.append(f"{pieces[1]} {pieces[0]}")
        else:
            found += pieces
    return found


def _name(part: str) -> str | None:
    name = re.sub(r"\s*\([^()]*\)?\s*$", "", _LEAD.sub("", _TAIL.sub("", part))).strip(" ,.:;|()[]-–—\"'“”")
    if (
        not 2 <= len(name) <= MAX_NAME_CHARS
        or len(name.split()) > MAX_NAME_WORDS
        or _NOT_A_NAME.search(name)
        or _SUFFIX.match(name)
        or _ROLE.fullmatch(part.strip())
    ):
        return None
    if name.isupper() and len(name.split()) > 1 and not agency_of(name):
        name = " ".join(_capitalised(word) for word in name.split())
    return name


def _capitalised(word: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda found: found[0] if len(found[0]) == 1 else found[0].capitalize(), word)


def _type(name: str, given: AuthorType) -> AuthorType:
    if given is AuthorType.ORGANIZATION or agency_of(name) or _ORGANIZATION.search(name):
        return AuthorType.ORGANIZATION
    # A login: one lower-case word, as blog systems print it.
    return AuthorType.ACCOUNT if re.fullmatch(r"[a-z0-9_.-]{3,}", name) else AuthorType.PERSON


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
