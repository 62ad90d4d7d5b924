"""Erasure: nothing in the sink or the store holds the article any more, and it does not come back."""

from __future__ import annotations

import json
import re
import threading
from datetime import timedelta
from html import escape
from pathlib import Path

import pytest

from crawler.extensions.report import without_erased
from examples.newsroom.server import Newsroom
from pipelines.compact import compact
from pipelines.configuration import configuration
from pipelines.deliver import deliver, finish_run, recover
from pipelines.delivery.batches import Limits, unpack
from pipelines.delivery.compression import Compression
from pipelines.delivery.lake import LakeDamaged, lines, live_parts, manifests
from pipelines.delivery.manifest import Kind
from pipelines.delivery.sinks import Sink, open_sink
from pipelines.erase import erase, learn_erased, plan_erasure
from pipelines.errors import ConfigurationError
from pipelines.finish import finish
from pipelines.items import Page, Reason, Rejected
from pipelines.rebuild import rebuild
from pipelines.settle import settle
from pipelines.store import Store, Verdict, VersionTaken, open_store
from pipelines.store.keys import link_key
from pipelines.vitals import Vitals
from tests.builders import NOW, make_article, make_draft, make_link
from tests.cli import Cli, steps_of
from tests.conftest import Call
from tests.lakes import DAY, deliver_run

LATER = NOW + timedelta(hours=1)
LIMITS = Limits()
SECRET = "The harbour master was never charged with anything."
GONE = make_article(2, articleBody=SECRET, headline="Harbour master charged")


def run_of(store: Store, sink: Sink, run_id: str, *articles, close: bool = True) -> None:  # type: ignore[no-untyped-def]
    store.start_run(run_id, "news", NOW)
    for article in articles:
        number = int(article.url.rpartition("-")[2])
        link = make_link(number, title=article.headline, description="He was not." if number == 2 else None)
        store.commit(link, article, run_id=run_id, now=NOW, ages=[timedelta(days=1)])
    if close:
        finish_run(store, sink, run_id, NOW, verdict=Verdict.OK)


def ids(sink: Sink) -> list[str]:
    return sorted(json.loads(line)["id"] for line in lines(sink))


def everything(sink: Sink, folder: Path) -> bytes:
    """Every byte that the sink and the store's files hold, parts unpacked."""
    objects = [sink.get(key) or b"" for key in sink.list("")]
    unpacked = [b"".join(unpack(body)) if body.startswith((b"\x1f\x8b", b"\x28\xb5")) else body for body in objects]
    return b"".join([*unpacked, *(path.read_bytes() for path in folder.glob("store.db*") if path.is_file())])


@pytest.mark.parametrize("asked", [GONE.id, GONE.url, f"{GONE.url}?utm_source=feed"])
def test_every_version_leaves_the_sink_and_the_store(asked: str, sink: Sink, store: Store, tmp_path: Path) -> None:
    run_of(store, sink, "run-1", make_article(1), GONE)
    run_of(store, sink, "run-2", make_article(3), make_article(2, version=2, contentHash="2" * 64, articleBody=SECRET))
    done = erase(store, sink, asked, "court order 12/2026", LATER, limits=LIMITS)
    assert (done.ids, done.rows, done.days, done.removed, done.held) == ([GONE.id], 2, [DAY], 2, [])
    assert ids(sink) == sorted([make_article(1).id, make_article(3).id])
    assert all(part.rows == 1 for part in live_parts(sink))
    left = everything(sink, tmp_path)
    for text in (SECRET, "Harbour master charged", "He was not."):
        assert text.encode() not in left


def test_the_record_says_why_and_holds_nothing_of_the_article(folder: Sink, store: Store) -> None:
    run_of(store, folder, "run-1", make_article(1), GONE)
    erase(store, folder, GONE.url, "court order 12/2026", LATER, limits=LIMITS)
    record = json.loads(folder.get(f"_meta/v1/erasures/{GONE.id}.json") or b"")
    links = record.pop("links")
    assert record == {"erasureVersion": "1.0", "id": GONE.id, "reason": "court order 12/2026", "at": "2025-08-13T10:30:00Z"}
    assert links and all(len(key) == 32 for key in links)
    [rewriting] = [manifest for manifest in manifests(folder) if manifest.kind is Kind.ERASE]
    assert (rewriting.rows, len(rewriting.replaces)) == (1, 1)


