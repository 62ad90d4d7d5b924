"""The world's date strings, place by place: what each says, and what says nothing."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from pipelines.normalizers.dates import resolve_text
from pipelines.publishers import Publisher

Place = tuple[str | None, str | None, str | None]

NOW: Final = datetime(2025, 8, 13, 12, tzinfo=UTC)
READERS: Final[tuple[Place, ...]] = (
    (None, None, None),
    ("en", "US", "America/New_York"),
    ("en", "GB", "Europe/London"),
    ("de", "DE", "Europe/Berlin"),
)


def table() -> tuple[dict[Place, dict[str, str | None]], list[str]]:
    """Each place's texts with their local times, and the texts that are no date for anybody."""
    texts: dict[Place, dict[str, str | None]] = defaultdict(dict)
    nothing: list[str] = []
    for line in (Path(__file__).parent / "fixtures" / "date_texts.tsv").read_text(encoding="utf-8").split("\n"):
        if not line or line.startswith("# "):
            continue
        *place, local, raw = line.split("\t")
        if place == ["*", "*", "*"]:
            nothing.append(raw)
        else:
            language, country, zone = (None if each == "-" else each for each in place)
            texts[language, country, zone][raw] = None if local == "-" else local
    return dict(texts), nothing


def labels() -> list[tuple[str, list[str], list[str]]]:
    """Each language's labels of a publication and of a change."""
    lines = (Path(__file__).parent / "fixtures" / "date_labels.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return [(language, published.split("|"), modified.split("|")) for language, published, modified in rows]


TEXTS, NO_DATES = table()
LABELS: Final = labels()


def local_time(raw: str, place: Place) -> str | None:
    """The publication that a text gives at a place, by the place's clock (UTC where none is known), seconds where it has some."""
    language, country, zone = place
    dates = resolve_text(raw, Publisher(id="text", language=language, country=country, timezone=zone), now=NOW)
    if dates.published is None:
        return None
    shown = dates.published.astimezone(ZoneInfo(zone) if zone else UTC)
    return shown.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")


@pytest.mark.parametrize("place", TEXTS, ids=lambda place: "-".join(str(each).replace("/", "_") for each in place))
def test_the_texts_of_a_place_give_their_local_times(place: Place) -> None:
    said = TEXTS[place]
    assert {raw: local_time(raw, place) for raw in said} == said


@pytest.mark.parametrize(("language", "published", "modified"), LABELS, ids=[language for language, *_ in LABELS])
def test_labels_tell_the_publication_from_the_last_change(language: str, published: list[str], modified: list[str]) -> None:
    texts = [f"{label}: 2025-08-13 10:15 {published[0]}: 2025-08-13 08:03" for label in modified]
    texts += [f"{modified[0]}: 2025-08-13 10:15 {label}: 2025-08-13 08:03" for label in published]
    assert {raw: found for raw in texts if (found := local_time(raw, (language, None, "UTC"))) != "2025-08-13 08:03"} == {}


def test_the_texts_are_of_more_than_sixty_languages() -> None:
    assert len({language for language, _, _ in TEXTS}) > 60
    assert sum(map(len, TEXTS.values())) > 1300


@pytest.mark.parametrize("place", READERS)
def test_what_only_looks_like_a_date_gives_none(place: Place) -> None:
    assert {raw: found for raw in NO_DATES if (found := local_time(raw, place))} == {}
