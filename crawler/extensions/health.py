"""Health: publishers from which a run got pages but no article."""

from __future__ import annotations

import logging

from crawler.extensions.closing import Closing
from pipelines.delivery.manifest import Manifest
from pipelines.items import Reason

logger = logging.getLogger(__name__)

# Fewer pages than this are chance: a notice, a gallery, a broken link.
MIN_PAGES = 3


class Health(Closing):
    """Warns of a publisher whose pages all ended without an article in this run, and names the commonest reason."""

    def report(self, manifest: Manifest) -> None:
        for line in alarms(manifest):
            logger.warning(line)


def alarms(manifest: Manifest) -> list[str]:
    """A sentence for each publisher that gave pages but no article; a page known already is none to worry about."""
    found = []
    for name, site in manifest.sites.items():
        failed = {reason: pages for reason, pages in site.rejected.items() if reason != Reason.UNCHANGED}
        if not site.articles and sum(failed.values()) >= MIN_PAGES:
            reason = max(failed, key=lambda r: failed[r])
            found.append(f"{name}: {sum(failed.values())} pages and no article, {failed[reason]} of them {reason}")
    return found