def test_a_second_call_changes_nothing_and_the_first_reason_stays(folder: Sink, store: Store) -> None:
    run_of(store, folder, "run-1", make_article(1), GONE)
    erase(store, folder, GONE.id, "court order 12/2026", LATER, limits=LIMITS)
    before = {key: folder.get(key) for key in folder.list("")}
    again = erase(store, folder, GONE.id, "another reason", LATER, limits=LIMITS)
    assert (again.rows, again.removed, again.held) == (0, 0, [])
    assert {key: folder.get(key) for key in folder.list("")} == before


def test_a_part_that_held_nothing_else_goes_without_another(folder: Sink, store: Store) -> None:
    run_of(store, folder, "run-1", GONE)
    run_of(store, folder, "run-2", make_article(1))
    erase(store, folder, GONE.id, "why", LATER, limits=Limits(compression=Compression.ZSTD))
    assert ids(folder) == [make_article(1).id]
    assert len(folder.list("articles/")) == 1


def test_an_erased_article_is_not_taken_again(folder: Sink, store: Store) -> None:
    run_of(store, folder, "run-1", GONE)
    erase(store, folder, GONE.id, "why", LATER, limits=LIMITS)
    store.start_run("run-2", "news", LATER)
    elsewhere = make_link(9)
    claimed = store.claim([make_link(2, title="Harbour master charged"), elsewhere], "run-2", LATER)
    assert [link.url for link in claimed] == [elsewhere.url]
    draft = make_draft(GONE)
    settled = finish(draft, store.recall(draft, elsewhere))
    assert settled == Rejected(Reason.ERASED, GONE.id)
    with pytest.raises(VersionTaken):
        store.commit(elsewhere, make_article(2, version=3), run_id="run-2", now=LATER)
    store.commit(elsewhere, settled, run_id="run-2", now=LATER)
    manifest = finish_run(store, folder, "run-2", LATER, verdict=Verdict.OK)
    assert (manifest.rows, manifest.counts.rejected) == (0, {"erased": 1})


def test_the_stores_files_are_scrubbed_when_no_run_is_live(store: Store, tmp_path: Path) -> None:
    store.start_run("run-1", "news", NOW)
    store.commit(make_link(2), GONE, run_id="run-1", now=NOW)
    assert not store.scrub()
    store.erase([GONE.id], [], NOW)
    store.close_run("run-1", NOW, Verdict.OK)
    store.end_run("run-1", NOW)
    assert store.scrub()
    assert not [path for path in tmp_path.glob("store.db*") if path.is_file() and SECRET.encode() in path.read_bytes()]


def test_another_machines_store_learns_what_was_erased(folder: Sink, store: Store, tmp_path: Path) -> None:
    run_of(store, folder, "run-1", GONE)
    erase(store, folder, GONE.id, "why", LATER, limits=LIMITS)
    erase(store, folder, make_link(7).url, "by agreement", LATER, limits=LIMITS)
    other = open_store(f"sqlite://{tmp_path}/other.db")
    assert [learn_erased(other, folder, LATER), learn_erased(other, folder, LATER)] == [2, 0]
    other.start_run("run-2", "news", LATER)
    assert other.claim([make_link(2), make_link(7)], "run-2", LATER) == []
    assert other.recall(make_draft(GONE)).erased
    other.close()


def test_a_record_that_cannot_be_read_hides_no_other(folder: Sink, store: Store) -> None:
    folder.put(f"_meta/v1/erasures/{'0' * 32}.json", b'{"id":')
    folder.put(f"_meta/v1/erasures/{'f' * 32}.json", json.dumps({"id": "f" * 32, "links": ["a" * 32]}).encode())
    with pytest.raises(LakeDamaged, match=f"{'0' * 32}.json is no record of an erasure"):
        learn_erased(store, folder, LATER)
    assert store.erased() == {"f" * 32, "a" * 32}


def test_a_crawl_does_not_fetch_what_was_erased_elsewhere(scrapy: Cli, room: Newsroom) -> None:
    address = room.live("http://kyiv-courier.example/article/lviv-students-print-spare-parts-for-a-clinics-wheelchairs")
    record = {"erasureVersion": "1.0", "id": None, "links": [link_key(address)], "reason": "why", "at": "2025-08-13T09:30:00Z"}
    open_sink(scrapy.sink).put(f"_meta/v1/erasures/link-{link_key(address)}.json", json.dumps(record).encode())
    done = scrapy.run("crawl", "news", "-a", "publishers=kyiv_courier")
    assert "1 articles were erased elsewhere and are not fetched" in done.err
    assert scrapy.lake.articles() and address not in {article["url"] for article in scrapy.lake.articles()}
    assert not [request for request in room.requests if "lviv-students" in request.path]


