"""The memory of a publisher at work: articles are cleaned from the point at which enough is known, and those before them too."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines import sweep as sweeping
from pipelines.deliver import deliver, finish_run, recover
from pipelines.delivery.batches import Limits, unpack
from pipelines.delivery.manifest import Manifest
from pipelines.delivery.sinks import Sink, open_sink
from pipelines.habits import ALL
from pipelines.history import boilerplate
from pipelines.identity import content_hash
from pipelines.items import Article, Reason, Rejected
from pipelines.store import Store, Verdict, open_store
from pipelines.store import habits as kept
from pipelines.sweep import sweep
from tests.builders import NOW
from tests.cli import Cli, troubles
from tests.gazette import MIDDLE, SUFFIX, TAIL, Story, commit, draft_of, story
from tests.webserver import Answer, WebServer

ARTICLES = 60
LATER = NOW + timedelta(days=1)
_spawn = multiprocessing.get_context("spawn")


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    return [story(number) for number in range(ARTICLES)]


@pytest.fixture
def sink(tmp_path: Path) -> Sink:
    return open_sink(f"file://{tmp_path}/lake")


def crawl(store: Store, sink: Sink, run_id: str, stories: Sequence[Story], *, now: Any = NOW) -> tuple[list[Any], Manifest]:
    """What each story gave when it was committed, and the manifest of the run, all of it delivered at its end."""
    store.start_run(run_id, "news", now)
    outcomes = [commit(store, run_id, each, now) for each in stories]
    return outcomes, finish_run(store, sink, run_id, now, verdict=Verdict.OK)


def delivered(sink: Sink, manifest: Manifest) -> list[dict[str, Any]]:
    return [json.loads(line) for part in manifest.parts for line in unpack(sink.get(part.key) or b"")]


def junk(row: dict[str, Any], story: Story) -> list[str]:
    return [line for line in story.furniture if line in row["articleBody"]] + [row["headline"]] * (SUFFIX in row["headline"])


def lost(row: dict[str, Any], story: Story) -> list[str]:
    """The real sentences that an article's text lacks: its own, and those that others have too."""
    return [sentence for sentence in (*story.own, *story.shared) if sentence not in row["articleBody"]]


def number_of(row: dict[str, Any]) -> int:
    return int(row["url"].rpartition("-")[2])


def test_every_article_of_a_run_is_clean_and_whole_whichever_came_first(store: Store, sink: Sink, stories: list[Story]) -> None:
    outcomes, manifest = crawl(store, sink, "run-1", stories)
    at_once = [SUFFIX not in outcome.headline and TAIL not in outcome.articleBody for outcome in outcomes]
    assert at_once == [False] * 12 + [True] * (ARTICLES - 12), "twelve articles teach, the thirteenth profits"
    rows = delivered(sink, manifest)
    assert {number_of(row): (junk(row, stories[number_of(row)]), lost(row, stories[number_of(row)])) for row in rows} == {
        number: ([], []) for number in range(ARTICLES)
    }
    assert (manifest.rows, manifest.counts.articles) == (ARTICLES, ARTICLES)


def test_a_swept_article_agrees_with_itself_and_with_the_store(store: Store, sink: Sink, stories: list[Story]) -> None:
    _, manifest = crawl(store, sink, "run-1", stories[:20])
    for row in delivered(sink, manifest):
        assert row["articleBody"] == "\n".join(block["text"] for block in row["blocks"])
        assert row["wordCount"] == len(row["articleBody"].split())
        instants = row["datePublished"], row["dateModified"]
        assert row["contentHash"] == content_hash(row["headline"], row["description"], row["articleBody"], *instants)
        rules = [drop["rule"] for drop in row["extraction"]["removed"]]
        assert (rules.count("learned.boilerplate"), rules.count("learned.title_affix")) == (4, 1)
        memory = store.recall(draft_of(stories[number_of(row)]))
        assert (memory.version, memory.content_hash) == (1, row["contentHash"])


