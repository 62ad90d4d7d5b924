"""Measures: one page's article beside its truth, and the averages over a set. Each figure has its published definition.

- Body: the shingles of Zyte's article-extraction-benchmark (https://github.com/scrapinghub/article-extraction-benchmark): runs of four
  words as a multiset; precision and recall are means over pages, F1 is made of the two means, `exact` is equality word by word.
- Authors: F1 over the sets of names of a page, as Fundus' evaluation scores lists (https://github.com/flairNLP/fundus).
- Segments: texts that must and must not be in the body, counted over all pages, as in trafilatura's own evaluation
  (https://trafilatura.readthedocs.io/en/latest/evaluation.html).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from benchmarks.truths import Truth

SHINGLE = 4
# Scripts that put no space between words: each character counts as one.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(r"\w+")
_WORD_OR_SIGN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_INVISIBLE = dict.fromkeys([0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF])
# Quotation marks and dashes that publishers' systems exchange for each other, and marks that nobody sees.
_FOLDED = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛´`", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00ad\u200b\u200e\u200f\ufeff", None),
    }
)
# A standfirst that the body begins with in so many characters is there already.
OPENING_CHARS = 60
# The sums of the segments' counts; every other column is a mean.
_COUNTS = ("found", "missed", "false", "avoided")


def scores(truth: Truth, article: Mapping[str, Any]) -> dict[str, float]:
    """The page's figures by name, as far as the truth has them; an empty article scores zero."""
    row: dict[str, float] = {}
    body = article.get("articleBody") or ""
    if truth.body is not None:
        row |= _best_body(truth, body, article.get("description") or "")
    if truth.must or truth.must_not:
        row |= _segments(truth, body)
    if truth.headline:
        shown, variant = (_folded(article.get(key)) for key in ("headline", "alternativeHeadline"))
        wanted = _folded(truth.headline)
        row |= {"headline": float(wanted == shown), "headlineAny": float(wanted in (shown, variant))}
    if truth.authors:
        row |= _authors(truth.authors, [author.get("name") for author in article.get("authors") or []])
    if truth.published:
        row |= _instant(truth.published, article.get("datePublished"))
    return row


def averages(rows: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Each figure over the pages that have it, in the order of their first appearance; F1 of the means, segments of the sums."""
    columns: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    counts = [sum(columns.pop(name, [])) for name in _COUNTS]
    figures = {name: sum(values) / len(values) for name, values in columns.items()}
    if "recall" in figures:
        precision = figures.setdefault("precision", 0.0)
        figures = {"F1": _f1(precision, figures["recall"]), **figures}
    if any(counts):
        found, missed, false, avoided = counts
        figures["segmentPrecision"] = found / (found + false) if found + false else 0.0
        figures["segmentRecall"] = found / (found + missed) if found + missed else 0.0
        figures["segmentF1"] = 2 * found / (2 * found + false + missed) if found + false + missed else 0.0
        figures["segmentAccuracy"] = (found + avoided) / sum(counts)
    return figures


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _best_body(truth: Truth, body: str, standfirst: str) -> dict[str, float]:
    """The body's figures; where the truth has the standfirst in its body, with the article's own before it or without."""
    wanted = truth.body or ""
    rows = [_body(wanted, body, truth.is_spaced)]
    if truth.with_standfirst and standfirst and not body.startswith(standfirst[:OPENING_CHARS]):
        rows.append(_body(wanted, f"{standfirst}\n{body}", truth.is_spaced))
    return max(rows, key=lambda row: row["pageF1"])


def _body(wanted: str, body: str, is_spaced: bool) -> dict[str, float]:
    """A page without a text has no precision, a truth without one no recall: they are left out of the means."""
    want, have = words(wanted, is_spaced), words(body, is_spaced)
    wanted_runs, runs = shingles(want), shingles(have)
    hit, total, due = (wanted_runs & runs).total(), runs.total(), wanted_runs.total()
    row: dict[str, float] = {}
    if total:
        row["precision"] = hit / total
    if due:
        row["recall"] = hit / due
    row["exact"] = float(want == have)
    row["pageF1"] = 2 * hit / (total + due) if total + due else 1.0
    return row


def words(text: str, is_spaced: bool) -> list[str]:
    """The words of a text as its set counts them."""
    if is_spaced:
        return _WORD.findall(text)
    return _WORD_OR_SIGN.findall(unicodedata.normalize("NFC", text).translate(_INVISIBLE))


def shingles(words: list[str]) -> Counter[tuple[str, ...]]:
    """The runs of four words; a shorter text is one run."""
    if len(words) <= SHINGLE:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(islice(words, start, None) for start in range(SHINGLE)), strict=False))


def _segments(truth: Truth, body: str) -> dict[str, float]:
    text = " ".join(body.split())
    must = [" ".join(segment.split()) in text for segment in truth.must]
    must_not = [" ".join(segment.split()) in text for segment in truth.must_not]
    return {"found": sum(must), "missed": must.count(False), "false": sum(must_not), "avoided": must_not.count(False)}


def _authors(wanted: Iterable[str], names: Iterable[str | None]) -> dict[str, float]:
    want, have = ({_folded(name).casefold() for name in each} - {""} for each in (wanted, names))
    if not want and not have:
        return {"authorF1": 1.0, "authorSet": 1.0}
    return {"authorF1": 2 * len(want & have) / (len(want) + len(have)), "authorSet": float(want == have)}


def _folded(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFKC", text or "").translate(_FOLDED).split())


def _instant(wanted: datetime, answer: str | None) -> dict[str, float]:
    """`instant` is the same second, `day` the same calendar day where the publisher is. A truth that is a day has no instant."""
    found = datetime.fromisoformat(answer) if answer else None
    row = {"dated": float(found is not None)}
    if wanted.tzinfo is None:
        return row | {"day": float(found is not None and found.date() == wanted.date())}
    same = found is not None and _second(found) == _second(wanted)
    return row | {
        "instant": float(same),
        "day": float(found is not None and found.astimezone(wanted.tzinfo).date() == wanted.date()),
    }


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
