"""A store that is damaged, cut short, emptied or gone: nothing is stored twice after it, and nothing is lost that can be read."""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from examples.newsroom.server import Newsroom
from pipelines.deliver import finish_run, recover
from pipelines.delivery.lake import lines
from pipelines.delivery.manifest import sealed
from pipelines.delivery.sinks import Sink, open_sink
from pipelines.errors import StoreDamaged, StoreError
from pipelines.habits import Part, Trace, Traces
from pipelines.items import ClockSample, Page, Reason, Rejected
from pipelines.rebuild import is_new, rebuild, store_fault
from pipelines.store import Store, Verdict, open_store
from pipelines.store.keys import link_key
from pipelines.store.pages import PAGE, Salvage
from pipelines.store.schedule import ListingState
from pipelines.vitals import Vitals
from tests.builders import NOW, make_article, make_draft, make_link
from tests.cli import Cli, Done, steps_of
from tests.conftest import Call

LATER = NOW + timedelta(hours=1)
DELIVERED, WAITING, REJECTED = range(40), range(40, 100), range(100, 110)


@dataclass(frozen=True)
class Kept:
    """A store and its sink as a killed process left them: 40 articles delivered, 60 in the outbox, part of it in the log."""

    folder: Path

    def copy(self, to: Path) -> Kept:
        shutil.copytree(self.folder, to)
        return Kept(to)

    @property
    def file(self) -> Path:
        return self.folder / "store.db"

    @property
    def log(self) -> Path:
        return self.folder / "store.db-wal"

    @property
    def url(self) -> str:
        return f"sqlite://{self.file}"

    @property
    def sink(self) -> Sink:
        return open_sink(f"file://{self.folder}/lake")

    def healed(self) -> Store:
        """The store after what a run does to a damaged one."""
        fault = store_fault(self.url)
        assert fault, "the damage is found"
        rebuild(self.url, self.sink, LATER, fault)
        assert store_fault(self.url) is None
        return open_store(self.url)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    original, copy = (tmp_path_factory.mktemp("killed") / name for name in ("original", "copy"))
    store, sink = open_store(f"sqlite://{original}/store.db"), open_sink(f"file://{original}/lake")
    store.start_run("run-1", "news", NOW)
    _commit(store, "run-1", DELIVERED)
    finish_run(store, sink, "run-1", NOW, verdict=Verdict.OK)
    store.start_run("run-2", "news", NOW)
    for number in REJECTED:
        store.commit(make_link(number), Rejected(Reason.TOO_SHORT), run_id="run-2", now=NOW)
    _commit(store, "run-2", WAITING)
    # While it is open: as kill -9 would leave it.
    shutil.copytree(original, copy)
    store.close()
    assert (copy / "store.db-wal").stat().st_size > 20 * PAGE
    (copy / "store.db-shm").unlink()
    return Kept(copy)