def test_no_second_version_arises_from_a_better_memory(store: Store, sink: Sink, stories: list[Story]) -> None:
    crawl(store, sink, "run-1", stories[:5])  # delivered as they are: too little is known
    crawl(store, sink, "run-2", stories[5:], now=LATER)
    store.start_run("run-3", "news", LATER)
    again = [commit(store, "run-3", story(each.number), LATER) for each in (*stories[:5], stories[5], stories[40])]
    assert [outcome.reason for outcome in again if isinstance(outcome, Rejected)] == [Reason.UNCHANGED] * 7


def test_what_is_in_a_part_is_not_touched(store: Store, sink: Sink, stories: list[Story]) -> None:
    store.start_run("run-1", "news", NOW)
    for each in stories[:6]:
        commit(store, "run-1", each)
    deliver(store, sink, "run-1", NOW, limits=Limits(part_age=timedelta(0)))
    (part,) = store.parts("run-1")
    before = sink.get(part.key or "")
    for each in stories[6:]:
        commit(store, "run-1", each)
    manifest = finish_run(store, sink, "run-1", NOW, verdict=Verdict.OK)
    assert sink.get(part.key or "") == before
    rows = delivered(sink, manifest)
    assert [bool(junk(row, stories[number_of(row)])) for row in rows] == [True] * 6 + [False] * (ARTICLES - 6)


def test_memory_survives_a_restart(tmp_path: Path, sink: Sink, stories: list[Story]) -> None:
    for run_id, some in (("run-1", stories[:9]), ("run-2", stories[9:14])):
        store = open_store(f"sqlite://{tmp_path}/store.db")
        outcomes, _ = crawl(store, sink, run_id, some)
        store.close()
    assert [SUFFIX in outcome.headline for outcome in outcomes] == [True] * 3 + [False] * 2


def test_after_a_redesign_the_new_lines_are_learnt_and_the_old_ones_lose_their_standing(store: Store) -> None:
    store.start_run("run-1", "news", NOW)
    for number in range(30):
        commit(store, "run-1", story(number))
    outcomes = [commit(store, "run-1", story(number, redesigned=True)) for number in range(30, 100)]
    new = story(30, redesigned=True).furniture[0]
    dropped = [new not in outcome.articleBody for outcome in outcomes if isinstance(outcome, Article)]
    assert dropped.index(True) <= 30
    assert all(dropped[dropped.index(True) :])
    habits = store.habits("gazette")
    old = next(habit for habit in habits.each.values() if habit.text == MIDDLE and habit.layout == ALL)
    standing = boilerplate.standing_of(old, habits.articles[ALL], NOW.date().isoformat())
    assert (old.articles, standing.is_furniture) == (30, False)


def test_a_crawl_that_begins_with_one_trial_keeps_the_sentence_of_its_reports(store: Store, sink: Sink) -> None:
    stories = [story(number, of_trial=number < 16) for number in range(40)]
    outcomes, manifest = crawl(store, sink, "run-1", stories)
    assert all(stories[number].shared[0] in outcomes[number].articleBody for number in range(16))
    assert [lost(row, stories[number_of(row)]) for row in delivered(sink, manifest)] == [[]] * 40


def _commit_some(url: str, run_id: str, numbers: range) -> None:
    store = open_store(url)
    store.start_run(run_id, "news", NOW)
    for number in numbers:
        commit(store, run_id, story(number))
    finish_run(store, open_sink(url.replace("sqlite", "file").replace("store.db", "lake")), run_id, NOW, verdict=Verdict.OK)
    store.close()


def test_two_processes_learn_together(tmp_path: Path, store: Store, sink: Sink, stories: list[Story]) -> None:
    shares = [(store.url, f"run-{first}", range(first, 24, 2)) for first in (0, 1)]
    processes = [_spawn.Process(target=_commit_some, args=share) for share in shares]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    habits = store.habits("gazette")
    assert habits.articles[ALL] == 24
    assert {habit.articles for habit in habits.each.values() if habit.text == TAIL} == {24}
    _, manifest = crawl(store, sink, "run-3", stories[24:30])
    assert [junk(row, stories[number_of(row)]) for row in delivered(sink, manifest)] == [[]] * 6


