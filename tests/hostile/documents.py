"""Pages that are too much for a parser, and pages that carry what must not come out."""

from __future__ import annotations

import gzip
from typing import Final

from tests.hostile.answers import answer, page
from tests.hostile.site import Answer

_MIB: Final = 2**20


def zipped(body: bytes) -> bytes:
    """An answer that costs the wire little: what is tried is the parser."""
    return answer(gzip.compress(body, 1), "Content-Encoding: gzip")


def heavy(markup: bytes) -> bytes:
    start, end = page("heavy").split(b"</article>")
    return zipped(start + markup + b"</article>" + end)


def in_head(markup: bytes) -> bytes:
    start, end = page("heavy").split(b"</head>")
    return zipped(start + markup + b"</head>" + end)


# Each may give its article, or be rejected; none may hold its worker or the others.
HEAVY: Final[dict[str, Answer]] = {
    "100,000 nested elements": heavy(b"<div>" * 100_000),
    "100,000 nested inline elements": heavy(b"<b>" * 100_000 + b"x"),
    "100,000 nested lists": heavy(b"<ul><li>" * 50_000),
    "20,000 nested tables": heavy(b"<table><tr><td>" * 20_000),
    "50,000 nested quotes": heavy(b"<blockquote>x" * 50_000),
    "200,000 attributes": heavy(b"<p " + b" ".join(b'a%d="v"' % n for n in range(200_000)) + b">x</p>"),
    "500,000 paragraphs": heavy(b"<p>word</p>" * 500_000),
    "500,000 breaks": heavy(b"<p>" + b"word<br>" * 500_000),
    "200,000 headings": heavy(b"<h1>A heading of some words</h1>" * 200_000),
    "200,000 times": heavy(b'<time datetime="2026-11-20T09:30:00Z">today</time>' * 100_000),
    "100,000 links": heavy(b"".join(b"<a href=/news/%d-a-link-to-more>a link to more</a> " % n for n in range(100_000))),
    "100,000 images": heavy(
        b"".join(b"<figure><img src=/%d.jpg><figcaption>A picture of it</figcaption></figure>" % n for n in range(50_000))
    ),
    "100,000 meta tags": in_head(b"".join(b"<meta name=article:tag content=t%d>" % n for n in range(100_000))),
    "10 MB of JSON-LD": in_head(
        b'<script type="application/ld+json">[' + b'{"@type":"NewsArticle","headline":"A"},' * 250_000 + b"{}]</script>"
    ),
    "1.9 MB of JSON-LD": in_head(
        b'<script type="application/ld+json">[' + b'{"@type":"NewsArticle","headline":"A"},' * 48_000 + b"{}]</script>"
    ),
    "nested JSON-LD": in_head(
        b'<script type="application/ld+json">' + b'{"@graph":[' * 90_000 + b"1" + b"]}" * 90_000 + b"</script>"
    ),
    "10,000 scripts of JSON-LD": in_head(b'<script type="application/ld+json">{"@type":"NewsArticle"}</script>' * 50_000),
    "9 MB of comments": heavy(b"<!-- nothing to see -->" * 400_000),
    "an open comment of 9 MB": heavy(b"<!--" + b"- " * (4 * _MIB)),
    "one line of 9 MB": heavy(b"<p>" + b"word " * (9 * _MIB // 5)),
    "one word of 9 MB": heavy(b"<p>" + b"w" * (9 * _MIB)),
    "9 MB of brackets": heavy(b"<" * (9 * _MIB)),
    "9 MB of ampersands": heavy(b"<p>" + b"&" * (9 * _MIB)),
    "9 MB of spaces": heavy(b"<p>" + b" " * (9 * _MIB) + b"</p>"),
    "spaces in the title": in_head(b"<title>" + b" " * _MIB + b"x</title>"),
    "a title of 5 MB": in_head(b"<title>" + b"News | " * 700_000 + b"</title>"),
    "a date of digits": in_head(b'<meta name=date content="' + b"20" * 500_000 + b'">'),
    "a text of dates": heavy(b"<p>Published: " + b"12 November 2026, " * 200_000 + b"</p>"),
    "a text of copyrights": heavy("<p>© 2024 ©".encode() * 300_000),
    "5 MB of base64": in_head(b'<link rel=icon href="data:image/png;base64,' + b"iVBORw0KGgo" * 500_000 + b'">'),
    "an open script": heavy(b"<script>" + b"var a = 1;" * 800_000),
    "open quotes": heavy(b'<a href="' * 300_000),
    "closing tags": heavy(b"</div></p></b>" * 500_000),
    "50,000 forms": heavy(b"<form><select><option>x" * 50_000),
    "svg and math": heavy(b"<svg><math><mi><p>" * 30_000),
    "spaces before a charset": zipped(b"<meta " + b" " * 3_000_000 + b"charset" + b" " * 3_000_000 + b"="),
    "an address of 1 MB": in_head(b'<link rel=canonical href="http://example.com/' + b"a/" * 500_000 + b'">'),
    "a base of 1 MB": in_head(b'<base href="http://example.com/' + b"a" * _MIB + b'">' + b"<a href=b>x</a>" * 1000),
}
