"""What answers in an article's place is rejected with what says so, or stored as what it is; articles about such things are not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.extract import extract
from pipelines.items import Draft, Link, Page, Reason, Rejected
from pipelines.publishers import Publisher
from pipelines.runner import Outcome
from tests.cli import Cli
from tests.hostile.answers import answer, redirect, sentences
from tests.hostile.crawls import crawl, host_of_fault
from tests.hostile.not_articles import GATES, LISTS, MISSING, REAL, WALLS, declared, plain

URL = "https://news.example/2026/11/20/a-story"
PLACED = {"consent in an article's place": "consent", "shell in an article's place": "shell"}


def outcome_of(markup: str, url: str = URL) -> Outcome:
    fetched = Page(
        url, markup.encode(), datetime(2026, 11, 22, tzinfo=UTC), Link(URL, "news"), headers={"content-type": "text/html"}
    )
    return extract(fetched, Publisher(id="news"))


@pytest.mark.parametrize("case", MISSING)
def test_an_error_page_that_answers_200_is_no_article_and_not_asked_for_again(case: str) -> None:
    outcome = outcome_of(MISSING[case])
    assert isinstance(outcome, Rejected)
    assert (outcome.reason, outcome.detail.partition(":")[0], outcome.retry) == (Reason.NO_ARTICLE, "missing", False)


@pytest.mark.parametrize("case", [case for case in WALLS if case not in PLACED])
def test_a_wall_is_no_article_and_asked_for_again(case: str) -> None:
    outcome = outcome_of(WALLS[case])
    assert isinstance(outcome, Rejected)
    assert (outcome.reason, outcome.retry) == (Reason.NO_ARTICLE, True)


@pytest.mark.parametrize("case", PLACED)
def test_a_wall_that_carries_an_articles_metadata_is_stored_as_a_wall(case: str) -> None:
    outcome = outcome_of(WALLS[case])
    assert isinstance(outcome, Draft)
    assert (outcome.completeness, f"body.{PLACED[case]}" in outcome.flags) == (PLACED[case], True)


@pytest.mark.parametrize("case", LISTS)
def test_a_list_of_articles_is_none(case: str) -> None:
    outcome = outcome_of(LISTS[case])
    assert isinstance(outcome, Rejected)
    assert outcome.reason is Reason.NO_ARTICLE


@pytest.mark.parametrize("case", REAL)
def test_an_article_about_walls_is_an_article(case: str) -> None:
    outcome = outcome_of(REAL[case])
    assert isinstance(outcome, Draft)
    assert outcome.completeness == "full"


@pytest.mark.parametrize("gate", GATES)
def test_the_first_lines_before_a_wall_are_a_teaser(gate: str) -> None:
    outcome = outcome_of(declared(plain("Orchards", "Orchard yields fall", *sentences("orchard", 3), more=f"<p>{gate}</p>")))
    assert isinstance(outcome, Draft)
    assert (outcome.completeness, "body.paywall_notice" in outcome.flags) == ("teaser", True)


def test_an_address_that_leads_to_the_home_page_is_no_article() -> None:
    outcome = outcome_of(REAL["with a login form"], "https://news.example/")
    assert outcome == Rejected(Reason.NO_ARTICLE, "the address leads to the home page")


def test_in_a_crawl_each_costs_its_page_alone(scrapy: Cli) -> None:
    pages = {**MISSING, **LISTS, **{case: markup for case, markup in WALLS.items() if case not in PLACED}}
    routes = {
        f"host{number}": host_of_fault(answer(markup.encode()), f"host{number}") for number, markup in enumerate(pages.values())
    }
    routes["home"] = host_of_fault(redirect("/"), "home") | {"/": answer(LISTS["a home page"].encode())}
    with crawl(scrapy, routes) as crawled:
        wrong = {
            host: found for host in routes if (found := (crawled.outcome(host), crawled.missing(host))) != ("no_article", [])
        }
    assert wrong == {}
    assert crawled.done.code == 0, crawled.done.err
