"""Headlines: the page's own, without the site's name, and the variant that another source gives."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SEPARATED = re.compile(r"\s*(?:[|•·»«›]|\s[-–—:]|::|//)\s+")
MIN_CHARS = 8
# Search engines show 70 characters, the longest headline of the 1,250 evaluation pages has 222; what is longer is a text or an attack.
MAX_CHARS = 1_000


def headline_of(
    shown: str | None, titles: Iterable[str], site_names: Iterable[str], host: str
) -> tuple[str | None, str | None]:
    """(headline, another variant). The heading shown wins; a title loses the site's name at its ends."""
    sites = {
        _key(name) for name in (*site_names, host, host.removeprefix("www."), host.removeprefix("www.").partition(".")[0])
    } - {""}
    cleaned = [_without_site(title, sites) for title in filter(None, (shown, *titles)) if len(title) <= MAX_CHARS]
    candidates = [text for text in cleaned if text and _key(text) not in sites]
    if not candidates:
        return None, None
    headline = candidates[0]
    return headline, next((text for text in candidates[1:] if not _repeats(text, headline)), None)


def _repeats(title: str, headline: str) -> bool:
    """Whether a title is the headline, alone or with a site or a section beside it."""
    return _key(headline) in map(_key, (title, *_SEPARATED.split(title)))


def _without_site(title: str, sites: set[str]) -> str:
    """The title without the parts at its ends that name the site; at least one part stays.

    >>> _without_site("Storm hits coast | World | The Ledger", {"theledger"})
    'Storm hits coast | World'
    """
    text = title.strip()
    for _ in range(3):
        cuts = [*_SEPARATED.finditer(text)]
        if cuts and _key(text[cuts[-1].end() :]) in sites and len(text[: cuts[-1].start()].strip()) >= MIN_CHARS:
            text = text[: cuts[-1].start()].strip()
        elif cuts and _key(text[: cuts[0].start()]) in sites and len(text[cuts[0].end() :].strip()) >= MIN_CHARS:
            text = text[cuts[0].end() :].strip()
        else:
            break
    return text


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