def test_rows_of_a_live_run_that_are_in_no_part_leave_the_outbox(folder: Sink, store: Store) -> None:
    run_of(store, folder, "run-1", make_article(1), GONE, close=False)
    done = erase(store, folder, GONE.url, "why", LATER, limits=LIMITS)
    assert (done.ids, done.waiting, done.held) == ([GONE.id], 1, [])
    manifest = finish_run(store, folder, "run-1", LATER, verdict=Verdict.OK)
    assert (manifest.rows, manifest.counts.articles, manifest.counts.rejected) == (1, 1, {"erased": 1})
    assert ids(folder) == [make_article(1).id]


def test_a_live_run_whose_part_holds_it_is_named_and_a_later_call_finishes(folder: Sink, store: Store) -> None:
    run_of(store, folder, "run-1", make_article(1), GONE, close=False)
    deliver(store, folder, "run-1", NOW, close=True)
    done = erase(store, folder, GONE.id, "why", LATER, limits=LIMITS)
    assert done.held == ["run-1", *folder.list("articles/")]
    finish_run(store, folder, "run-1", LATER, verdict=Verdict.OK)
    again = erase(store, folder, GONE.id, "why", LATER, limits=LIMITS)
    assert (again.rows, again.removed, again.held) == (1, 1, [])
    assert ids(folder) == [make_article(1).id]


def test_a_dead_run_is_finished_and_then_cleaned(folder: Sink, store: Store, tmp_path: Path) -> None:
    run_of(store, folder, "run-1", make_article(1), GONE, close=False)
    store.assign_part("run-1", DAY, 2)
    store.close()
    survivor = open_store(f"sqlite://{tmp_path}/store.db")
    done = erase(survivor, folder, GONE.url, "why", LATER, limits=LIMITS)
    survivor.close()
    assert (done.ids, done.rows, done.held) == ([GONE.id], 1, [])
    assert ids(folder) == [make_article(1).id]


def test_a_part_that_a_compaction_replaced_goes_without_its_grace(sink: Sink, store: Store, tmp_path: Path) -> None:
    run_of(store, sink, "run-1", make_article(1))
    run_of(store, sink, "run-2", GONE, make_article(3))
    compact(sink, DAY, NOW, limits=LIMITS, grace=timedelta(days=1))
    assert len(sink.list("articles/")) == 3
    done = erase(store, sink, GONE.id, "why", LATER, limits=LIMITS)
    assert (done.rows, done.removed) == (1, 2)
    assert ids(sink) == sorted([make_article(1).id, make_article(3).id])
    assert SECRET.encode() not in everything(sink, tmp_path)


def test_older_versions_of_objects_go_where_a_bucket_keeps_them(bucket: str, store: Store) -> None:
    import boto3

    client = boto3.session.Session().client("s3")
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    sink = open_sink(f"s3://{bucket}/lake")
    run_of(store, sink, "run-1", make_article(1), GONE)
    erase(store, sink, GONE.id, "why", LATER, limits=LIMITS)
    kept = client.list_object_versions(Bucket=bucket, Prefix="lake/articles/")
    assert [entry["Key"] for entry in kept["Versions"]] == [f"lake/{part.key}" for part in live_parts(sink)]


def test_an_address_that_was_never_seen_is_never_fetched(folder: Sink, store: Store) -> None:
    done = erase(store, folder, make_link(7).url, "by agreement", LATER, limits=LIMITS)
    assert (done.ids, done.rows) == ([], 0)
    store.start_run("run-1", "news", LATER)
    assert store.claim([make_link(7)], "run-1", LATER) == []
    [record] = folder.list("_meta/v1/erasures/")
    assert json.loads(folder.get(record) or b"")["id"] is None


