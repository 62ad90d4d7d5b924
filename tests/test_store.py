"""The contract of every store, and what the SQLite file answers to its own troubles."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.delivery.schema import to_line
from pipelines.errors import StoreError
from pipelines.items import Reason, Rejected
from pipelines.store import Store, Verdict, VersionTaken, database, open_store
from pipelines.store.protocol import Count
from tests.builders import NOW, make_article, make_draft, make_link

LATER = NOW + timedelta(hours=1)
_spawn = multiprocessing.get_context("spawn")


@pytest.fixture
def store(open_: Callable[[], Store]) -> Store:
    store = open_()
    store.start_run("run-1", "news", NOW)
    return store


def end(store: Store, run_id: str) -> None:
    store.close_run(run_id, LATER, Verdict.OK)
    store.end_run(run_id, LATER)


# Links


def test_unseen_links_are_claimed_in_order_with_the_time_they_were_seen(store: Store) -> None:
    links = [make_link(number) for number in (3, 1, 2)]
    assert store.claim(links, "run-1", NOW) == [replace(link, first_seen=NOW) for link in links]


def test_a_link_that_is_listed_twice_is_claimed_once(store: Store) -> None:
    assert len(store.claim([make_link(1), make_link(1)], "run-1", NOW)) == 1
    assert store.claim([make_link(1)], "run-1", NOW) == []


def test_every_spelling_of_a_url_is_one_link(store: Store) -> None:
    spellings = ("http://news.example/a", "https://www.news.example/a/?utm_source=x", "https://m.news.example/a#top")
    assert len(store.claim([make_link(url=url) for url in spellings], "run-1", NOW)) == 1


def test_a_url_that_cannot_be_parsed_stops_no_listing(store: Store) -> None:
    links = [make_link(url="http://news.example:99999/"), make_link(1, title="half a pair \ud800")]
    assert len(store.claim(links, "run-1", NOW)) == 2


def test_a_later_listing_fills_the_gaps_of_the_first(store: Store) -> None:
    store.claim([make_link(1, title="From the feed")], "run-1", NOW)
    store.claim([make_link(1, title="From the sitemap", published="2025-08-13")], "run-1", LATER)
    store.release("run-1")
    [link] = store.claim([make_link(1, modified="2025-08-14")], "run-1", LATER)
    assert (link.title, link.published, link.modified) == ("From the feed", "2025-08-13", "2025-08-14")
    assert link.first_seen == NOW


def test_a_link_with_an_outcome_is_not_claimed_again(store: Store) -> None:
    one, two = store.claim([make_link(1), make_link(2)], "run-1", NOW)
    store.commit(one, make_article(1), run_id="run-1", now=NOW)
    store.commit(two, Rejected(Reason.NO_ARTICLE), run_id="run-1", now=NOW)
    end(store, "run-1")
    store.start_run("run-2", "news", LATER)
    assert store.claim([one, two], "run-2", LATER) == []


def test_released_links_are_claimed_again(store: Store) -> None:
    one, two, three = store.claim([make_link(n) for n in (1, 2, 3)], "run-1", NOW)
    store.release("run-1", [one])
    assert [link.url for link in store.claim([one, two], "run-1", NOW)] == [one.url]
    store.release("run-1")
    assert len(store.claim([one, two, three], "run-1", NOW)) == 3


def test_a_release_forgets_no_outcome(store: Store) -> None:
    [link] = store.claim([make_link(1)], "run-1", NOW)
    store.commit(link, Rejected(Reason.TIMEOUT), run_id="run-1", now=NOW)
    store.release("run-1")
    assert store.claim([link], "run-1", NOW) == []


def test_a_link_that_a_live_run_has_leased_is_not_given_away(store: Store, open_: Callable[[], Store]) -> None:
    store.claim([make_link(1)], "run-1", NOW)
    other = open_()
    other.start_run("run-2", "news", LATER)
    assert [link.url for link in other.claim([make_link(1), make_link(2)], "run-2", LATER)] == [make_link(2).url]


def test_a_rejection_to_be_tried_again_is_given_to_five_runs(store: Store) -> None:
    again = Rejected(Reason.FETCH, "timed out", retry=True)
    for attempt in range(1, 6):
        run_id = f"run-{attempt}"
        if attempt > 1:
            store.start_run(run_id, "news", NOW)
        [link] = store.claim([make_link(1)], run_id, NOW)
        store.commit(link, again, run_id=run_id, now=NOW)
        assert store.claim([link], run_id, NOW) == [], "a run does not try a link twice"
        end(store, run_id)
    store.start_run("run-6", "news", NOW)
    assert store.claim([make_link(1)], "run-6", NOW) == []


def test_a_run_that_was_not_started_claims_nothing(store: Store) -> None:
    with pytest.raises(StoreError, match=r"knows no run run-9; start_run comes first"):
        store.claim([make_link(1)], "run-9", NOW)


def test_a_time_without_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="aware"):
        store.claim([make_link(1)], "run-1", NOW.replace(tzinfo=None))


# Outcomes


def test_an_article_is_committed_with_its_memory_and_its_row(store: Store) -> None:
    [link] = store.claim([make_link(1)], "run-1", NOW)
    article = make_article(1)
    assert store.commit(link, article, run_id="run-1", now=NOW, draft=make_draft(article))
    memory = store.recall(make_draft(article, "text"))
    assert (memory.version, memory.content_hash, memory.twin) == (1, article.contentHash, None)
    [day] = store.pending("run-1")
    assert (day.dt, day.rows, day.oldest) == ("2025-08-13", 1, NOW)
    assert [row.line for row in store.pending_rows("run-1", day.dt)] == [to_line(article)]


def test_the_same_outcome_committed_twice_is_one(store: Store) -> None:
    [link] = store.claim([make_link(1)], "run-1", NOW)
    assert store.commit(link, make_article(1), run_id="run-1", now=NOW)
    assert not store.commit(link, make_article(1), run_id="run-1", now=LATER)
    assert store.counts("run-1") == [Count("example", "article", 1, 0)]
    assert [day.rows for day in store.pending("run-1")] == [1]


def test_a_version_that_another_run_took_leaves_nothing_behind(store: Store, open_: Callable[[], Store]) -> None:
    one, two = store.claim([make_link(1), make_link(2)], "run-1", NOW)
    other = open_()
    other.start_run("run-2", "news", NOW)
    other.commit(make_link(3), make_article(1), run_id="run-2", now=NOW)
    with pytest.raises(VersionTaken, match="has version 1 already"):
        store.commit(one, make_article(1, contentHash="f" * 64), run_id="run-1", now=NOW)
    assert (store.counts("run-1"), store.pending("run-1")) == ([], [])
    assert store.recall(make_draft(make_article(1))).version == 1
    assert store.commit(one, make_article(1, version=2, contentHash="f" * 64), run_id="run-1", now=NOW)
    assert store.commit(two, make_article(2), run_id="run-1", now=NOW)
    assert store.recall(make_draft(make_article(1))).version == 2


def test_the_other_spellings_of_a_page_are_done_with_it(store: Store) -> None:
    [link] = store.claim([make_link(1)], "run-1", NOW)
    urls = ["https://news.example/final", "https://news.example/canonical", link.url]
    store.commit(link, make_article(1), run_id="run-1", now=NOW, urls=urls)
    assert store.claim([make_link(url=url) for url in urls], "run-1", NOW) == []
    assert store.counts("run-1") == [Count("example", "article", 1, 0)]


def test_a_rejection_to_be_tried_again_settles_no_other_url(store: Store) -> None:
    [link] = store.claim([make_link(1)], "run-1", NOW)
    store.commit(link, Rejected(Reason.TIMEOUT, retry=True), run_id="run-1", now=NOW, urls=[make_link(2).url])
    assert len(store.claim([make_link(2)], "run-1", NOW)) == 1


def test_an_outcome_of_its_own_is_not_replaced_by_another_pages(store: Store) -> None:
    one, two = store.claim([make_link(1), make_link(2)], "run-1", NOW)
    store.commit(one, Rejected(Reason.TIMEOUT, retry=False), run_id="run-1", now=NOW)
    store.commit(two, make_article(2), run_id="run-1", now=NOW, urls=[one.url])
    assert [(count.outcome, count.pages) for count in store.counts("run-1")] == [("article", 1), ("timeout", 1)]


def test_a_page_that_was_never_claimed_can_be_committed(store: Store) -> None:
    assert store.commit(make_link(1), make_article(1), run_id="run-1", now=NOW)
    assert store.claim([make_link(1)], "run-1", NOW) == []


def test_the_twin_is_the_first_article_with_the_text(store: Store) -> None:
    for number in (1, 2, 3):
        article = make_article(number)
        store.commit(make_link(number), article, run_id="run-1", now=NOW, draft=make_draft(article, "wire report"))
    assert store.recall(make_draft(make_article(1), "wire report")).twin is None
    assert store.recall(make_draft(make_article(3), "wire report")).twin == make_article(1).id
    assert store.recall(make_draft(make_article(4), "another text")).twin is None


@pytest.mark.parametrize(("flags", "asked_by"), [([], '"new"'), (["paging.incomplete"], None)])
def test_a_look_asks_by_what_the_page_said_last_but_for_an_article_that_lacks_pages(
    store: Store, flags: list[str], asked_by: str | None
) -> None:
    """A first page that answers 304 would leave the others out for ever."""
    article, ages = make_article(flags=flags), [timedelta(hours=hours) for hours in (1, 6)]
    store.commit(make_link(), article, run_id="run-1", now=NOW, draft=make_draft(article), ages=ages)
    end(store, "run-1")
    seen = replace(article.provenance, http=replace(article.provenance.http, etag='"new"'))
    store.start_run("run-2", "news", LATER)
    draft = replace(make_draft(article), provenance=seen)
    store.commit(make_link(), Rejected(Reason.UNCHANGED), run_id="run-2", now=LATER, draft=draft, ages=ages)
    (watched,) = store.claim_due("example", "run-2", NOW + timedelta(hours=7), 10)
    assert watched.etag == asked_by


def test_counts_are_by_publisher_and_outcome_of_committed_pages(store: Store) -> None:
    outcomes = [
        ("a", make_article(1)),
        ("a", make_article(2, datePublished=None)),
        ("a", Rejected(Reason.EMPTY, "nothing")),
        ("b", Rejected(Reason.UNCHANGED, "half a pair \ud800")),
    ]
    for number, (publisher, outcome) in enumerate(outcomes):
        store.commit(make_link(number, publisher=publisher), outcome, run_id="run-1", now=NOW)
    assert store.counts("run-1") == [Count("a", "article", 2, 1), Count("a", "empty", 1, 0), Count("b", "unchanged", 1, 0)]
    assert store.counts("run-2") == []


# Runs


def test_a_run_id_is_used_once(store: Store) -> None:
    with pytest.raises(StoreError, match="running already"):
        store.start_run("run-1", "news", LATER)
    end(store, "run-1")
    with pytest.raises(StoreError, match="was there before"):
        store.start_run("run-1", "news", LATER)


@pytest.mark.parametrize("run_id", ["", "../x", "a/b", "a b", ".", "x" * 101])
def test_a_run_id_that_is_no_file_name_is_refused(store: Store, run_id: str) -> None:
    with pytest.raises(StoreError, match="refused"):
        store.start_run(run_id, "news", NOW)


def test_a_run_lives_until_its_store_is_closed(store: Store, open_: Callable[[], Store]) -> None:
    other = open_()
    assert (other.is_live("run-1"), other.live_runs(), other.unfinished_runs()) == (True, ["run-1"], [])
    store.close()
    assert (other.is_live("run-1"), other.live_runs()) == (False, [])
    assert [run.run_id for run in other.unfinished_runs()] == ["run-1"]


def test_one_of_many_takes_a_dead_run_over(store: Store, open_: Callable[[], Store]) -> None:
    store.close()
    others = [open_() for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        taken = list(threads.map(lambda other: other.take_over("run-1"), others))
    assert taken.count(True) == 1
    winner = others[taken.index(True)]
    winner.let_go("run-1")
    assert others[taken.index(False)].take_over("run-1")


def test_an_ended_run_is_not_taken_over(store: Store, open_: Callable[[], Store]) -> None:
    end(store, "run-1")
    other = open_()
    assert not other.take_over("run-1")
    assert (other.unfinished_runs(), other.live_runs()) == ([], [])


def test_a_closed_run_takes_no_more_pages_and_gives_its_leases_back(store: Store, open_: Callable[[], Store]) -> None:
    [link] = store.claim([make_link(1)], "run-1", NOW)
    store.close_run("run-1", LATER, Verdict.STOPPED, ["b", "a", "a"])
    with pytest.raises(StoreError, match="takes no more pages"):
        store.commit(link, make_article(1), run_id="run-1", now=LATER)
    other = open_()
    other.start_run("run-2", "news", LATER)
    assert len(other.claim([link], "run-2", LATER)) == 1


def test_the_end_of_a_run_is_what_was_written_first(store: Store) -> None:
    first = store.close_run("run-1", NOW, Verdict.OK, ["a"])
    assert store.close_run("run-1", LATER, Verdict.KILLED) == first
    assert (first.closed, first.verdict, first.sites) == (NOW, Verdict.OK, ("a",))
    store.seal_manifest("run-1", b"never arrived")
    store.seal_manifest("run-1", b"in the sink")
    store.end_run("run-1", NOW)
    store.seal_manifest("run-1", b"after its end")
    assert store.run("run-1").manifest == b"in the sink"


def test_a_forked_worker_does_not_keep_its_parents_run_alive(store: Store, open_: Callable[[], Store]) -> None:
    """Extraction workers may be forked from a process that holds a run."""
    ready, wait = _spawn.Event(), _spawn.Event()
    parent = _spawn.Process(target=_hold_with_a_fork, args=(store.url, ready, wait))
    parent.start()
    assert ready.wait(30)
    assert store.is_live("run-forked")
    os.kill(parent.pid or 0, signal.SIGKILL)
    parent.join()
    try:
        assert not store.is_live("run-forked"), "the orphan still runs, the run does not"
    finally:
        wait.set()


def _hold_with_a_fork(url: str, ready: threading.Event, wait: threading.Event) -> None:
    store = open_store(url)
    store.start_run("run-forked", "news", NOW)
    if os.fork() == 0:
        ready.set()
        wait.wait(60)
        os._exit(0)
    signal.pause()


# Processes and threads


def test_the_leases_of_a_killed_run_are_free_at_once(store: Store) -> None:
    killed = _spawn.Process(target=_claim_and_die, args=(store.url,))
    killed.start()
    killed.join(30)
    assert killed.exitcode == -signal.SIGKILL
    assert len(store.claim([make_link(number) for number in range(10)], "run-1", LATER)) == 10
    assert [run.run_id for run in store.unfinished_runs()] == ["run-killed"]


def _claim_and_die(url: str) -> None:
    store = open_store(url)
    store.start_run("run-killed", "news", NOW)
    store.claim([make_link(number) for number in range(10)], "run-killed", NOW)
    os.kill(os.getpid(), signal.SIGKILL)


def test_two_processes_never_get_the_same_link(store: Store) -> None:
    results, gate = _spawn.Queue(), _spawn.Barrier(2)
    processes = [_spawn.Process(target=_claim_all, args=(store.url, f"run-p{n}", gate, results)) for n in (1, 2)]
    for process in processes:
        process.start()
    claimed = [results.get(timeout=30) for _ in processes]
    for process in processes:
        process.join(30)
    assert sorted(claimed[0] + claimed[1]) == sorted(make_link(number).url for number in range(400))


def _claim_all(url: str, run_id: str, gate: threading.Barrier, results: multiprocessing.Queue[list[str]]) -> None:
    store = open_store(url)
    store.start_run(run_id, "news", NOW)
    claimed: list[str] = []
    gate.wait(30)
    for first in range(0, 400, 5):
        claimed += [link.url for link in store.claim([make_link(n) for n in range(first, first + 5)], run_id, NOW)]
    results.put(claimed)
    gate.wait(30)  # alive until the other has claimed, too


def test_many_threads_commit_at_once(store: Store) -> None:
    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(lambda n: store.commit(make_link(n), make_article(n), run_id="run-1", now=NOW), range(80)))
    assert done == [True] * 80
    [day] = store.pending("run-1")
    assert len({row.line for row in store.pending_rows("run-1", day.dt)}) == day.rows == 80


def test_many_threads_open_a_new_store_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        stores = list(threads.map(lambda _: open_store(f"sqlite://{tmp_path}/new.db"), range(8)))
    for number, store in enumerate(stores):
        store.start_run(f"run-{number}", "news", NOW)
    assert len(stores[0].runs()) == 8
    for store in stores:
        store.close()


# Hosts


def test_a_robots_txt_is_kept_while_it_is_fresh_for_its_host_alone(store: Store, open_: Callable[[], Store]) -> None:
    store.keep_robots_txt("a.example", b"User-agent: *", LATER, NOW)
    store.keep_robots_txt("b.example", b"", LATER + timedelta(hours=1), NOW)
    assert (open_().robots_txt("a.example", NOW), store.robots_txt("b.example", NOW)) == (b"User-agent: *", b"")
    assert store.robots_txt("c.example", NOW) is None
    assert (store.robots_txt("a.example", LATER), store.robots_txt("b.example", LATER)) == (None, b"")
    store.keep_robots_txt("a.example", b"new", LATER + timedelta(days=1), LATER)
    assert store.robots_txt("a.example", LATER) == b"new"


# The outbox


@settings(deadline=None, max_examples=40)
@given(cuts=st.lists(st.integers(0, 12), max_size=6))
def test_parts_hold_every_row_once_in_order_however_they_are_cut(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int]
) -> None:
    store = open_store(f"sqlite://{tmp_path_factory.mktemp('cut')}/store.db")
    store.start_run("run-1", "news", NOW)
    for number in range(12):
        store.commit(make_link(number), make_article(number), run_id="run-1", now=NOW)
    for cut in [*cuts, 12]:
        store.assign_part("run-1", "2025-08-13", cut)
    parts = store.parts("run-1")
    assert [part.seq for part in parts] == list(range(1, len(parts) + 1))
    rows = [list(store.part_rows(part)) for part in parts]
    assert [len(page) for page in rows] == [part.rows for part in parts]
    assert [row.line for page in rows for row in page] == [to_line(make_article(number)) for number in range(12)]
    assert store.pending("run-1") == []
    store.close()


def test_rows_are_read_in_pages_without_losing_one(store: Store) -> None:
    for number in range(450):
        store.commit(make_link(number), make_article(number), run_id="run-1", now=NOW)
    assert len(list(store.pending_rows("run-1", "2025-08-13"))) == 450


def test_rows_are_parted_by_the_day_of_their_commit(store: Store) -> None:
    store.commit(make_link(1), make_article(1), run_id="run-1", now=NOW)
    store.commit(make_link(2), make_article(2), run_id="run-1", now=NOW + timedelta(days=1))
    assert [day.dt for day in store.pending("run-1")] == ["2025-08-13", "2025-08-14"]


def test_rows_leave_the_outbox_with_the_end_of_their_run_alone(store: Store) -> None:
    store.start_run("run-2", "news", NOW)
    for number, run_id in enumerate(("run-1", "run-2")):
        store.commit(make_link(number), make_article(number), run_id=run_id, now=NOW)
    end(store, "run-1")
    assert store.pending("run-1") == []
    assert len(store.pending("run-2")) == 1
    assert store.counts("run-1") == [Count("example", "article", 1, 0)]


# The file


def test_a_stores_folder_is_made_where_there_is_none(tmp_path: Path) -> None:
    open_store(f"sqlite://{tmp_path}/var/kept/store.db").close()
    assert (tmp_path / "var/kept/store.db").exists()


@pytest.mark.parametrize("url", ["", "store.db", "sqlite:store.db", "sqlite://store.db", "sqlite:///", "postgres:///x"])
def test_an_address_that_is_none_is_refused_with_what_is_allowed(url: str) -> None:
    with pytest.raises(StoreError, match=r"allowed is sqlite:///absolute/path\.db"):
        open_store(url)


def test_a_fourth_slash_changes_nothing(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/my%20store.db")
    assert (tmp_path / "my store.db").exists()
    assert store.url == f"sqlite://{tmp_path}/my%20store.db"
    store.close()


def test_a_file_that_is_no_database_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"no database at all " * 100)
    with pytest.raises(StoreError, match=r"store\.db: file is not a database: .*move this one aside"):
        open_store(f"sqlite://{path}")
    assert path.read_bytes() == b"no database at all " * 100


def test_a_damaged_database_says_so_and_what_to_do(tmp_path: Path, open_: Callable[[], Store]) -> None:
    store = open_()
    store.start_run("run-1", "news", NOW)
    for number in range(50):
        store.commit(make_link(number), make_article(number), run_id="run-1", now=NOW)
    store.close()
    path = tmp_path / "store.db"
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    with pytest.raises(StoreError, match=r"store\.db is damaged: .*malformed; the next run moves it aside"):
        open_().runs()


def test_a_store_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match=r"has format 99.*use the newer release"):
        open_store(f"sqlite://{path}")


def test_a_store_of_an_older_release_gets_the_steps_it_lacks(
    monkeypatch: pytest.MonkeyPatch, open_: Callable[[], Store], tmp_path: Path
) -> None:
    open_().start_run("run-1", "news", NOW)
    added = (*database.MIGRATIONS, "CREATE TABLE later (x TEXT) STRICT;")
    monkeypatch.setattr(database, "MIGRATIONS", added)
    assert [run.run_id for run in open_().runs()] == ["run-1"]
    connection = sqlite3.connect(tmp_path / "store.db")
    assert connection.execute("PRAGMA user_version").fetchone() == (len(added),)
    assert connection.execute("SELECT count(*) FROM later").fetchone() == (0,)
    connection.close()


def test_another_programs_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    with pytest.raises(StoreError, match="another program's"):
        open_store(f"sqlite://{path}")


def test_a_folder_that_cannot_be_made_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file/store\.db cannot be opened.*Name a writable folder"):
        open_store(f"sqlite://{tmp_path}/file/store.db")


def test_the_file_is_in_wal_mode(store: Store, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "store.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
