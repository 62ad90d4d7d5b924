"""A clock that is three days ahead in one run and right in the next: nothing is lost, doubled or stuck until the days have passed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pipelines.deliver import recover
from pipelines.delivery.sinks import open_sink
from pipelines.store import open_store
from tests.builders import make_article, make_link
from tests.cli import Cli
from tests.evolving import START, EvolvingSite
from tests.timeline import Timeline

HOUR, AHEAD = timedelta(hours=1), timedelta(days=3)


def test_a_clock_that_was_three_days_ahead_loses_doubles_and_holds_up_nothing(scrapy: Cli, site: EvolvingSite) -> None:
    with Timeline(scrapy) as timeline:
        assert timeline.crawl(START).code == 0
        site.publish("/ferry", "The ferry to Stour sails again", START)
        site.publish("/bridge", "A bridge for Stour is planned", START)
        site.change("/bridge", status=503)
        assert timeline.crawl(START + AHEAD).code == 0
        site.change("/bridge", status=200)
        site.publish("/market", "The market at Stour moves indoors", START + HOUR)
        site.change("/harbour", headline="Harbour of Stour reopens after ten days", modified=START + HOUR)
        for hours in (1, 2, 3):
            assert timeline.crawl(START + hours * HOUR).code == 0
        found = sorted((article["headline"], article["version"]) for article in scrapy.lake.articles())
        assert timeline.crawl(START + AHEAD + HOUR).code == 0
    assert found == [
        ("A bridge for Stour is planned", 1),
        ("Harbour of Stour reopens after nine days", 1),
        ("Harbour of Stour reopens after ten days", 2),
        ("The ferry to Stour sails again", 1),
        ("The market at Stour moves indoors", 1),
        ("The mill at Stour gets a new wheel", 1),
    ]
    assert scrapy.lake.unnamed() == []
    later = sorted((article["headline"], article["version"]) for article in scrapy.lake.articles())
    assert later == found, "nor when the days have passed"


def test_a_run_that_was_killed_three_days_ahead_is_found_and_holds_nothing(tmp_path: Path) -> None:
    url, sink = f"sqlite://{tmp_path}/store.db", open_sink(f"file://{tmp_path}/lake")
    links = [make_link(1), make_link(2)]
    killed = open_store(url)
    killed.start_run("run-1", "news", START + AHEAD, publishers=["example"])
    assert len(killed.claim(links, "run-1", START + AHEAD)) == 2
    killed.commit(links[0], make_article(1), run_id="run-1", now=START + AHEAD)
    killed.close()
    store = open_store(url)
    assert store.start_run("run-2", "news", START, publishers=["example"]) == {}
    assert [link.url for link in store.claim(links, "run-2", START)] == [links[1].url]
    [found] = recover(store, sink, START)
    assert (found.run_id, found.error, found.manifest and found.manifest.rows) == ("run-1", None, 1)
    store.close()