@pytest.mark.parametrize("by", ["id", "address"])
def test_its_address_leaves_the_store_too(by: str, folder: Sink, store: Store, tmp_path: Path) -> None:
    """Addresses hold headlines, and those hold names."""
    address = "https://news.example/ada-berg-arrested"
    article = make_article(2, url=address, requestedUrl=address, canonicalUrl=address)
    store.start_run("run-1", "news", NOW)
    [link] = store.claim([make_link(2, url=address)], "run-1", NOW)
    store.commit(link, article, run_id="run-1", now=NOW, ages=[timedelta(days=1)])
    store.note_vitals(Vitals("example", NOW, 1, examples={"article": address, "empty": make_link(1).url}))
    finish_run(store, folder, "run-1", NOW, verdict=Verdict.OK)
    erase(store, folder, article.id if by == "id" else address, "why", LATER, limits=LIMITS)
    [vitals] = store.note_vitals(Vitals("example", NOW, 1))
    assert vitals.examples == {"empty": make_link(1).url}
    store.start_run("run-2", "news", LATER)
    assert store.claim([make_link(2, url=address)], "run-2", LATER) == []
    store.close()
    survivor = open_store(store.url)
    survivor.scrub()
    survivor.close()
    assert b"ada-berg-arrested" not in everything(folder, tmp_path)


@pytest.mark.parametrize("asked", [GONE.id, GONE.url])
def test_its_page_leaves_the_quarantine_and_is_not_put_there_again(asked: str, folder: Sink, store: Store) -> None:
    run_of(store, folder, "run-1", make_article(1), GONE)
    store.start_run("run-2", "news", LATER)
    pages = [page_of(number) for number in (1, 2)]
    for page in pages:
        settle(store, page, Rejected(Reason.TIMEOUT), "run-2", LATER)
    assert len(store.quarantined()) == 2
    erase(store, folder, asked, "why", LATER, limits=LIMITS)
    assert [kept.url for kept in store.quarantined()] == [make_link(1).url]
    settle(store, pages[1], Rejected(Reason.CRASHED), "run-2", LATER)
    assert [kept.url for kept in store.quarantined()] == [make_link(1).url], "also of a run that had fetched it before"


def page_of(number: int) -> Page:
    return Page(make_link(number).url, SECRET.encode(), LATER, make_link(number), 200, {})


@pytest.mark.parametrize("knew", [True, False], ids=["the store that erased it", "a store that had not heard of it"])
def test_an_erased_article_does_not_come_back_by_a_rebuild(knew: bool, folder: Sink, store: Store, tmp_path: Path) -> None:
    other = open_store(f"sqlite://{tmp_path}/other.db")
    run_of(store, folder, "run-1", make_article(1), GONE)
    other.start_run("run-2", "news", LATER)
    other.claim([make_link(2, title="Harbour master charged")], "run-2", LATER)
    other.commit(make_link(2), make_article(2, version=2, contentHash="2" * 64), run_id="run-2", now=LATER)
    settle(other, page_of(2), Rejected(Reason.TIMEOUT), "run-2", LATER)
    other.close()
    erase(store, folder, GONE.id, "why", LATER, limits=LIMITS)
    store.close()
    url = f"sqlite://{tmp_path}/{'store' if knew else 'other'}.db"
    rebuild(url, folder, LATER, "asked for")
    made = open_store(url)
    assert (made.quarantined(), made.waiting().rows, made.recall(make_draft(GONE)).erased) == ([], 0, True)
    made.start_run("run-3", "news", LATER)
    assert [link.url for link in made.claim([make_link(2), make_link(3)], "run-3", LATER)] == [make_link(3).url]
    recovered = recover(made, folder, LATER, limits=LIMITS)
    assert [run.error for run in recovered if run.error] == []
    made.close()
    assert GONE.id not in ids(folder)


@pytest.mark.parametrize("asked", ["", "harbour", "0123", "ftp://news.example/a", "https://"])
def test_what_is_no_article_is_refused(asked: str, folder: Sink, store: Store) -> None:
    with pytest.raises(ConfigurationError, match="an article's id, 32 hex digits, or its address"):
        erase(store, folder, asked, "why", LATER, limits=LIMITS)


def test_readers_see_every_other_row_once_during_an_erasure(sink: Sink, store: Store) -> None:
    for run in range(6):
        run_of(store, sink, f"run-{run}", make_article(run))
    others = {make_article(number).id for number in (0, 1, 3, 4, 5)}
    done, wrong = threading.Event(), []

    def read() -> None:
        while not done.is_set():
            found = ids(sink)
            if len(found) != len(set(found)) or not others <= set(found):
                wrong.append(found)

    reader = threading.Thread(target=read)
    reader.start()
    erase(store, sink, make_article(2).id, "why", LATER, limits=LIMITS)
    compact(sink, DAY, LATER, limits=LIMITS, grace=timedelta(0))
    done.set()
    reader.join()
    assert wrong == []
    assert set(ids(sink)) == others


