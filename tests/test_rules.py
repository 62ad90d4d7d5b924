"""robots.txt rules: the longest decides, escapes count as what they stand for, and no file is slow to match."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from crawler.network.groups import groups_of
from crawler.network.robots import ROBOTS_BYTES
from crawler.network.rules import Rules, rules_for, rules_of

PATHS = st.lists(
    st.sampled_from(["/", "a", "ab", "index.html", "*", "$", "?", "=", "%41", "%2f", "%2A", "é", "%", ".", "&", "//"]),
    max_size=6,
).map("".join)
NAMES = st.sampled_from(["Dateline", "dateline*", "date", "line", "*", "Googlebot", "Dateline/0.1"])
LINES = st.one_of(
    NAMES.map("User-agent: {}".format),
    st.tuples(st.sampled_from(["Allow: ", "Disallow: ", "disallow:", "Disallow ", "Dissalow: "]), PATHS).map("".join),
    st.sampled_from(
        ["Crawl-delay: 3", "Crawl-delay: x", "Sitemap: http://a/s.xml", "", "# no rule", "Disallow: /a # why", "Noindex: /x"]
    ),
)


def read(text: str, robot: str = "Dateline") -> Rules:
    return rules_for(rules_of(groups_of(text, (robot, "*"))), robot) or Rules()


@given(st.lists(LINES, max_size=12), st.lists(PATHS, min_size=1, max_size=6))
def test_the_rules_are_those_that_protego_reads(lines: list[str], paths: list[str]) -> None:
    text = "\n".join(lines)
    own, other = read(text), Protego.parse(groups_of(text, ("Dateline", "*")))
    for path in paths:
        url = f"http://example.com/{path.lstrip('/')}"
        assert own.allow(url) == other.can_fetch(url, "Dateline"), url


@pytest.mark.parametrize(
    ("rule", "path", "allowed"),
    [
        ("/fish", "/fish.html", False),
        ("/fish", "/Fish.asp", True),
        ("/fish*", "/fishheads", False),
        ("/*.php", "/folder/a.php?x", False),
        ("/*.php$", "/folder/a.php?x", True),
        ("/*.php$", "/folder/a.php", False),
        ("/fish*.php", "/fishheads/cat.php", False),
        ("/*?", "/a?b", False),
        ("/*?", "/a", True),
        ("/a%3cd.html", "/a%3Cd.html", False),
        ("/%7ejoe/", "/~joe/x", False),
        ("/é", "/%C3%A9/x", False),
        ("/", "/robots.txt", True),
    ],
)
def test_a_rule_matches_as_its_documentation_says(rule: str, path: str, allowed: bool) -> None:
    """Examples in the manner of https://developers.google.com/search/docs/crawling-indexing/robots/robots_txt."""
    assert read(f"User-agent: *\nDisallow: {rule}").allow(f"https://example.com{path}") is allowed


def test_the_first_crawl_delay_of_a_group_counts() -> None:
    assert read("User-agent: *\nCrawl-delay: 7\nCrawl-delay: 1").delay_s == 7
    assert read("User-agent: *\nCrawl-delay: nan").delay_s is None


@pytest.mark.parametrize(
    "rules",
    [
        [f"/*{n:x}zz" for n in range(40_000)],
        [f"/*news*{n:x}" for n in range(40_000)],
        [f"/news{n:x}" for n in range(40_000)],
        [f"/*a{'*a' * 5000}{n}$" for n in range(50)],
        [f"/*a*a*a*a*a*a*a*a*{n:x}" for n in range(20_000)],
    ],
    ids=["none fits", "half fit", "prefixes", "many wildcards", "each fits in part"],
)
def test_no_file_is_slow_to_match(rules: list[str]) -> None:
    text = "User-agent: *\n" + "\n".join(f"Disallow: {rule}" for rule in rules)
    own = read(text[:ROBOTS_BYTES])
    url = "https://example.com/news/2026/11/22/" + "a-story-of-some-words-" * 8
    began = time.process_time()
    for n in range(10):
        own.allow(f"{url}{n}")
    assert (time.process_time() - began) / 10 < 0.05, "a fifth of it on a quiet machine"
