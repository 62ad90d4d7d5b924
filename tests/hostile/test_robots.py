"""robots.txt in its odd forms and its absence: what RFC 9309 asks for, read in the server's log."""

from __future__ import annotations

from tests.cli import Cli
from tests.hostile.answers import answer, head, redirect
from tests.hostile.crawls import crawl, host_of_fault, run
from tests.hostile.site import Answer, Routes
from tests.hostile.transport import drip, encoded, flood, page, silence, then_reset

TEXT = "text/plain"
RULES = b"User-agent: *\nDisallow: /bad\n"
FILLER = b"# nothing to see here\n"


def rules(text: bytes, *headers: str, kind: str = TEXT) -> Answer:
    return answer(text, *headers, kind=kind)


def chain(hops: int) -> Routes:
    """robots.txt behind so many redirects."""
    more = {f"/r{n}": redirect(f"/r{n + 1}") for n in range(1, hops)}
    return {"/robots.txt": redirect("/r1"), **more, f"/r{hops}": rules(RULES)}


OBEYED: dict[str, Routes] = {
    "plain": {"/robots.txt": rules(RULES)},
    "byte_order_mark": {"/robots.txt": rules(b"\xef\xbb\xbf" + RULES)},
    "carriage_returns": {"/robots.txt": rules(RULES.replace(b"\n", b"\r"))},
    "of_no_type": {"/robots.txt": answer(RULES, kind=None)},
    "called_html": {"/robots.txt": rules(RULES, kind="text/html")},
    "with_noise": {"/robots.txt": rules(b"\x00\xff\xfe noise\nfoo: bar\n" + RULES + b"\x80\x81")},
    "in_its_own_group": {"/robots.txt": rules(b"User-agent: *\nAllow: /\n\nuser-AGENT: dateLINE\ndisallow: /ba*d$\n")},
    "in_two_groups": {"/robots.txt": rules(b"User-agent: Dateline\nDisallow: /x\n\nUser-agent: Dateline\nDisallow: /bad\n")},
    "by_the_longer_rule": {"/robots.txt": rules(b"User-agent: *\nDisallow: /ba\nDisallow: /bad\nAllow: /b\n")},
    "five_redirects": chain(5),
    "rule_after_400_kib": {
        "/robots.txt": rules(b"User-agent: *\n" + FILLER * (400 * 1024 // len(FILLER)) + b"Disallow: /bad\n")
    },
    "two_thousand_names": {
        "/robots.txt": rules(
            b"".join(b"User-agent: a%d\n" % n for n in range(2000))
            + b"".join(b"Disallow: /%d\n" % n for n in range(2000))
            + RULES
        )
    },
    "compressed": {"/robots.txt": encoded("gzip", RULES)},
    "of_utf_16": {"/robots.txt": rules(RULES.decode().encode("utf-16"))},
    "of_20_mib": {"/robots.txt": rules(RULES + FILLER * (20 * 2**20 // len(FILLER)))},
    "without_end": {"/robots.txt": flood(head("HTTP/1.1 200 OK", f"Content-Type: {TEXT}") + RULES, FILLER * 100)},
    "of_25000_wildcards": {
        "/robots.txt": rules(
            b"User-agent: *\n" + b"".join(b"Disallow: /*a*%d\n" % n for n in range(25_000)) + b"Disallow: /b*d\n"
        )
    },
}
ABSENT: dict[str, Routes] = {
    **{f"status_{code}": {"/robots.txt": answer(RULES, status=f"{code} No")} for code in (400, 401, 403, 404, 410, 451)},
    "six_redirects": chain(6),
    "redirect_loop": {"/robots.txt": redirect("/robots.txt")},
    "a_page": {"/robots.txt": answer(page("not robots"))},
    "empty": {"/robots.txt": rules(b"")},
    "rule_after_500_kib": {
        "/robots.txt": rules(b"User-agent: *\n" + FILLER * (501 * 1024 // len(FILLER)) + b"Disallow: /bad\n")
    },
    "for_others": {"/robots.txt": rules(b"User-agent: Googlebot\nDisallow: /\n\nUser-agent: date\nDisallow:\n")},
}
UNREACHABLE: dict[str, Routes] = {
    **{f"status_{code}": {"/robots.txt": answer(b"", status=f"{code} Off")} for code in (429, 500, 503, 599)},
    "silent": {"/robots.txt": silence},
    "reset": {"/robots.txt": then_reset(b"")},
    "cut": {"/robots.txt": head("HTTP/1.1 200 OK", "Content-Length: 5000", "Connection: close") + b"User-agent: *\n"},
    "by_drops": {"/robots.txt": drip(head("HTTP/1.1 200 OK", "Content-Length: 5000"), b"#")},
    "no_http": {"/robots.txt": b"220 ftp ready\r\n\r\n"},
    "a_bomb": {"/robots.txt": encoded("gzip", b"#" * (20 * 2**20))},
    "redirected_inside": {"/robots.txt": redirect("http://169.254.169.254/robots.txt")},
    "redirected_to_a_file": {"/robots.txt": redirect("file:///etc/passwd")},
}
TABLES = {"obeyed": OBEYED, "absent": ABSENT, "unreachable": UNREACHABLE}


def test_each_robots_txt_is_read_as_rfc_9309_says_and_kept_for_the_next_run(scrapy: Cli) -> None:
    """Obeyed rules forbid /bad; an absent file allows it; an unreachable one means that nothing else is asked for."""
    hosts = {f"{table}_{name}": routes for table, cases in TABLES.items() for name, routes in cases.items()}
    routes = {host: host_of_fault(answer(page(host)), host, **own) for host, own in hosts.items()}
    routes["obeyed_uncached"] = routes["obeyed_plain"] | {"/robots.txt": rules(RULES, "Cache-Control: private, no-cache")}
    with crawl(scrapy, routes) as first:
        expected = {"obeyed": ("robots", []), "absent": ("article", []), "unreachable": ("none", ["/good-1", "/good-2"])}
        wrong = {
            host: found
            for host in routes
            if (found := (first.outcome(host), first.missing(host))) != expected[host.partition("_")[0]]
        }
        assert wrong == {}
        forbidden = {host for host in routes if host.startswith("obeyed") and first.site.asked(host, "/bad")}
        left_alone = {host for host in routes if host.startswith("unreachable") and first.site.asked(host, "/feed.xml")}
        assert (forbidden, left_alone) == (set(), set())
        before = len(first.site.hits)
        second = run(scrapy, first.site)
        asked_again = {hit.host for hit in first.site.hits[before:] if hit.path == "/robots.txt"}
    unkept = {host for host in routes if host.startswith("unreachable")} | {"obeyed_uncached"}
    assert asked_again == unkept | {"absent_redirect_loop", "absent_six_redirects"}, (
        "what has no file to keep is asked for again"
    )
    for crawled in (first, second):
        assert crawled.done.code == 0, crawled.done.err
        assert "Traceback" not in crawled.done.err
    lines = [line for line in first.done.log if " crawler.network.robots: robots.txt of " in line]
    assert len(lines) == len(UNREACHABLE), "one line a host"
