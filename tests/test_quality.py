"""The quality baselines: over the example newsroom and over the benchmark's own pages. A figure may rise here, and may not fall."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from benchmarks import quality
from benchmarks.measures import averages, scores
from benchmarks.truths import NoTruth, Truth, read_truths
from pipelines.publishers import publisher_of
from pipelines.runner import extract_inline
from tests.newsroom_pages import EXPECTED, article_of
from tests.pages import HEADLINE, PARAGRAPHS, html

OWN = read_truths(quality.PAGES)


def newsroom_truth(row: dict[str, Any]) -> Truth:
    return Truth(
        Path(row["url"]),
        row["url"],
        body="\n".join(block["text"] for block in row["blocks"]),
        headline=row["headline"],
        authors=tuple(author["name"] for author in row["authors"]),
        published=datetime.fromisoformat(row["datePublished"]) if row["datePublished"] else None,
    )


def scored(truth: Truth) -> dict[str, float]:
    return scores(truth, quality.article_of(extract_inline(quality.page_of(truth), publisher_of(truth.url, ()))))


def body(wanted: str, found: str, **changes: Any) -> dict[str, float]:
    return scores(Truth(Path("page"), "", body=wanted, **changes), {"articleBody": found})


def instant(wanted: str, found: str | None) -> dict[str, float]:
    return scores(Truth(Path("page"), "", published=datetime.fromisoformat(wanted)), {"datePublished": found})


def words(start: int, stop: int) -> str:
    return " ".join(f"w{number}" for number in range(start, stop))


# Baselines


def test_every_figure_over_the_newsroom_is_one() -> None:
    figures = averages(scores(newsroom_truth(row), article_of(url)) for url, row in EXPECTED.items())
    assert {"F1", "exact", "headline", "authorSet", "instant"} <= set(figures)
    assert {name: value for name, value in figures.items() if value < 1} == {}


def test_a_date_is_null_rather_than_guessed() -> None:
    undated = [url for url, row in EXPECTED.items() if row["datePublished"] is None]
    assert undated
    assert {article_of(url)["datePublished"] for url in undated} == {None}


def test_no_figure_over_the_benchmarks_pages_falls_below_its_baseline() -> None:
    figures, kept = averages(map(scored, OWN)), quality.baseline(quality.PAGES)
    assert set(kept) == set(figures)
    assert quality.fallen(figures, kept) == [], figures


def test_the_benchmarks_pages_are_of_many_languages_and_all_have_their_truth() -> None:
    files = {path.name for path in quality.PAGES.glob("*.html")}
    assert files == {truth.file.name for truth in OWN} and len(files) >= 12
    assert all(truth.body and truth.headline and truth.authors and truth.published for truth in OWN)


# Measures


def test_a_body_is_compared_by_runs_of_four_words() -> None:
    assert body(words(0, 8), words(0, 8)) == {"precision": 1.0, "recall": 1.0, "exact": 1.0, "pageF1": 1.0}
    longer = body(words(0, 8), words(0, 13))
    assert longer == {"precision": 5 / 10, "recall": 1.0, "exact": 0.0, "pageF1": 10 / 15}
    assert body("one two", "one two three")["recall"] == 0.0, "a short text is one run"
    assert body(words(0, 4) + " " + words(0, 4), words(0, 4))["recall"] == 1 / 5, "a repeated run counts twice"


def test_a_page_without_a_text_has_no_precision_and_lowers_the_others() -> None:
    empty = body(words(0, 8), "")
    assert empty == {"recall": 0.0, "exact": 0.0, "pageF1": 0.0}
    assert averages([body(words(0, 8), words(0, 8)), empty])["F1"] == 2 * 0.5 / 1.5
    assert averages([empty])["F1"] == 0.0


def test_scripts_without_spaces_are_compared_sign_by_sign_but_where_the_benchmark_does_not() -> None:
    assert body("停产二十多年的茶厂", "停产二十多年的食堂")["recall"] > 0
    assert body("停产二十多年的茶厂", "停产二十多年的食堂", is_spaced=True)["recall"] == 0
    assert body("Gro\u00adße Fähre", "Große Fähre")["exact"] == 1.0


def test_a_standfirst_counts_where_the_truth_has_it_in_its_body() -> None:
    truth = Truth(Path("page"), "", body="The lead of it all.\nAnd the text.", with_standfirst=True)
    told = {"description": "The lead of it all.", "articleBody": "And the text."}
    assert scores(truth, told)["exact"] == 1.0
    assert scores(truth, told | {"articleBody": "The lead of it all.\nAnd the text."})["exact"] == 1.0


def test_headlines_are_compared_with_folded_quotation_marks_and_either_variant_counts_apart() -> None:
    truth = Truth(Path("page"), "", headline="“We won’t wait” – harbour")
    assert scores(truth, {"headline": '"We won\'t wait" - harbour'}) == {"headline": 1.0, "headlineAny": 1.0}
    assert scores(truth, {"headline": "Else", "alternativeHeadline": "“We won't wait” — harbour"}) == {
        "headline": 0.0,
        "headlineAny": 1.0,
    }


def test_authors_are_compared_as_a_set() -> None:
    truth = Truth(Path("page"), "", authors=("Ada Berg", "Iñaki Soler"))
    half = scores(truth, {"authors": [{"name": "ada berg"}, {"name": "Eve"}]})
    assert half == {"authorF1": 0.5, "authorSet": 0.0}
    assert scores(truth, {"authors": [{"name": "Iñaki Soler"}, {"name": "Ada Berg"}]}) == {"authorF1": 1.0, "authorSet": 1.0}


@pytest.mark.parametrize(
    ("wanted", "found", "figures"),
    [
        ("2025-08-13T08:03:00+05:30", "2025-08-13T02:33:00Z", {"dated": 1.0, "instant": 1.0, "day": 1.0}),
        ("2025-08-13T01:00:00+05:30", "2025-08-12T20:00:00Z", {"dated": 1.0, "instant": 0.0, "day": 1.0}),
        ("2025-08-13T08:03:00+05:30", None, {"dated": 0.0, "instant": 0.0, "day": 0.0}),
        ("2025-08-13", "2025-08-13T00:00:00Z", {"dated": 1.0, "day": 1.0}),
    ],
)
def test_an_instant_is_a_second_and_a_day_is_where_the_publisher_is(
    wanted: str, found: str | None, figures: dict[str, float]
) -> None:
    assert instant(wanted, found) == figures


def test_segments_are_counted_over_all_pages() -> None:
    one = Truth(Path("page"), "", must=("a b", "c  d"), must_not=("x",))
    other = Truth(Path("page"), "", must=("e",), must_not=("y", "z"))
    figures = averages([scores(one, {"articleBody": "a b x"}), scores(other, {"articleBody": "e"})])
    assert figures == {"segmentPrecision": 2 / 3, "segmentRecall": 2 / 3, "segmentF1": 2 / 3, "segmentAccuracy": 4 / 6}


# Truths


def test_a_folder_is_read_line_by_line(tmp_path: Path) -> None:
    rows = [
        {"file": "a.html", "fetchedAt": "2025-08-13T12:00:00", "must": ["x"]},
        {"path": "b.html.gz", "datePublished": "2025-08-13"},
    ]
    (tmp_path / "truth.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")
    first, second = read_truths(tmp_path)
    assert (first.file, first.fetched_at, first.must) == (tmp_path / "a.html", datetime(2025, 8, 13, 12, tzinfo=UTC), ("x",))
    assert (second.file, second.published) == (tmp_path / "b.html.gz", datetime(2025, 8, 13))
    assert not second.is_spaced and not second.with_standfirst


def test_published_sets_are_told_apart_by_their_keys(tmp_path: Path) -> None:
    rows = [{"path": "a", "articleBody": "x"}, {"path": "b", "articleBody": "x", "headline": "y"}]
    (tmp_path / "gold.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert [(truth.is_spaced, truth.with_standfirst) for truth in read_truths(tmp_path)] == [(True, False), (False, True)]


@pytest.mark.parametrize("line", ["no JSON", "[]", "{}", '{"file": "a", "fetchedAt": "yesterday"}'])
def test_a_bad_line_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "truth.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(NoTruth, match=r"truth\.jsonl:1: "):
        read_truths(tmp_path)


# The command


def test_the_figures_are_json_lines_when_piped_and_a_fall_is_an_exit_code(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "page.html").write_text(html(), encoding="utf-8")
    when = datetime(2025, 8, 13, 8, 3, tzinfo=timezone(timedelta(hours=2)))
    truth = {"file": "page.html", "url": "https://news.example/a", "articleBody": "\n".join(PARAGRAPHS), "headline": HEADLINE}
    (tmp_path / "truth.jsonl").write_text(json.dumps(truth | {"datePublished": when.isoformat()}), encoding="utf-8")
    assert quality.main([str(tmp_path), "--keep"]) == 0
    rows = {row["measure"]: row for row in map(json.loads, capfdbinary.readouterr().out.splitlines())}
    assert (rows["F1"]["figure"], rows["exact"]["figure"], rows["dated"]["figure"]) == (1.0, 1.0, 0.0)
    kept = json.loads((tmp_path / "baseline.json").read_text(encoding="utf-8"))
    (tmp_path / "baseline.json").write_text(json.dumps(kept | {"dated": 0.5}), encoding="utf-8")
    assert quality.main([str(tmp_path)]) == 1


def test_a_folder_without_truth_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert quality.main([str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"make quality: {tmp_path}: there is no truth.jsonl")