def test_after_a_kill_at_any_change_a_second_call_finishes(tmp_path: Path) -> None:
    steps = steps_of("dies_erasing", tmp_path, deadline_s=120)
    others = [0, 1, 3, 4, 5, 6, 7]
    for step in steps:
        assert (set(others) <= set(step["after"]), step["again"], step["held"], step["hidden"]) == (True, others, [], []), step
    assert sum(step["died"] for step in steps) > 8, "the loop reached the end of an erasure of that many changes"


@pytest.mark.parametrize("asked", [GONE.id, GONE.url])
def test_a_plan_says_what_the_erasure_does_and_writes_nothing(asked: str, folder: Sink, store: Store) -> None:
    run_of(store, folder, "run-1", make_article(1), GONE)
    run_of(store, folder, "run-2", make_article(2, version=2, contentHash="2" * 64), close=False)
    before = folder.list(""), store.waiting()
    planned = plan_erasure(store, folder, asked)
    assert (folder.list(""), store.waiting(), store.erased()) == (*before, set())
    assert planned == erase(store, folder, asked, "why", LATER, limits=LIMITS)
    assert (planned.rows, planned.removed, planned.waiting, planned.held) == (1, 1, 1, [])


def test_a_plan_names_what_would_hold_the_article_still(folder: Sink, store: Store) -> None:
    run_of(store, folder, "run-1", make_article(1), GONE, close=False)
    deliver(store, folder, "run-1", NOW, close=True)
    assert plan_erasure(store, folder, GONE.id).held == ["run-1", *folder.list("articles/")]


# What is kept of runs

REPORT = {
    "slowest": [{"url": f"{GONE.url}?utm_source=feed", "seconds": 9}, {"url": make_article(1).url, "seconds": 8}],
    "alarms": [{"url": GONE.url, "detail": f"see {GONE.url}, again"}],
}


def put_report(sink: Sink, run_id: str, report: object) -> None:
    text = json.dumps(report)
    sink.put(f"_meta/v1/runs/{run_id}/report.json", text.encode())
    page = "".join(f"<code>{escape(url)}</code>." for url in re.findall('https?://[^", ]+', text))
    sink.put(f"_meta/v1/runs/{run_id}/report.html", page.encode())


@pytest.mark.parametrize("asked", [GONE.id, GONE.url])
def test_the_reports_of_runs_do_not_name_it_any_more(asked: str, sink: Sink, store: Store) -> None:
    run_of(store, sink, "run-1", make_article(1), GONE)
    put_report(sink, "run-1", REPORT)
    put_report(sink, "run-2", {"slowest": [{"url": make_article(1).url}]})
    before = {key: sink.get(key) for key in sink.list("_meta/v1/runs/run-2/")}
    assert plan_erasure(store, sink, asked).reports == 1
    assert erase(store, sink, asked, "why", LATER, limits=LIMITS).reports == 1
    assert json.loads(sink.get("_meta/v1/runs/run-1/report.json") or b"") == {
        "slowest": [{"url": "(erased)", "seconds": 9}, {"url": make_article(1).url, "seconds": 8}],
        "alarms": [{"url": "(erased)", "detail": "see (erased), again"}],
    }
    page = (sink.get("_meta/v1/runs/run-1/report.html") or b"").decode()
    assert page.count("(erased)") == 3 and GONE.url not in page and make_article(1).url in page
    assert {key: sink.get(key) for key in before} == before


def test_a_second_call_by_its_id_alone_still_finds_its_address_in_a_report(folder: Sink, store: Store) -> None:
    run_of(store, folder, "run-1", make_article(1), GONE)
    erase(store, folder, GONE.id, "why", LATER, limits=LIMITS)
    put_report(folder, "run-2", REPORT)
    assert erase(store, folder, GONE.id, "why", LATER, limits=LIMITS).reports == 1
    assert GONE.url.encode() not in b"".join(folder.get(key) or b"" for key in folder.list("_meta/"))


