"""Which zone a time is in, and what its offset was: by what the text says, by the publisher, by the country, or not at all.

Offsets come from `zoneinfo` and its history alone. A time inside a spring gap is read with the offset before it, one that an
autumn overlap repeats as the first of the two, as `datetime.fold` 0 has it; `irregularity` names both for a flag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipelines.normalizers.abbreviations import ABBREVIATIONS, RFC822
from pipelines.values import ZoneSource

# Zones where fewer than one in a hundred of their country's people live, or that are not official there: they do not
# make a country's time ambiguous. Sources: national census figures; tzdb's comments.
_MINOR_ZONES = frozenset(("Pacific/Chatham", "Pacific/Galapagos", "Pacific/Easter", "Asia/Urumqi", "Europe/Simferopol"))

# Top-level domains that differ from the country's ISO code, and country codes that are sold as words to anybody.
_TOP_LEVEL = {"uk": "GB", "ac": None, "su": None, "eu": None}
_GENERIC_TOP_LEVEL = frozenset((
    "ai", "am", "bz", "cc", "cd", "co", "cx", "dj", "fm", "ga", "gg", "gl", "gq", "gs", "ht", "im", "io", "je", "la", "li",
    "ly", "me", "ml", "ms", "mu", "nu", "pn", "pw", "sc", "sh", "so", "st", "tf", "tk", "to", "tv", "vc", "vg", "vu", "ws",
))  # fmt: skip

# A country that zone.tab lists under another's code: Kosovo's "XK" is the one that ISO 3166-1 leaves to its users.
_UNLISTED_COUNTRIES = {"XK": ("Europe/Belgrade",)}

# Languages whose press is at home in one country, or in several whose clocks are one: German (DE, AT, CH, LI, LU), Greek (GR, CY),
# Serbian (RS, BA, ME), Albanian (AL, XK, MK), Malay (MY, SG, BN), Tigrinya (ET, ER).
LANGUAGE_COUNTRY = {
    "am": "ET", "as": "IN", "az": "AZ", "be": "BY", "bg": "BG", "bs": "BA", "cs": "CZ", "cy": "GB", "da": "DK", "de": "DE",
    "dv": "MV", "dz": "BT", "el": "GR", "et": "EE", "fi": "FI", "fil": "PH", "ga": "IE", "gu": "IN", "he": "IL", "hi": "IN",
    "hr": "HR", "hu": "HU", "hy": "AM", "is": "IS", "it": "IT", "ja": "JP", "ka": "GE", "kk": "KZ", "km": "KH", "kn": "IN",
    "ko": "KR", "ky": "KG", "lb": "LU", "lo": "LA", "lt": "LT", "lv": "LV", "mg": "MG", "mk": "MK", "ml": "IN", "mr": "IN",
    "ms": "MY", "mt": "MT", "my": "MM", "nb": "NO", "ne": "NP", "nn": "NO", "no": "NO", "or": "IN", "pl": "PL", "rw": "RW",
    "si": "LK", "sk": "SK", "sl": "SI", "sq": "AL", "sr": "RS", "te": "IN", "tg": "TJ", "th": "TH", "ti": "ET", "tl": "PH",
    "tr": "TR", "uk": "UA", "uz": "UZ", "vi": "VN",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text was published, as far as it is known: language (primary subtag), country (ISO 3166-1), IANA zone.

    `of_language` is true where nothing but the language tells the country.
    """

    language: str | None = None
    country: str | None = None
    timezone: str | None = None
    of_language: bool = False


@lru_cache(maxsize=256)
def place_of(language: str | None, country: str | None, timezone: str | None, host: str | None = None) -> Place:
    """The place of a publisher: what is missing comes from the zone's country, the host, or the language's home."""
    primary = re.split("[-_]", language.lower())[0] if language else None
    found = country or (country_of_zone(timezone) if timezone else None) or (_country_of_host(host) if host else None)
    return Place(primary, found or LANGUAGE_COUNTRY.get(primary or ""), timezone, of_language=not found)


