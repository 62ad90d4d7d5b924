"""A backup of the store that is put back: the sink has more of it, which is learnt; nothing is stored or numbered twice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from examples.newsroom.server import Newsroom
from pipelines.deliver import finish_run
from pipelines.delivery.lake import LakeDamaged, lines
from pipelines.delivery.sinks import Sink
from pipelines.errors import StoreDamaged
from pipelines.rebuild import older_than_sink, rebuild, store_fault
from pipelines.store import Store, Verdict, open_store
from pipelines.tidemark import STORES, check_tide, raise_tide, supersede
from tests.builders import NOW, make_article, make_link
from tests.cli import Cli, steps_of

LATER = NOW + timedelta(hours=1)


def run_of(store: Store, sink: Sink, run_id: str, *numbers: int) -> None:
    store.start_run(run_id, "news", NOW)
    for number in numbers:
        store.commit(make_link(number), make_article(number), run_id=run_id, now=NOW)
    finish_run(store, sink, run_id, NOW, verdict=Verdict.OK)


def backup(folder: Path, to: Path) -> None:
    """All that a store keeps on its disk."""
    to.mkdir()
    for path in folder.glob("store.db*"):
        shutil.copytree(path, to / path.name) if path.is_dir() else shutil.copy(path, to)


def backed_up(sink: Sink, folder: Path) -> str:
    """The address of a store that delivered one run, of which there is a backup."""
    url = f"sqlite://{folder}/store.db"
    store = open_store(url)
    run_of(store, sink, "run-1", 1, 2)
    store.close()
    backup(folder, folder / "kept")
    return url


def put_back(kept: Path, folder: Path) -> None:
    for path in folder.glob("store.db*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in kept.glob("*"):
        shutil.copytree(path, folder / path.name) if path.is_dir() else shutil.copy(path, folder)


def test_a_store_is_its_own_and_a_rebuilt_one_is_another(store: Store, folder: Sink, tmp_path: Path) -> None:
    other = open_store(f"sqlite://{tmp_path}/other.db")
    assert len({store.identity().id, other.identity().id}) == 2
    before = store.identity()
    store.close()
    rebuild(store.url, folder, LATER, "asked for")
    made = open_store(store.url)
    assert made.identity().id != before.id
    made.close()
    other.close()


def test_a_backup_that_is_put_back_is_found_and_learns_what_the_sink_has(sink: Sink, tmp_path: Path) -> None:
    url = backed_up(sink, tmp_path)
    store = open_store(url)
    run_of(store, sink, "run-2", 3, 4)
    store.close()
    assert older_than_sink(url, sink) is None
    put_back(tmp_path / "kept", tmp_path)
    assert store_fault(url) is None, "it is whole, and agrees with itself"
    assert older_than_sink(url, sink) == "it is an older state, from before run run-2, which the sink has of it"
    rebuild(url, sink, LATER, "older")
    store = open_store(url)
    store.start_run("run-3", "news", LATER)
    assert store.claim([make_link(number) for number in range(1, 6)], "run-3", LATER) == [make_link(5, first_seen=LATER)]
    store.close()
    # The same backup again, and the one of the last moment before the store was made anew.
    put_back(tmp_path / "kept", tmp_path)
    assert older_than_sink(url, sink)


def test_a_backup_that_nobody_looked_at_delivers_nothing(folder: Sink, tmp_path: Path) -> None:
    """The sink was away when the run began."""
    store = open_store(f"sqlite://{tmp_path}/store.db")
    backup(tmp_path, tmp_path / "kept")
    run_of(store, folder, "run-1", 1, 2)
    store.close()
    put_back(tmp_path / "kept", tmp_path)
    store = open_store(store.url)
    with pytest.raises(StoreDamaged, match="it is an older state, from before run run-1"):
        run_of(store, folder, "run-2", 2, 3)
    store.close()
    assert "older state" in (store_fault(store.url) or ""), "the next run makes it anew"
    rebuild(store.url, folder, LATER, "older")
    store = open_store(store.url)
    finish_run(store, folder, f"{LATER:%Y%m%dT%H%M%SZ}-rebuild", LATER, verdict=Verdict.OK)
    store.close()
    rows = sorted((json.loads(line)["id"], json.loads(line)["version"]) for line in lines(folder))
    assert rows == sorted((make_article(number).id, 1) for number in (1, 2, 3))


def test_two_stores_of_one_sink_are_no_backups_of_each_other(folder: Sink, tmp_path: Path) -> None:
    stores = [open_store(f"sqlite://{tmp_path}/{name}.db") for name in ("one", "two")]
    for turn in range(3):
        for place, store in enumerate(stores):
            check_tide(store, folder)
            run_of(store, folder, f"run-{turn}-{place}", 10 * turn + place)
    for store in stores:
        store.close()
        assert older_than_sink(store.url, folder) is None
    assert len(folder.list(f"{STORES}/")) == 2


def test_a_copy_of_a_store_becomes_another_one(folder: Sink, store: Store, tmp_path: Path) -> None:
    store.close()
    shutil.copy(tmp_path / "store.db", tmp_path / "copy.db")
    copy = open_store(f"sqlite://{tmp_path}/copy.db")
    run_of(copy, folder, "run-1", 1)
    copy.close()
    assert older_than_sink(store.url, folder)
    rebuild(store.url, folder, LATER, "older")
    assert older_than_sink(store.url, folder) is None
    assert older_than_sink(copy.url, folder) is not None, "it learns what the other one knows, once"


def test_the_last_word_of_two_processes_is_the_stores(folder: Sink, open_: Callable[[], Store]) -> None:
    """One seals a run between the other's look and its note."""
    one, two = open_(), open_()

    class Interrupted:
        def __getattr__(self, name: str) -> object:
            return getattr(folder, name)

        def replace(self, key: str, body: bytes, **options: str) -> None:
            if b"run-1" in body:
                run_of(two, folder, "run-2", 2)
            folder.replace(key, body, **options)  # type: ignore[arg-type]

    run_of(one, Interrupted(), "run-1", 1)  # type: ignore[arg-type]
    [mark] = folder.list(f"{STORES}/")
    assert json.loads(folder.get(mark) or b"")["run"] == "run-2"