def test_a_damaged_report_is_redacted_as_text(folder: Sink, store: Store) -> None:
    folder.put("_meta/v1/runs/run-1/report.json", f'{{"url": "{GONE.url}", \xff'.encode("latin-1"))
    erase(store, folder, GONE.url, "why", LATER, limits=LIMITS)
    assert folder.get("_meta/v1/runs/run-1/report.json") == b'{"url": "(erased)", \xff'


def test_what_was_said_of_another_page_loses_its_address(folder: Sink, store: Store, tmp_path: Path) -> None:
    store.start_run("run-1", "news", NOW)
    store.commit(make_link(1), Rejected(Reason.HTTP_STATUS, f"it leads to {GONE.url}"), run_id="run-1", now=NOW)
    finish_run(store, folder, "run-1", NOW, verdict=Verdict.OK)
    erase(store, folder, GONE.url, "why", LATER, limits=LIMITS)
    store.close()
    assert GONE.url.encode() not in everything(folder, tmp_path)


def test_a_report_of_a_run_that_ends_later_does_not_name_it(store: Store, folder: Sink) -> None:
    erase(store, folder, GONE.url, "why", LATER, limits=LIMITS)
    config = configuration({"NEWS_STORE": store.url, "NEWS_SINK": folder.url}.get)
    assert without_erased(REPORT, config)["slowest"][0]["url"] == "(erased)"


# The command


def test_the_command_names_the_damaged_stores_that_may_hold_it(scrapy: Cli, call: Call) -> None:
    assert call("store", "rebuild").code == call("store", "rebuild", "--force").code == 0
    [aside] = scrapy.folder.glob("store.db.damaged-*Z")
    asked = ("erase", "https://news.example/story-2", "--reason", "court order 12/2026")
    assert call(*asked[:2], "--dry-run").rows[0]["copies"] == [str(aside)]
    done = call(*asked)
    assert (done.code, done.rows[0]["copies"]) == (4, [str(aside)])
    assert f"{aside}: may hold it; delete these damaged stores, then run this again" in done.err
    aside.unlink()
    assert call(*asked).code == 0


def test_the_command_erases_an_article(scrapy: Cli, call: Call) -> None:
    sink = open_sink(scrapy.sink)
    deliver_run(sink, "run-1", [1, 2, 3])
    done = call("erase", "https://news.example/story-2", "--reason", "court order 12/2026")
    assert (done.code, done.err) == (0, "")
    [row] = done.rows
    assert (row["rows"], row["days"], row["removed"], row["waiting"], row["held"]) == (1, [DAY], 1, 0, [])
    assert sorted(json.loads(line)["number"] for line in lines(sink)) == [1, 3]


def test_the_command_says_what_holds_the_article_still(scrapy: Cli, call: Call) -> None:
    sink = open_sink(scrapy.sink)
    part = deliver_run(sink, "run-1", [1, 2, 3])
    sink.remove("_meta/v1/runs/run-1/manifest.json")
    done = call("erase", "https://news.example/story-2", "--reason", "court order 12/2026")
    assert (done.code, done.rows[0]["held"]) == (4, [part.key])
    assert f"{part.key}: not finished yet; run this again" in done.err


def test_the_command_says_what_it_would_erase(scrapy: Cli, call: Call) -> None:
    sink = open_sink(scrapy.sink)
    deliver_run(sink, "run-1", [1, 2, 3])
    before = sink.list("")
    done = call("erase", "https://news.example/story-2", "--dry-run")
    assert (done.code, done.err, sink.list(""), scrapy.store.exists()) == (0, "", before, False)
    assert (done.rows[0]["rows"], done.rows[0]["days"], done.rows[0]["removed"]) == (1, [DAY], 1)


@pytest.mark.parametrize("arguments", [[], ["a" * 32], ["a" * 32, "--reason", " "], ["a", "b", "--reason", "why"]])
def test_an_erasure_needs_an_article_and_a_reason(arguments: list[str], call: Call) -> None:
    done = call("erase", *arguments)
    assert (done.code, done.out) == (2, "")
    assert "give an article and why: scrapy erase ID|URL --reason TEXT" in done.err


def test_a_wrong_article_is_refused(call: Call) -> None:
    done = call("erase", "harbour", "--reason", "why")
    assert (done.code, done.out) == (2, "")
    assert "harbour: give an article's id, 32 hex digits, or its address" in done.err