@pytest.fixture(scope="module")
def closed(killed: Kept, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The same, its log written back into the file."""
    kept = killed.copy(tmp_path_factory.mktemp("closed") / "copy")
    open_store(kept.url).close()
    assert not kept.log.exists()
    return kept


def _commit(store: Store, run_id: str, numbers: range) -> None:
    for number in numbers:
        # Every seventh is larger than a page of the file.
        article = make_article(number, keywords=[f"{number} {place}" for place in range(2000 if number % 7 == 0 else 3)])
        store.claim([make_link(number)], run_id, NOW)
        store.commit(make_link(number), article, run_id=run_id, now=NOW)


def ids(sink: Sink) -> list[str]:
    return [json.loads(line)["id"] for line in lines(sink)]


def check_once_and_all_but(kept: Kept, store: Store, most_lost: int) -> list[int]:
    """Deliver what was saved, and fetch the rest anew: no article twice, at most so many not saved; their numbers."""
    waiting = store.waiting().rows
    assert [run.error for run in recover(store, kept.sink, LATER)] == [None] * (1 if waiting else 0)
    saved = ids(kept.sink)
    assert len(saved) == len(set(saved)) == len(DELIVERED) + waiting
    assert {make_article(number).id for number in DELIVERED} <= set(saved), "what was delivered stays"
    store.start_run("run-3", "news", LATER)
    links = [make_link(number) for number in (*DELIVERED, *WAITING)]
    again = [int(link.url.rpartition("-")[2]) for link in store.claim(links, "run-3", LATER)]
    lost = [number for number in WAITING if make_article(number).id not in saved]
    assert again == lost, "what is lost, and nothing else, is fetched anew"
    assert len(lost) <= most_lost
    assert store.recall(make_draft(make_article(DELIVERED[3]))).version == 1
    store.close()
    return lost


# Damage to the file


def test_a_store_that_is_sound_is_found_sound(killed: Kept, closed: Kept, tmp_path: Path) -> None:
    assert store_fault(killed.copy(tmp_path / "killed").url) is None
    assert store_fault(closed.copy(tmp_path / "closed").url) is None


@pytest.mark.parametrize("part", range(4))
def test_a_page_of_garbage_costs_what_was_on_it_at_most(closed: Kept, tmp_path: Path, part: int) -> None:
    """Page after page; a page that holds no more than an index costs nothing."""
    pages = closed.file.stat().st_size // PAGE
    found = 0
    for number in [0, *random.Random(part).sample(range(1, pages), 9)]:
        kept = closed.copy(tmp_path / f"{number}")
        with kept.file.open("r+b") as file:
            file.seek(number * PAGE)
            file.write(random.Random(number).randbytes(PAGE))
        if store_fault(kept.url) is None:
            continue  # a free page: nobody will read it
        found += 1
        check_once_and_all_but(kept, kept.healed(), most_lost=4)
    assert found > 3


@pytest.mark.parametrize("share", [0, 0.001, 0.2, 0.5, 0.8, 0.99])
def test_a_file_that_is_cut_short_gives_what_is_left(closed: Kept, tmp_path: Path, share: float) -> None:
    kept = closed.copy(tmp_path / "kept")
    with kept.file.open("r+b") as file:
        file.truncate(int(kept.file.stat().st_size * share))
    lost = check_once_and_all_but(kept, kept.healed(), most_lost=len(WAITING))
    assert share < 0.99 or len(lost) < 5


def test_a_destroyed_header_costs_nothing(closed: Kept, tmp_path: Path) -> None:
    kept = closed.copy(tmp_path / "kept")
    with kept.file.open("r+b") as file:
        file.write(b"\xff" * PAGE)
    with pytest.raises(StoreDamaged, match="its header is damaged; the next run moves it aside"):
        open_store(kept.url)
    assert check_once_and_all_but(kept, kept.healed(), most_lost=0) == []


@pytest.mark.parametrize("offset", [0, 8, 24, 32, 40, 5000, 60_000, 80_000])
def test_a_damaged_log_is_not_passed_over_in_silence(killed: Kept, tmp_path: Path, offset: int) -> None:
    """SQLite itself ignores the log from the first damaged frame on, and goes on with an older state of the file."""
    kept = killed.copy(tmp_path / "kept")
    with kept.log.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xa5" * 16)
    check_once_and_all_but(kept, kept.healed(), most_lost=4)


def test_a_log_of_garbage_gives_what_the_file_has(killed: Kept, tmp_path: Path) -> None:
    kept = killed.copy(tmp_path / "kept")
    kept.log.write_bytes(random.Random(0).randbytes(kept.log.stat().st_size))
    check_once_and_all_but(kept, kept.healed(), most_lost=len(WAITING))


def test_a_log_that_is_gone_does_not_deliver_twice(killed: Kept, tmp_path: Path) -> None:
    """The file alone is an older state. It is sound, and from after the last manifest, or it would not be believed."""
    kept = killed.copy(tmp_path / "kept")
    kept.log.unlink()
    assert store_fault(kept.url) is None
    check_once_and_all_but(kept, open_store(kept.url), most_lost=len(WAITING))


def test_an_old_copy_of_the_file_is_found_out(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    store = open_store(kept.url)
    store.start_run("run-1", "news", NOW)
    store.close()
    old = kept.file.read_bytes()
    store = open_store(kept.url)
    store.start_run("run-2", "news", NOW)
    _commit(store, "run-2", range(3))
    finish_run(store, kept.sink, "run-2", NOW, verdict=Verdict.OK)
    store.close()
    kept.file.write_bytes(old)
    assert store_fault(kept.url) == "it is an older state, from before run run-2"
    healed = kept.healed()
    healed.start_run("run-3", "news", LATER)
    assert healed.claim([make_link(number) for number in range(3)], "run-3", LATER) == []
    healed.close()


def test_a_schema_that_is_no_text_is_damage(closed: Kept, tmp_path: Path) -> None:
    kept = closed.copy(tmp_path / "copy")
    content = kept.file.read_bytes()
    assert b"CREATE TABLE links" in content
    kept.file.write_bytes(content.replace(b"CREATE TABLE links", b"CREATE TABLE \xa0inks"))
    check_once_and_all_but(kept, kept.healed(), most_lost=0)


def test_damage_that_only_a_run_meets_is_known_to_the_next(closed: Kept, tmp_path: Path) -> None:
    """A value that is no text any more: SQLite's own check of the file passes it over."""
    kept = closed.copy(tmp_path / "copy")
    with closing(sqlite3.connect(kept.file)) as connection, connection:
        connection.execute("UPDATE links SET url = CAST(x'ff' AS TEXT) WHERE outcome IS NULL OR outcome <> 'article'")
        connection.execute("UPDATE links SET outcome = NULL, retry = 1")
    assert store_fault(kept.url) is None
    store = open_store(kept.url)
    with pytest.raises(StoreDamaged, match="Could not decode"):
        store.open_links("example", LATER, 1000)
    store.close()
    assert "Could not decode" in (store_fault(kept.url) or "")
    check_once_and_all_but(kept, kept.healed(), most_lost=0)


def test_a_bit_that_changed_inside_a_row_is_not_delivered(closed: Kept, tmp_path: Path) -> None:
    kept = closed.copy(tmp_path / "copy")
    content = kept.file.read_bytes()
    told = f"Harbour reopens ({WAITING[-1]})".encode()
    assert told in content
    kept.file.write_bytes(content.replace(told, told.replace(b"Harbour", b"Garbour")))
    assert store_fault(kept.url) is None
    store = open_store(kept.url)
    with pytest.raises(StoreDamaged, match="of its table outbox is not what was written"):
        recover(store, kept.sink, LATER)
    store.close()
    assert b"Garbour" not in b"".join(lines(kept.sink))
    check_once_and_all_but(kept, kept.healed(), most_lost=1)
    assert b"Garbour" not in b"".join(lines(kept.sink))


WORDS = {
    "runs.sites": ("'{\"a\": 1}'", lambda store, sink: store.runs()),
    "runs.started": ("'yesterday'", lambda store, sink: store.unfinished_runs()),
    "runs.verdict": ("'fine'", lambda store, sink: store.run("run-1")),
    "links.via": ("'pigeon'", lambda store, sink: store.open_links("example", LATER, 1000)),
    "links.first_seen": ("'2025-08-13'", lambda store, sink: store.open_links("example", LATER, 1000)),
    "listings.visited": ("'13 August'", lambda store, sink: store.listings("example")),
    "watched.stored": ("''", lambda store, sink: store.watched(make_link(1))),
    "watched.body": ("x'00'", lambda store, sink: store.recall(make_draft(make_article(1)))),
    "vitals.vitals": ("'{\"articles\": 1'", lambda store, sink: store.note_vitals(Vitals("example", NOW))),
    "alarms.raised": ("'x'", lambda store, sink: store.note_alarms("example", ["gone"], LATER, NOW)),
    "clocks.utc": ("'noon'", lambda store, sink: store.clocks("example")),
    "habits.part": ("'elbow'", lambda store, sink: store.habits("example")),
    "quarantine.link": ("'[1]'", lambda store, sink: store.quarantined()),
    "quarantine.headers": ("'[]'", lambda store, sink: store.quarantined()),
    "quarantine.body": ("x'00'", lambda store, sink: store.quarantined_page(link_key(make_link(70).url))),
    "outbox.at": ("'now'", lambda store, sink: store.pending("run-2")),
    "outbox.traces": ("'[]'", lambda store, sink: recover(store, sink, LATER)),
    "outbox.line": ("x'7b7d0a'", lambda store, sink: store.article_ids(["a"])),
}  # fmt: skip


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A store with something in each of its tables; a run is delivered, and another one is dead."""
    kept = Kept(tmp_path_factory.mktemp("rich"))
    store = open_store(kept.url)
    clock = ClockSample(NOW, 120, "meta", "12:00")
    traces = Traces(blocks=1, each=(Trace(7, Part.BLOCK, "Every article shows this line.", 0),))
    for run_id, numbers in (("run-1", range(2)), ("run-2", range(2, 4))):
        store.start_run(run_id, "news", NOW)
        for number in numbers:
            article = make_article(number)
            draft = make_draft(article, f"text {number}", clock=clock, traces=traces)
            store.commit(make_link(number), article, run_id=run_id, now=NOW, draft=draft, ages=[timedelta(days=9)])
    store.claim([make_link(60)], "run-2", NOW)
    store.keep_listing(ListingState("https://www.example.com/feed", "example", NOW, visited=NOW))
    store.note_vitals(Vitals("example", NOW, articles=2))
    store.note_alarms("example", ["gone"], NOW, NOW)
    page = Page(make_link(70).url, b"<p>", NOW, make_link(70), 200, {"Server": "x"})
    store.commit(page.link, Rejected(Reason.CRASHED, "fault"), run_id="run-2", now=NOW, page=page)
    finish_run(store, kept.sink, "run-1", NOW, verdict=Verdict.OK)
    store.close()
    return kept


@pytest.mark.parametrize("cell", WORDS)
def test_a_value_that_is_not_what_was_written_is_told_by_its_place_and_not_taken_over(
    cell: str, rich: Kept, tmp_path: Path
) -> None:
    (table, _, column), (value, read) = cell.partition("."), WORDS[cell]
    kept = rich.copy(tmp_path / "copy")
    with closing(sqlite3.connect(kept.file)) as connection, connection:
        assert connection.execute(f"UPDATE {table} SET {column} = {value}").rowcount
    assert store_fault(kept.url) is None
    said = f"row .* of its table {table} is not what was written"
    assert re.search(said, store_fault(kept.url, deep=True) or "")
    store = open_store(kept.url)
    with pytest.raises(StoreDamaged, match=said):
        read(store, kept.sink)
    store.close()
    assert re.search(said, store_fault(kept.url) or ""), "the next run makes it anew"
    healed = kept.healed()
    read(healed, kept.sink) if cell not in ("quarantine.body", "runs.verdict") else None
    assert store_fault(kept.url, deep=True) is None
    healed.close()


def test_a_manifest_that_is_damaged_in_the_store_is_told_and_taken_from_the_sink(rich: Kept, tmp_path: Path) -> None:
    kept = rich.copy(tmp_path / "copy")
    with closing(sqlite3.connect(kept.file)) as connection, connection:
        connection.execute("UPDATE runs SET manifest = x'7b' WHERE run_id = 'run-1'")
    store = open_store(kept.url)
    with pytest.raises(StoreError, match="the manifest of run run-1 in the store's table runs is not what was written"):
        sealed(store.run("run-1"))
    store.close()
    assert "row run-1 of its table runs is not what was written" in (store_fault(kept.url, deep=True) or "")
    rebuild(kept.url, kept.sink, LATER, "a value is damaged")
    healed = open_store(kept.url)
    assert sealed(healed.run("run-1")) is not None
    healed.close()


def test_a_damaged_file_without_a_mark_is_made_anew_only_by_force(call: Call, scrapy: Cli, closed: Kept) -> None:
    shutil.copy(closed.file, scrapy.store)
    content = scrapy.store.read_bytes()
    scrapy.store.write_bytes(content[: len(content) // 2])
    refused = call("store", "rebuild")
    assert (refused.code, "`scrapy store rebuild --force` makes it anew" in refused.err) == (2, True), refused.err
    assert scrapy.store.read_bytes() == content[: len(content) // 2]
    assert call("store", "rebuild", "--force").code == 0
    assert call("store", "check").code == 0


def test_an_empty_file_without_a_mark_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "store.db").touch()
    assert is_new(f"sqlite://{tmp_path}/store.db")
    open_store(f"sqlite://{tmp_path}/store.db").close()
    assert not is_new(f"sqlite://{tmp_path}/store.db")


def test_a_store_whose_mark_cannot_be_read_may_be_an_old_one(closed: Kept, tmp_path: Path) -> None:
    kept = closed.copy(tmp_path / "copy")
    (kept.folder / "store.db.runs" / ".sealed").write_bytes(b"\xff\x00\xff")
    assert "it is an older state" in (store_fault(kept.url) or "")
    check_once_and_all_but(kept, kept.healed(), most_lost=0)


@pytest.mark.parametrize("what", ["gone", "empty"])
def test_a_store_that_is_gone_is_not_begun_anew_in_silence(closed: Kept, tmp_path: Path, what: str) -> None:
    kept = closed.copy(tmp_path / "kept")
    kept.file.unlink() if what == "gone" else kept.file.write_bytes(b"")
    with pytest.raises(StoreDamaged, match="it was here, and is gone" if what == "gone" else "it is empty"):
        open_store(kept.url)
    assert check_once_and_all_but(kept, kept.healed(), most_lost=len(WAITING)) == list(WAITING)


def test_a_rebuild_killed_at_any_step_is_completed_by_the_next(closed: Kept, tmp_path: Path) -> None:
    kept = closed.copy(tmp_path / "kept")
    with kept.file.open("r+b") as file:
        file.write(b"\xff" * PAGE)
    folder = tmp_path / "steps"
    folder.mkdir()
    steps = steps_of("dies_rebuilding", kept.folder, folder)
    expected = sorted(make_article(number).id for number in (*DELIVERED, *WAITING))
    for number, step in enumerate(steps, 1):
        assert (step["ids"], step["errors"], step["aside"], step["left"]) == (expected, [], 1, []), f"killed at {number}"
    assert sum(step["died"] for step in steps) > 8


# What comes back


def test_what_is_left_is_told_once_and_the_damaged_files_stay(closed: Kept, tmp_path: Path) -> None:
    kept = closed.copy(tmp_path / "kept")
    with kept.file.open("r+b") as file:
        file.write(b"\xff" * PAGE)
    damaged = kept.file.read_bytes()
    store = kept.healed()
    aside = tmp_path / "kept" / "store.db.damaged-20250813T103000Z"
    assert aside.read_bytes() == damaged
    store.start_run("run-3", "news", LATER)
    [told] = store.untold("run-3")
    assert (told.articles, told.kept, told.unread_parts, told.aside) == (40, 60, 0, str(aside))
    assert str(told) == (
        f"the store was made anew (its header is damaged): 40 articles are known from the sink, 60 of the outbox were saved; "
        f"the damaged files are {aside}*"
    )
    assert store.untold("run-4") == []
    assert [run.run_id for run in store.runs()] == ["run-3", "20250813T103000Z-rebuild", "run-1"]
    store.close()


def test_rejections_are_kept_where_sqlite_reads_them(closed: Kept, tmp_path: Path) -> None:
    kept = closed.copy(tmp_path / "kept")
    rebuild(kept.url, kept.sink, LATER, "asked for")
    store = open_store(kept.url)
    store.start_run("run-3", "news", LATER)
    assert store.claim([make_link(number) for number in REJECTED], "run-3", LATER) == []
    store.close()


def test_a_part_that_is_gone_is_counted(closed: Kept, tmp_path: Path) -> None:
    kept = closed.copy(tmp_path / "kept")
    for part in (kept.folder / "lake" / "articles").rglob("part-*"):
        part.unlink()
    assert rebuild(kept.url, kept.sink, LATER, "asked for").unread_parts == 1


def test_a_store_in_use_is_not_replaced(closed: Kept, tmp_path: Path) -> None:
    kept = closed.copy(tmp_path / "kept")
    store = open_store(kept.url)
    with pytest.raises(StoreError, match="is in use; end the processes that use it"):
        rebuild(kept.url, kept.sink, LATER, "asked for")
    store.close()


def test_every_record_of_a_sound_file_is_read_page_by_page(killed: Kept, closed: Kept) -> None:
    for kept in (killed, closed):
        with Salvage(kept.file) as salvage:
            found = {values[6] for _, values in salvage.records() if len(values) in (7, 8, 9) and isinstance(values[6], bytes)}
        assert salvage.broken == 0
        numbers = [json.loads(line)["id"] for line in found]
        assert {make_article(number).id for number in WAITING} <= set(numbers)


# The commands


def test_a_full_disk_leaves_a_damaged_store_as_it_was(scrapy: Cli, closed: Kept) -> None:
    shutil.copytree(closed.folder, scrapy.folder, dirs_exist_ok=True)
    with scrapy.store.open("r+b") as file:
        file.write(b"\xff" * PAGE)
    damaged = scrapy.store.read_bytes()
    for arguments in (["store", "rebuild"], ["crawl", "news", "-a", "site=http://127.0.0.1:9/"]):
        full = scrapy.run(*arguments, file_bytes=50_000, NEWS_PUBLISHERS="")
        assert (full.code, "Traceback" in full.err) == (2, False), full.err
        assert "cannot be made anew: " in full.err and "see to its disk and the space on it, and run again" in full.err
        assert scrapy.store.read_bytes() == damaged
    assert scrapy.run("store", "rebuild", NEWS_PUBLISHERS="").code == 0


def test_a_damaged_value_is_told_by_each_command_that_meets_it(call: Call, scrapy: Cli, rich: Kept) -> None:
    shutil.copytree(rich.folder, scrapy.folder, dirs_exist_ok=True)
    assert call("store", "check").out.endswith(": sound\n")
    with closing(sqlite3.connect(scrapy.store)) as connection, connection:
        connection.execute("UPDATE runs SET sites = '[' WHERE run_id = 'run-2'")
    said = "row run-2 of its table runs is not what was written"
    for arguments in (["runs"], ["deliver"]):
        done = call(*arguments)
        assert (done.code, said in done.err, "Traceback" in done.err) == (2, True, False), done.err
    checked = call("store", "check")
    assert (checked.code, said in checked.out) == (1, True)
    assert call("store", "rebuild").code == call("runs").code == call("deliver").code == 0


@pytest.fixture
def crawled(scrapy: Cli, room: Newsroom) -> Callable[[], Done]:
    """A crawl of the newsroom is done; the function crawls again."""
    assert scrapy.run("crawl", "news").code == 0
    return lambda: scrapy.run("crawl", "news")


def _articles(scrapy: Cli) -> Iterator[str]:
    yield from (article["id"] for article in scrapy.lake.articles())


def test_a_crawl_on_a_damaged_store_makes_it_anew_says_so_and_stores_nothing_twice(
    scrapy: Cli, crawled: Callable[[], Done], call: Call
) -> None:
    before = sorted(_articles(scrapy))
    with scrapy.store.open("r+b") as file:
        file.write(b"\xff" * 8192)
    assert call("store", "check").out == f"sqlite://{scrapy.store}: its header is damaged\n"
    again = crawled()
    assert again.code == 3, again.err
    assert f"scrapy crawl: the store was made anew (its header is damaged): {len(before)} articles are known" in again.err
    assert "Before this run the store was made anew" in again.err and "Traceback" not in again.err
    assert sorted(_articles(scrapy)) == before
    assert scrapy.lake.manifests()[-1].verdict == "degraded"
    assert crawled().code == 0, "it is told once"


def test_a_new_store_over_a_full_bucket_learns_its_articles_first(
    scrapy: Cli, crawled: Callable[[], Done], call: Call, room: Newsroom
) -> None:
    before = sorted(_articles(scrapy))
    for by_hand in (True, False):
        scrapy.store.unlink()
        shutil.rmtree(scrapy.folder / "store.db.runs")
        if by_hand:
            assert call("store", "check").code == 1
            rebuilt = call("store", "rebuild")
            assert (rebuilt.code, f"{len(before)} articles are known from the sink" in rebuilt.out) == (0, True), rebuilt
        asked = len(room.requests)
        again = crawled()
        assert (again.code, sorted(_articles(scrapy))) == (0, before), again.err
        assert ("they are learnt first" in again.err) is not by_hand
        pages = [request.path for request in room.requests[asked:]]
        assert len(pages) < 30 < asked, "listings, robots.txt and what was rejected; no article"


def test_a_sound_store_is_left_alone(call: Call, scrapy: Cli) -> None:
    open_store(f"sqlite://{scrapy.store}").close()
    assert call("store", "check").out == f"sqlite://{scrapy.store}: sound\n"
    assert "sound; --force makes it anew" in call("store", "rebuild").out
    assert list(scrapy.folder.glob("*damaged*")) == []
    assert call("store", "rebuild", "--force").code == 0
    assert len(list(scrapy.folder.glob("store.db.damaged-*Z"))) == 1
