"""Compaction: fewer parts, the same rows, each once for a reader at any time, whatever is killed or runs at once."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.compact import Compacted, compact, plan_compaction
from pipelines.delivery.batches import Limits
from pipelines.delivery.compression import Compression
from pipelines.delivery.lake import lines, live_parts, manifests
from pipelines.delivery.manifest import Kind, manifest_key, parse
from pipelines.delivery.sinks import Sink, open_sink
from pipelines.errors import DeliveryError
from tests.builders import NOW
from tests.cli import Cli, steps_of
from tests.conftest import Call
from tests.lakes import DAY, NEXT_DAY, deliver_run, make_row

LIMITS, GRACE = Limits(), timedelta(hours=1)


def numbers(sink: Sink) -> list[int]:
    return sorted(json.loads(line)["number"] for line in lines(sink))


def days_compaction(sink: Sink, hours: int = 0, *, limits: Limits = LIMITS, grace: timedelta = GRACE) -> Compacted:
    return compact(sink, DAY, NOW + timedelta(hours=hours), limits=limits, grace=grace)


def test_small_parts_of_a_day_become_one_and_go_after_the_grace_period(sink: Sink) -> None:
    for run in range(3):
        deliver_run(sink, f"run-{run}", [run * 2, run * 2 + 1])
    other = deliver_run(sink, "run-3", [6], dt=NEXT_DAY)
    assert days_compaction(sink) == Compacted(DAY, small=3, rows=6, parts=1, removed=0)
    large, next_day = live_parts(sink)
    assert (large.rows, next_day) == (6, other)
    assert len(sink.list("articles/")) == 5
    assert [json.loads(line)["number"] for line in lines(sink)] == list(range(7))
    assert days_compaction(sink, 2) == Compacted(DAY, small=0, rows=0, parts=0, removed=3)
    assert sink.list("articles/") == [large.key, next_day.key]
    assert numbers(sink) == list(range(7))
    assert days_compaction(sink, 3).removed == 0


def test_the_manifest_of_a_compaction_says_what_it_replaces(folder: Sink) -> None:
    small = [deliver_run(folder, f"run-{run}", [run]) for run in range(2)]
    days_compaction(folder)
    manifest = parse(folder.get(manifest_key(f"rewrite-{DAY}-00001")) or b"")
    assert (manifest.kind, manifest.spider, manifest.rows) == (Kind.COMPACT, None, 2)
    assert manifest.replaces == sorted(part.key for part in small)
    assert [part.key for part in live_parts(folder)] == [part.key for part in manifest.parts]
    assert folder.get(f"_meta/v1/runs/rewrite-{DAY}-00001/_SUCCESS") == b""


def test_the_same_parts_become_the_same_object(tmp_path: Path) -> None:
    keys = []
    for name in ("one", "two"):
        sink = open_sink(f"file://{tmp_path}/{name}")
        for run in range(3):
            deliver_run(sink, f"run-{run}", [run])
        compact(sink, DAY, NOW + timedelta(hours=len(keys)), limits=LIMITS, grace=GRACE)
        keys.append([part.key for part in live_parts(sink)])
    assert keys[0] == keys[1]


def test_large_parts_stay_and_one_small_one_is_no_reason_to_write(folder: Sink) -> None:
    limits = Limits(part_bytes=100_000)
    large = deliver_run(folder, "run-1", range(4), noise_bytes=15_000)
    small = deliver_run(folder, "run-2", [4])
    assert days_compaction(folder, limits=limits).small == 0
    assert list(live_parts(folder)) == [large, small]
    deliver_run(folder, "run-3", [5])
    assert days_compaction(folder, limits=limits).small == 2
    assert numbers(folder) == list(range(6))
    assert large in list(live_parts(folder))


def test_parts_are_closed_at_their_size_and_in_their_compression(folder: Sink) -> None:
    for run in range(60):
        deliver_run(folder, f"run-{run:02d}", [run], noise_bytes=15_000)
    limits = Limits(part_bytes=200_000, compression=Compression.ZSTD)
    done = days_compaction(folder, limits=limits)
    parts = list(live_parts(folder))
    assert (done.small, done.parts) == (60, len(parts))
    assert 1 < len(parts) < 10
    assert all(part.key.endswith(".jsonl.zst") for part in parts)
    assert numbers(folder) == list(range(60))


def test_a_second_compaction_names_what_the_first_one_left(folder: Sink) -> None:
    """A reader whose listing missed the first one's manifest reads the same rows."""
    limits = Limits(part_bytes=100_000)
    for run in range(16):
        deliver_run(folder, f"run-{run:02d}", [run], noise_bytes=15_000)
    first = days_compaction(folder, limits=limits)
    for run in range(16, 24):
        deliver_run(folder, f"run-{run}", [run], noise_bytes=15_000)
    second = days_compaction(folder, 1, limits=limits)
    assert first.parts > 1 and second.parts > 0
    whole = numbers(folder)
    folder.remove(manifest_key(f"rewrite-{DAY}-00001"))
    assert numbers(folder) == whole == list(range(24))


