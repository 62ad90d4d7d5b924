"""`scrapy deliver` and `scrapy runs`: what is left is delivered without crawling, and each run can be looked up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipelines.deliver import deliver, finish_run
from pipelines.delivery.batches import Limits
from pipelines.delivery.manifest import manifest_key
from pipelines.delivery.sinks import open_sink
from pipelines.items import Reason, Rejected
from pipelines.store import Store, Verdict, open_store
from tests.builders import NOW, make_article, make_link
from tests.cli import Cli, Done
from tests.conftest import Call

LATER = NOW + timedelta(minutes=5)
ALL_AT_ONCE = Limits(part_age=timedelta(0))


@pytest.fixture
def left(scrapy: Cli) -> Cli:
    """A store with three runs that are over: one is delivered, one has a part in the sink and no manifest, one nothing."""
    store, sink = open_store(f"sqlite://{scrapy.store}"), open_sink(scrapy.sink)
    for number, run_id in enumerate(("20250813T0930-a", "20250813T0945-b", "20250813T1000-c")):
        store.start_run(run_id, "news", NOW + timedelta(minutes=15 * number))
        _commit(store, run_id, 10 * number)
    finish_run(store, sink, "20250813T0930-a", LATER, verdict=Verdict.OK, sites=["example", "silent"])
    deliver(store, sink, "20250813T0945-b", LATER, limits=ALL_AT_ONCE)
    store.close()
    return scrapy


def _commit(store: Store, run_id: str, first: int) -> None:
    for number in range(first, first + 3):
        store.commit(make_link(number), make_article(number), run_id=run_id, now=NOW)
    store.commit(make_link(first + 3), Rejected(Reason.TOO_SHORT), run_id=run_id, now=NOW)


# scrapy deliver


def test_the_outbox_is_drained_without_crawling(left: Cli, call: Call) -> None:
    done = call("deliver")
    assert (done.code, done.err) == (0, "")
    assert done.rows == [
        {"run": run, "verdict": "killed", "articles": 3, "parts": 1, "manifest": manifest_key(run), "error": None}
        for run in ("20250813T0945-b", "20250813T1000-c")
    ]
    assert len({article["id"] for article in left.lake.articles()}) == len(left.lake.articles()) == 9
    assert left.lake.unnamed() == []
    assert call("deliver") == Done(0, "", "")


def test_what_the_sink_refuses_stays_and_the_exit_code_says_so(left: Cli, call: Call) -> None:
    (left.folder / "file").write_text("")
    done = call("deliver", NEWS_SINK=f"file://{left.folder}/file/lake")
    assert done.code == 4
    assert "scrapy deliver: run 20250813T0945-b is not delivered: file://" in done.err
    assert done.log[-1] == "scrapy deliver: 3 articles of 2 runs stay in the outbox"
    assert call("deliver").code == 0
    assert len(left.lake.articles()) == 9


def test_a_live_runs_articles_are_its_own_to_deliver(left: Cli, call: Call) -> None:
    store = open_store(f"sqlite://{left.store}")
    store.start_run("20250813T1030-d", "news", LATER)
    done = call("deliver")
    store.close()
    assert done.code == 4
    assert done.log == [
        "scrapy deliver: 0 articles of 1 runs stay in the outbox; 20250813T1030-d is under way and delivers its own"
    ]


def test_a_person_sees_a_table_of_what_was_delivered(left: Cli) -> None:
    shown = left.on_terminal("deliver")
    assert shown.code == 0
    for text in ("manifest", "20250813T1000-c", "killed", "_meta/v1/runs/"):
        assert text in shown.out, text


@pytest.mark.parametrize("arguments", [("deliver",), ("runs",), ("runs", "show", "a")])
def test_a_store_that_is_not_there_is_not_made(scrapy: Cli, call: Call, arguments: tuple[str, ...]) -> None:
    done = call(*arguments)
    assert done.code == 2
    assert f"there is no store {scrapy.store} yet" in done.err
    assert list(scrapy.folder.iterdir()) == []


# scrapy runs


def test_runs_are_listed_newest_first_with_verdicts_and_counts(left: Cli, call: Call) -> None:
    done = call("runs")
    assert (done.code, done.err) == (0, "")
    newest, middle, oldest = done.rows
    assert newest == {
        "run": "20250813T1000-c", "spider": "news", "startedAt": "2025-08-13T10:00:00Z", "finishedAt": None, "seconds": None,
        "state": "waiting", "verdict": None, "pages": 4, "articles": 3, "undated": 0, "rejected": {"too_short": 1}, "undelivered": 3,
    }  # fmt: skip
    assert (middle["state"], middle["undelivered"]) == ("waiting", 3), "a part that no manifest names is not delivered"
    assert (oldest["state"], oldest["verdict"], oldest["undelivered"], oldest["seconds"]) == ("delivered", "ok", 0, 300.0)
    assert [row["run"] for row in call("runs", "-n", "1").rows] == ["20250813T1000-c"]


def test_one_run_is_shown_by_the_beginning_of_its_id(left: Cli, call: Call) -> None:
    (sheet,) = call("runs", "show", "20250813T0930").rows
    assert sheet["manifest"] == manifest_key("20250813T0930-a")
    assert [site["publisher"] for site in sheet["sites"]] == ["example", "silent"]
    assert sheet["sites"][0] == {"publisher": "example", "pages": 4, "articles": 3, "undated": 0, "rejected": {"too_short": 1}}
    (part,) = sheet["parts"]
    assert (part["rows"], part["put"], [part["key"]]) == (3, left.sink, [p.key for p in left.lake.manifests()[0].parts])
    (waiting,) = call("runs", "show", "20250813T0945-b").rows
    assert (waiting["manifest"], waiting["undelivered"], len(waiting["parts"])) == (None, 3, 1)


@pytest.mark.parametrize(
    ("prefix", "message"),
    [
        ("20250813T", "20250813T: several runs begin so (20250813T1000-c, "),
        ("2024", "2024: no run has this id; `scrapy runs` lists them"),
    ],
)
def test_a_prefix_that_names_no_run_or_several_is_refused(left: Cli, call: Call, prefix: str, message: str) -> None:
    done = call("runs", "show", prefix)
    assert (done.code, done.err.startswith(f"scrapy runs: {message}")) == (2, True), done.err


def test_a_person_sees_runs_as_tables(left: Cli) -> None:
    listed, shown = left.on_terminal("runs"), left.on_terminal("runs", "show", "20250813T0930-a")
    for text in ("undelivered", "20250813T1000-c", "1 too_short", "waiting"):
        assert text in listed.out, text
    for text in ("manifest", "_meta/v1/runs/20250813T0930-a/manifest.json", "silent", "part-20250813T0930-a-00001"):
        assert text in shown.out, text


def test_waiting_rows_are_those_that_no_sink_has_acknowledged(scrapy: Cli) -> None:
    store, sink = open_store(f"sqlite://{scrapy.store}"), open_sink(scrapy.sink)
    assert (store.waiting().rows, store.waiting().line_bytes) == (0, 0)
    store.start_run("run-1", "news", NOW)
    _commit(store, "run-1", 0)
    [day] = store.pending("run-1")
    assert (store.waiting().rows, store.waiting().line_bytes) == (3, day.line_bytes)
    store.assign_part("run-1", day.dt, day.last_seq)
    assert store.waiting().rows == 3
    deliver(store, sink, "run-1", NOW)
    _commit(store, "run-1", 10)
    assert store.waiting().rows == 3, "the part is put, three further rows wait"
    store.close()
