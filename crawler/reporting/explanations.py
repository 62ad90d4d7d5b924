"""Explanations: pages explained, as one HTML report with a list of them where there are several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from crawler.reporting.render import render
from pipelines.explanation import Explanation


def explanations_report(explanations: Sequence[Explanation], now: datetime) -> str:
    """The report's HTML, the pages in the order given."""
    title = explanations[0].headline or explanations[0].url if len(explanations) == 1 else f"{len(explanations)} pages"
    return render("explanations.html", title=title, explanations=explanations, rules=_rules(explanations), now=now)


def _rules(explanations: Sequence[Explanation]) -> list[tuple[str, int]]:
    """The rules that took something, and from how many passages, the busiest first."""
    taken = Counter(cut.rule for each in explanations for fate in each.passages for cut in fate.cuts)
    return sorted(taken.items(), key=lambda rule: (-rule[1], rule[0]))
