"""The quality baseline over the example newsroom. A figure may rise here, and may not fall; the benchmarks measure real pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.newsroom_pages import EXPECTED, article_of


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def body(row: dict[str, Any]) -> str:
    return "\n".join(block["text"] for block in row["blocks"])


def precision(found: dict[str, Any], expected: dict[str, Any]) -> float:
    return (words(body(found)) & words(body(expected))).total() / words(body(found)).total()


def recall(found: dict[str, Any], expected: dict[str, Any]) -> float:
    return precision(expected, found)


def equal(name: str) -> Callable[[dict[str, Any], dict[str, Any]], float]:
    return lambda found, expected: float(found[name] == expected[name])


def named(found: dict[str, Any], expected: dict[str, Any]) -> float:
    return float([author["name"] for author in found["authors"]] == [author["name"] for author in expected["authors"]])


@pytest.mark.parametrize(
    ("measure", "floor"),
    [
        (lambda found, expected: float(body(found) == body(expected)), 1.0),
        (precision, 1.0),
        (recall, 1.0),
        (equal("headline"), 1.0),
        (equal("datePublished"), 1.0),
        (named, 1.0),
    ],
    ids=["body exact", "body precision", "body recall", "headline", "instant", "authors"],
)
def test_a_figure_over_the_newsroom_does_not_fall(
    measure: Callable[[dict[str, Any], dict[str, Any]], float], floor: float
) -> None:
    assert sum(measure(article_of(url), row) for url, row in EXPECTED.items()) / len(EXPECTED) >= floor


def test_a_date_is_null_rather_than_guessed() -> None:
    undated = [url for url, row in EXPECTED.items() if row["datePublished"] is None]
    assert undated
    assert {article_of(url)["datePublished"] for url in undated} == {None}
