"""What a fault is made of: heads, bodies, pages and listings, as bytes."""

from __future__ import annotations

import hashlib

WORDS = (
    "harbour", "council", "engineer", "bridge", "winter", "orchard", "railway", "teacher", "library", "harvest", "market",
    "river", "forecast", "museum", "committee", "factory", "lighthouse", "village", "hospital", "reservoir", "archive",
    "festival", "carpenter", "glacier", "ferry", "observatory",
)  # fmt: skip


def answer(body: bytes, *headers: str, status: str = "200 OK", kind: str | None = "text/html; charset=utf-8") -> bytes:
    """A whole answer that closes its connection, with its true length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    if kind is not None:
        lines.append(f"Content-Type: {kind}")
    return head(*lines) + body


def head(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1") + b"\r\n"


def redirect(location: str, status: str = "302 Found") -> bytes:
    """The length is that of an empty body: the place of an address may be filled in later."""
    return head(f"HTTP/1.1 {status}", f"Location: {location}", "Content-Length: 0", "Connection: close")


def chunked(*chunks: bytes, end: bool = True) -> bytes:
    framed = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return framed + (b"0\r\n\r\n" if end else b"")


def sentences(seed: str, count: int) -> list[str]:
    """Sentences that no other seed gives."""
    found = []
    for number in range(count):
        digest = hashlib.sha256(f"{seed}/{number}".encode()).digest()
        words = [WORDS[byte % len(WORDS)] for byte in digest[:11]]
        found.append(f"The {words[0]} near the {words[1]} told the {' '.join(words[2:])} about {digest[12] + 2} plans.")
    return found


def page(seed: str, head_markup: str = "", body_markup: str = "", *, title: str | None = None) -> bytes:
    """A good article with a headline, a date and six paragraphs; what is wrong with it is put in by the caller."""
    lines = sentences(seed, 18)
    paragraphs = "".join(f"<p>{' '.join(lines[n : n + 3])}</p>" for n in range(0, 18, 3))
    title = title or f"The {' '.join(seed.replace('/', ' ').split())} story of the day"
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>"
        f'<meta property="article:published_time" content="2026-11-20T09:30:00Z">{head_markup}</head>'
        f"<body><main><article><h1>{title}</h1>{paragraphs}{body_markup}</article></main></body></html>"
    ).encode()


def feed(*paths: str, extra: str = "") -> bytes:
    """An RSS feed with an entry a path; a path without a scheme is the host's own."""
    items = "".join(f"<item><title>A</title><link>{path if ':' in path else '{origin}' + path}</link></item>" for path in paths)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>All</title>{items}{extra}</channel></rss>'.encode()


def listed(document: bytes, *headers: str, kind: str = "application/xml") -> bytes:
    """A listing without a stated length, since addresses are filled in when it is sent."""
    return head("HTTP/1.1 200 OK", f"Content-Type: {kind}", "Connection: close", *headers) + document