def _dies_in_sweep(url: str) -> None:
    """Revises two transactions of one article each, and is killed before the third."""
    store = open_store(url)
    assert store.take_over("run-1")
    revise, done = store.revise, []

    def revise_or_die(revisions: Any) -> int:
        if len(done) == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        done.append(revise(revisions))
        return done[-1]

    store.revise = revise_or_die  # type: ignore[method-assign]
    sweeping._AT_ONCE = 1
    (day,) = store.pending("run-1")
    sweep(store, "run-1", day.dt, day.last_seq)


def test_a_sweep_that_is_killed_is_completed_by_the_next_run(store: Store, sink: Sink, stories: list[Story]) -> None:
    store.start_run("run-1", "news", NOW)
    for each in stories[:20]:
        commit(store, "run-1", each)
    store.close()
    process = _spawn.Process(target=_dies_in_sweep, args=(store.url,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    again = open_store(store.url)
    (day,) = again.pending("run-1")
    lines = [json.loads(row.line) for row in again.pending_rows("run-1", day.dt)]
    assert [bool(junk(row, stories[number_of(row)])) for row in lines] == [False] * 2 + [True] * 10 + [False] * 8
    assert day.line_bytes == sum(len(row.line) for row in again.pending_rows("run-1", day.dt))
    (recovered,) = recover(again, sink, LATER)
    assert recovered.manifest is not None
    rows = delivered(sink, recovered.manifest)
    assert [junk(row, stories[number_of(row)]) + lost(row, stories[number_of(row)]) for row in rows] == [[]] * 20
    again.close()


def test_a_second_sweep_finds_nothing(store: Store, stories: list[Story]) -> None:
    store.start_run("run-1", "news", NOW)
    for each in stories[:20]:
        commit(store, "run-1", each)
    (day,) = store.pending("run-1")
    assert [sweep(store, "run-1", day.dt, day.last_seq) for _ in range(2)] == [12, 0]


def test_the_same_text_at_another_address_teaches_nothing(store: Store, stories: list[Story]) -> None:
    store.start_run("run-1", "news", NOW)
    for number in range(30):
        commit(store, "run-1", Story(number, stories[0].own, (), stories[0].html, ()))
    assert store.habits("gazette").articles[ALL] == 1


def test_what_is_kept_of_a_publisher_is_bounded(store: Store, stories: list[Story], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MAX_HABITS", 6)
    monkeypatch.setattr(kept, "_EVICT_EVERY", 10)
    store.start_run("run-1", "news", NOW)
    for each in stories:
        commit(store, "run-1", each)
    habits = store.habits("gazette").each.values()
    assert len(habits) == 6
    assert {habit.text for habit in habits if habit.layout == ALL} >= {TAIL, MIDDLE}, "the rare ones go"


def test_a_crawl_delivers_its_first_pages_without_what_it_learnt_from_its_last(scrapy: Cli, stories: list[Story]) -> None:
    pages = {each.path: Answer(each.html.encode()) for each in stories[:16]}
    with WebServer({"/robots.txt": Answer(status=404), **pages}) as server:
        folder = scrapy.folder / "publishers"
        folder.mkdir()
        (folder / "gazette.toml").write_text(f'hosts = ["127.0.0.1:{server.port}"]\nlanguage = "en"\n', encoding="utf-8")
        (scrapy.folder / "urls").write_text("".join(f"{server.url}{path}\n" for path in pages), encoding="utf-8")
        at_once = ("-s", "DOWNLOAD_DELAY=0")
        run = scrapy.run("crawl", "urls", "-a", f"urls={scrapy.folder / 'urls'}", *at_once, NEWS_ALLOW_NETWORKS="127.0.0.0/8")
    assert (run.code, troubles(run.err)) == (0, [])
    rows = scrapy.lake.articles()
    assert sorted(number_of(row) for row in rows) == list(range(16))
    assert [junk(row, stories[number_of(row)]) + lost(row, stories[number_of(row)]) for row in rows] == [[]] * 16
