"""The benchmarks of a page's dates: printed, and failed where there is nothing to measure."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import dates, shown_dates
from tests.pages import html


def test_the_bench_prints_what_the_dates_of_a_page_cost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.html").write_text(html('<span class="date">13 August 2025, 8:03</span>'), encoding="utf-8")
    # One page on a busy machine may take longer than the limit for a median.
    assert dates.main([str(tmp_path)]) in (0, 1)
    printed = capsys.readouterr().out
    assert "resolving" in printed
    assert "limits for resolving: median 0.5, longest 50" in printed


def test_a_bench_without_pages_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dates.main([str(tmp_path)]) == 2
    assert capsys.readouterr().err == "make bench: no page with a tree among them\n"


def test_the_days_that_pages_show_are_counted_against_those_they_tell_machines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = '<meta property="article:published_time" content="2025-08-13T08:03:00Z">'
    lines = {"same": "13 August 2025", "another": "2 May 2019", "none": "a day in August"}
    for name, line in lines.items():
        (tmp_path / f"{name}.html").write_text(html(f'<span class="date">{line}</span>', told), encoding="utf-8")
    assert shown_dates.main([str(tmp_path), "--misses"]) == 0
    printed = capsys.readouterr().out
    assert "days that 3 pages show" in printed
    assert "another.html: tells 2025-08-13, shows 2019-05-02" in printed
    assert "none.html: tells 2025-08-13, shows none" in printed
    assert "same.html" not in printed


def test_pages_that_tell_machines_no_date_are_no_measure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.html").write_text(html(), encoding="utf-8")
    assert shown_dates.main([str(tmp_path)]) == 2
    assert capsys.readouterr().err == "shown_dates: no page among them tells machines its date\n"
