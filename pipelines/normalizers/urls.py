"""URLs in one spelling, so that one article has one key whichever way a listing, a page or a reader writes its address."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

# Servers refuse longer ones, and what is longer is no address but a picture or an attack.
MAX_URL_CHARS: Final = 8_192
# What marketing and analytics tools append; none of them selects a document.
_TRACKING = re.compile(
    r"^(utm_\w+|at_(campaign|medium|source|custom\w*|link\w*|ptr_name|format|bbc_team)|pk_\w+|mtm_\w+|hsa_\w+|_hs\w+|"
    r"fbclid|gclid|gclsrc|dclid|yclid|msclkid|twclid|ttclid|igshid|igsh|mc_[ce]id|mkt_tok|ns_\w+|cmpid|cmp|ocid|icid|ito|"
    r"smid|smtyp|sh|sref|srnd|ref|ref_src|referrer|referer|rss|ftag|guccounter|guce_referr\w*|partner|wt_?mc|wtmc|xtor|"
    r"spm|scm|share\w*|feature|taid|trk|_ga|_gl|amp|outputtype|output_type|traffic_source|sessionid|phpsessid|jsessionid)$",
    re.I,
)
# What servers call a visitor's session, where its value can be nothing else: 20 hex digits, or 24 letters and digits.
_SESSION = re.compile(r"^(?:s|sid|sess(?:ion)?(?:_?id)?|zenid|osc?sid|cfid|cftoken|aspsessionid\w*|token)$", re.I)
_SESSION_VALUE = re.compile(r"[0-9a-f]{20,}|(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{24,}", re.I)
_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid|sid|session_?id)=[^/;?]*", re.I)
_SUBDOMAIN = re.compile(r"^(?:(?:www\d?|m|mobile|amp|touch)\.)+(?=[^.]+\.[^.]+)")
_AMP_PATH = re.compile(r"(?:/amp(?:\.html?)?/?$|\.amp(?=(?:\.html?)?$)|^/amp(?=/))", re.I)
_INDEX = re.compile(r"/(?:index\.(?:html?|php))?$")


# A page's own address is asked for by its lease, its id, its twins and its paging.
@lru_cache(maxsize=64)
def normalize_url(url: str) -> str:
    """The URL without what does not select a document: scheme, www and mobile hosts, ports 80 and 443, AMP, tracking, fragment.

    >>> normalize_url("http://m.Example.com:80/a/b/amp/?utm_source=x&id=7#top")
    'example.com/a/b?id=7'

    What is no URL stands for itself.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return url.strip()
    host = _SUBDOMAIN.sub("", f"[{host}]" if ":" in host else host.rstrip("."))
    if port and port not in (80, 443):
        host = f"{host}:{port}"
    query = _query(parts.query)
    return f"{host}{_path(parts.path)}?{query}" if query else f"{host}{_path(parts.path)}"


def _path(path: str) -> str:
    """Bytes that are no UTF-8 stay what they are: older sites write their own charset into the path."""
    plain = unquote(_SESSION_PATH.sub("", path), errors="surrogateescape")
    path = re.sub(r"//+", "/", quote(plain, safe="/:@!$&'()*+,;=~-._", errors="surrogateescape"))
    while (shorter := _INDEX.sub("", _AMP_PATH.sub("", path))) != path:
        path = shorter
    return path


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    return urlencode(sorted(pair for pair in pairs if not _is_noise(*pair)), errors="surrogateescape")


def _is_noise(name: str, value: str) -> bool:
    """Whether a parameter selects no document: a tool's mark, or a session."""
    return bool(_TRACKING.match(name) or (_SESSION.match(name) and _SESSION_VALUE.fullmatch(value)))


def url_key(url: str) -> str:
    """32 hex characters that stand for every spelling of one URL."""
    return hashlib.sha256(normalize_url(url).encode()).hexdigest()[:32]


def absolute_url(base: str, reference: str | None) -> str | None:
    """The absolute http or https URL of a reference on a page, without its fragment; None for every other kind, and a longer one."""
    reference = (reference or "").strip()
    if not reference or len(reference) > MAX_URL_CHARS:
        return None
    try:
        parts = urlsplit(urljoin(base, reference))
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port >= 0)
        return urlunsplit(parts._replace(fragment="")) if usable else None
    except ValueError:  # an unclosed bracket, a port that is none
        return None


def host_of(url: str) -> str:
    """The lower-case host of a URL, with its port if it names one; empty where there is none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
