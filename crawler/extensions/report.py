"""The run report: what came, by publisher, from the acknowledged counts of the manifest."""

from __future__ import annotations

import logging
import sys
from typing import Any

from crawler.extensions.closing import Closing
from pipelines.delivery.manifest import Manifest, Tally

logger = logging.getLogger(__name__)

COLUMNS = {"publisher": "publisher", "articles": "articles", "rejected": "rejected", "undated": "undated"}


class RunReport(Closing):
    """At the end of a run: a table on standard error for a person, one log line in a job's log."""

    def report(self, manifest: Manifest) -> None:
        logger.info("Run %s: %s: %s", manifest.runId, manifest.verdict, summary(manifest.counts))
        if sys.stderr.isatty():
            from rich.console import Console

            from crawler.commands.terminal import table

            Console(stderr=True).print(table(rows(manifest), COLUMNS, title=f"Run {manifest.runId}: {manifest.verdict}"))


def summary(counts: Tally) -> str:
    """The counts of a run, or of a publisher, in a line."""
    return f"{counts.articles} articles, {counts.undated} undated, rejected: {_reasons(counts)}"


def rows(manifest: Manifest) -> list[dict[str, Any]]:
    """A row a publisher and one for all, as `COLUMNS` names them."""
    sites = {**manifest.sites, **({"all": manifest.counts} if len(manifest.sites) > 1 else {})}
    return [
        {"publisher": name, "articles": site.articles, "rejected": _reasons(site), "undated": site.undated}
        for name, site in sites.items()
    ]


def _reasons(counts: Tally) -> str:
    return ", ".join(f"{pages} {reason}" for reason, pages in counts.rejected.items()) or "none"