def test_a_mark_that_cannot_be_read_is_no_older_state(folder: Sink, store: Store) -> None:
    run_of(store, folder, "run-1", 1)
    folder.replace(f"{STORES}/{store.identity().id}.json", b"<html>")
    with pytest.raises(LakeDamaged, match="is no mark of a store"):
        check_tide(store, folder)
    folder.remove(f"{STORES}/{store.identity().id}.json")
    check_tide(store, folder)
    raise_tide(store, folder)
    check_tide(store, folder)


def test_after_a_kill_at_any_step_a_backup_put_back_brings_nothing_twice(tmp_path: Path) -> None:
    steps = steps_of("dies_restored", tmp_path)
    all_of_them, twice = sorted(make_article(number).id for number in range(5)), make_article(2).id
    for step in steps:
        expected = sorted([*all_of_them, twice]) if step["delivered"] else all_of_them
        assert step["ids"] == expected, step
        assert step["fault"] or not step["delivered"], step
    assert sum(step["died"] for step in steps) > 15 and steps[0]["fault"] is None


def test_a_backup_is_found_after_another_store_began_in_its_place(folder: Sink, tmp_path: Path) -> None:
    """The disk was lost, a crawl began anew, and then somebody put the backup back."""
    url = backed_up(folder, tmp_path)
    other = open_store(f"sqlite://{tmp_path}/other.db")
    run_of(other, folder, "run-2", 7)
    other.close()
    put_back(tmp_path / "nothing", tmp_path)
    rebuild(url, folder, LATER, "there was none")
    store = open_store(url)
    run_of(store, folder, "run-3", 3)
    store.close()
    put_back(tmp_path / "kept", tmp_path)
    assert older_than_sink(url, folder)
    assert older_than_sink(other.url, folder) is None, "it is in a place of its own"


def test_a_crawl_finds_a_backup_that_was_put_back(scrapy: Cli, room: Newsroom) -> None:
    limited = ("crawl", "news", "-a", "publishers=kyiv_courier", "-a", "limit=2")
    assert scrapy.run(*limited).code == 0
    backup(scrapy.folder, scrapy.folder / "kept")
    assert scrapy.run("crawl", "news").code == 0
    before = sorted(article["id"] for article in scrapy.lake.articles())
    put_back(scrapy.folder / "kept", scrapy.folder)
    again = scrapy.run("crawl", "news")
    assert again.code == 3, again.err
    assert "it is an older state, from before run" in again.err and "Before this run the store was made anew" in again.err
    assert sorted(article["id"] for article in scrapy.lake.articles()) == before
    assert scrapy.run("crawl", "news").code == 0


def test_a_superseded_store_is_not_believed(folder: Sink, store: Store) -> None:
    run_of(store, folder, "run-1", 1)
    supersede(folder, store.identity().id, "elsewhere", "20250813T103000Z-rebuild")
    with pytest.raises(StoreDamaged, match="from before run 20250813T103000Z-rebuild"):
        check_tide(store, folder)