def zone_of(name: str) -> ZoneInfo | None:
    """The IANA zone of a name, or None."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def home_zone(wall: datetime, place: Place) -> tuple[tzinfo, ZoneSource] | None:
    """The zone of a time that names none: the publisher's, else the country's when all of it shows this time alike."""
    if place.timezone and (zone := zone_of(place.timezone)):
        return zone, ZoneSource.PUBLISHER
    zones = [ZoneInfo(name) for name in country_zones(place.country or "") if name not in _MINOR_ZONES]
    if zones and len({wall.replace(tzinfo=zone).utcoffset() for zone in zones}) == 1:
        return zones[0], ZoneSource.COUNTRY
    return None


def offsets_at(moment: datetime, place: Place) -> frozenset[timedelta]:
    """How far the place's clocks may stand from UTC at an aware moment: one offset, those of its country, or none known."""
    names = (
        [place.timezone]
        if place.timezone
        else [zone for zone in country_zones(place.country or "") if zone not in _MINOR_ZONES]
    )
    zones = [zone for name in names if (zone := zone_of(name))]
    return frozenset(offset for zone in zones if (offset := moment.astimezone(zone).utcoffset()) is not None)


def named_zone(name: str, wall: datetime, place: Place, *, rfc822: bool = False) -> tzinfo | None:
    """The zone that an abbreviation, an IANA name or `local` means at this place and time, or None if that is not sure."""
    if name == "local":
        home = home_zone(wall, place)
        return home[0] if home else None
    if "/" in name:
        return zone_of(name)
    own = _own_abbreviation(name, wall, place)
    if own is not None:
        return own
    meaning = _meanings(name).get(place.country or "*")
    if meaning is None and rfc822 and place.country is None and name in RFC822:
        return timezone(timedelta(hours=RFC822[name]))
    return _zone_of_value(meaning or _meanings(name).get("*"))


def irregularity(wall: datetime, zone: tzinfo) -> str | None:
    """`date.dst_gap` for a time that the zone's clocks skipped, `date.dst_overlap` for one that they showed twice."""
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return None
    there_and_back = first.astimezone(UTC).astimezone(zone)
    return "date.dst_overlap" if there_and_back.replace(tzinfo=None) == wall else "date.dst_gap"


@cache
def country_zones(country: str) -> tuple[str, ...]:
    """The IANA zones of a country, its main one first, from tzdata's zone.tab; empty for an unknown code."""
    return _UNLISTED_COUNTRIES.get(country) or tuple(zone for code, zone in _zone_table() if code == country)


@cache
def every_zone() -> dict[str, str]:
    """Every IANA zone that zone.tab lists to its country, a country's main zone before its others; Antarctica has no press."""
    return {zone: code for code, zone in _zone_table() if code != "AQ"}


@cache
def country_of_zone(name: str) -> str | None:
    """The country of an IANA zone, or None for a zone that zone.tab does not list (Etc/UTC, an old alias)."""
    return next((code for code, zone in _zone_table() if zone == name), None)


@cache
def _zone_table() -> tuple[tuple[str, str], ...]:
    text = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((row[0], row[2]) for row in rows)


def _country_of_host(host: str) -> str | None:
    top = host.partition(":")[0].rpartition(".")[2].lower()
    if top in _GENERIC_TOP_LEVEL or len(top) != 2:
        return None
    country = _TOP_LEVEL.get(top, top.upper())
    return country if country and country_zones(country) else None


def _own_abbreviation(name: str, wall: datetime, place: Place) -> tzinfo | None:
    """The publisher's own zone where it goes by this name, or its offset when it last did or next will, within half a year.

    A zone that calls itself MST or MDT also goes by MT: Arizona's MT has no summer time.
    """
    zone = zone_of(place.timezone) if place.timezone else None
    if zone is None:
        return None
    if len(name) == 2 and name[1] == "T" and wall.replace(tzinfo=zone).tzname() in (f"{name[0]}ST", f"{name[0]}DT"):
        return zone
    moments = [wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    try:
        moments += [(wall + timedelta(days=days)).replace(tzinfo=zone) for days in (-91, 91, -182, 182)]
    except OverflowError:
        return None
    offset = next((moment.utcoffset() for moment in moments if moment.tzname() == name), None)
    return timezone(offset) if offset is not None else None


@cache
def _meanings(name: str) -> dict[str, str]:
    """Country (or `*`) to value of one abbreviation."""
    rows = (meaning.split("=") for meaning in ABBREVIATIONS.get(name, "").split())
    return {country: value for countries, value in rows for country in countries.split(",")}


def _zone_of_value(value: str | None) -> tzinfo | None:
    if value is None:
        return None
    if "/" in value:
        return ZoneInfo(value)
    hours, _, minutes = value.lstrip("-").partition(":")
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-offset if value.startswith("-") else offset)