def test_rows_of_erased_articles_are_left_out(folder: Sink) -> None:
    for run in range(3):
        deliver_run(folder, f"run-{run}", [run])
    folder.put(f"_meta/v1/erasures/{json.loads(make_row(1))['id']}.json", b"{}")
    days_compaction(folder)
    assert numbers(folder) == [0, 2]


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(folder: Sink) -> None:
    for run in range(3):
        deliver_run(folder, f"run-{run}", [run])
    before = folder.list("")
    planned = plan_compaction(folder, DAY, NOW, limits=LIMITS, grace=GRACE)
    assert (planned, folder.list("")) == (Compacted(DAY, 3, 3, 1, 0), before)
    days_compaction(folder)
    assert plan_compaction(folder, DAY, NOW + GRACE, limits=LIMITS, grace=GRACE) == Compacted(DAY, 0, 0, 0, 3)


@pytest.mark.long
def test_after_a_kill_at_any_change_each_row_is_there_once(tmp_path: Path) -> None:
    steps = steps_of("dies_compacting", tmp_path, deadline_s=120)
    for step in steps:
        rows = list(range(36))
        expected = [*rows, 36, 37, 38] if step["changed"] else rows
        assert (step["after"], step["again"], step["orphans"]) == (rows, expected, []), step
    assert sum(step["died"] for step in steps) > 15, "the loop reached the end of a compaction of that many changes"


def test_crawls_compactions_and_readers_at_once_see_each_row_once(sink: Sink) -> None:
    for run in range(4):
        deliver_run(sink, f"run-{run}", [run])
    done, wrong, seen = threading.Event(), [], []

    def keep(work) -> threading.Thread:  # type: ignore[no-untyped-def]
        def worked() -> None:
            try:
                while not done.is_set():
                    work()
            except (DeliveryError, AssertionError, ValueError) as error:
                wrong.append(error)

        thread = threading.Thread(target=worked)
        thread.start()
        return thread

    def read() -> None:
        found = [json.loads(line)["number"] for line in lines(sink)]
        assert len(found) == len(set(found)), "a row was read twice"
        assert set(range(len(seen[-1]) if seen else 4)) <= set(found), "a row went missing"
        seen.append(found)

    threads = [keep(read), *(keep(lambda: days_compaction(sink, 9, grace=timedelta(0))) for _ in range(2))]
    for run in range(4, 16):
        deliver_run(sink, f"run-{run:02d}", [run])
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    days_compaction(sink, 9, grace=timedelta(0))
    assert numbers(sink) == list(range(16))
    assert len(sink.list("articles/")) == 1
    named = [manifest.runId for manifest in manifests(sink) if manifest.kind is Kind.COMPACT]
    assert len(named) == len(set(named))


# The command


def test_the_command_compacts_a_day(scrapy: Cli, call: Call) -> None:
    sink = open_sink(scrapy.sink)
    for run in range(3):
        deliver_run(sink, f"run-{run}", [run])
    planned = call("compact", "--day", DAY, "--dry-run")
    done = call("compact", "--day", DAY)
    expected = [{"day": DAY, "small": 3, "rows": 3, "parts": 1, "removed": 0}]
    assert [(planned.code, planned.rows), (done.code, done.rows)] == [(0, expected)] * 2
    again = call("compact", "--day", DAY, NEWS_GRACE_SECONDS="0")
    assert again.rows == [{"day": DAY, "small": 0, "rows": 0, "parts": 0, "removed": 3}]
    assert numbers(sink) == [0, 1, 2]


def test_a_person_sees_a_table(scrapy: Cli) -> None:
    deliver_run(open_sink(scrapy.sink), "run-1", [1])
    shown = scrapy.on_terminal("compact", "--day", DAY)
    assert shown.code == 0
    assert "small parts" in shown.out and DAY in shown.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give a day: scrapy compact --day 2025-08-13"),
        (["--day", "13.8.2025"], "--day 13.8.2025: allowed is a date such as 2025-08-13"),
        (["--day", DAY, "more"], "give a day"),
        (["--day", DAY, "-s", "NEWS_SINK=lake"], "allowed is file:///absolute/folder"),
        (["--day", DAY, "-s", "NEWS_GRACE_SECONDS=-1"], "NEWS_GRACE_SECONDS=-1: allowed is seconds, 0 or more"),
    ],
)
def test_a_wrong_argument_is_refused(arguments: list[str], message: str, call: Call) -> None:
    done = call("compact", *arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err and "Traceback" not in done.err


def test_a_damaged_part_stops_a_compaction_before_it_writes(scrapy: Cli, call: Call) -> None:
    sink = open_sink(scrapy.sink)
    parts = [deliver_run(sink, f"run-{run}", [run]) for run in range(3)]
    sink.replace(parts[1].key, b"damaged")
    done = call("compact", "--day", DAY)
    assert done.code == 4
    assert f"{parts[1].key} is not the object that its manifest names" in done.err
    assert sorted(part.key for part in live_parts(sink)) == sorted(part.key for part in parts)
