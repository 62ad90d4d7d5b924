"""`make bench`'s figures of a page's dates: printed, and failed where there is nothing to measure."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import dates
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
