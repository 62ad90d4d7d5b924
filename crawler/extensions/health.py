"""Health: publishers whose pages are not what they used to be, and those that gave pages but no article."""

from __future__ import annotations

import logging

from crawler.extensions.closing import Closing
from pipelines.delivery.manifest import Manifest
from pipelines.items import Reason

logger = logging.getLogger(__name__)

# Fewer pages than this are chance: a notice, a gallery, a broken link.
MIN_PAGES = 3


class Health(Closing):
    """Warns of what differs at a publisher (`pipelines.history.alarms`), and where all pages of a run ended without an article."""

    def report(self, manifest: Manifest) -> None:
        for alarm in self.crawler.stats.get_value("run/alarms", ()):
            logger.warning("Alarm: %s", alarm)
        for line in fruitless(manifest):
            logger.warning(line)


def fruitless(manifest: Manifest) -> list[str]:
    """A sentence for each publisher that gave pages but no article; a page known already is none to worry about."""
    found = []
    for name, site in manifest.sites.items():
        failed = {reason: pages for reason, pages in site.rejected.items() if reason != Reason.UNCHANGED}
        if not site.articles and sum(failed.values()) >= MIN_PAGES:
            reason = max(failed, key=lambda r: failed[r])
            found.append(f"{name}: {sum(failed.values())} pages and no article, {failed[reason]} of them {reason}")
    return found
