"""`scrapy memory`: what is learnt of a publisher is shown, exported, imported and forgotten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.errors import ConfigurationError
from pipelines.habitfile import lines, parse
from pipelines.habits import ALL, Habits
from pipelines.store import open_store
from tests.builders import NOW
from tests.cli import Cli, Done
from tests.conftest import Call
from tests.gazette import QUOTATION, SUFFIX, TAIL, commit, story


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Habits:
    """What twenty articles of the gazette teach."""
    store = open_store(f"sqlite://{tmp_path_factory.mktemp('learnt')}/store.db")
    store.start_run("run-1", "news", NOW)
    for number in range(20):
        commit(store, "run-1", story(number))
    habits = store.habits("gazette")
    store.close()
    return habits


@pytest.fixture
def taught(scrapy: Cli, learnt: Habits) -> Cli:
    store = open_store(f"sqlite://{scrapy.store}")
    # Seen today: by the clock of the command, the articles of the test are long forgotten.
    store.merge_habits("gazette", _of_today(learnt))
    store.close()
    return scrapy


def _of_today(habits: Habits) -> Habits:
    from pipelines import clock

    today = clock.now().date().isoformat()
    return Habits(habits.articles, {at: habit._replace(seen=today) for at, habit in habits.each.items()})


def habits_of(scrapy: Cli, publisher: str = "gazette") -> Habits:
    store = open_store(f"sqlite://{scrapy.store}")
    habits = store.habits(publisher)
    store.close()
    return habits


def test_what_is_learnt_is_shown_with_its_evidence(taught: Cli, call: Call) -> None:
    done = call("memory", "show", "gazette")
    assert (done.code, done.err) == (0, "")
    rows = {row["text"]: row for row in done.rows}
    tail, title, quotation = rows[TAIL], rows[SUFFIX], rows[QUOTATION]
    assert (tail["articles"], tail["of"], tail["share"], tail["place"], tail["dropped"]) == (20, 20, 1.0, "end -0", True)
    assert (title["part"], title["place"], title["dropped"]) == ("titleSuffix", "headline", True)
    assert (quotation["dropped"], quotation["lack"]) == (False, "no usual place")
    assert [row["dropped"] for row in done.rows] == sorted((row["dropped"] for row in done.rows), reverse=True)
    assert call("memory").rows == [{"publisher": "gazette", "articles": 20, "habits": len(done.rows), "dropped": 5}]
    assert len(call("memory", "show", "gazette", "-n", "2").rows) == 2


def test_a_person_sees_a_table(taught: Cli) -> None:
    shown = taught.on_terminal("memory", "show", "gazette")
    assert shown.code == 0
    assert "gazette: 20 articles" in shown.out
    line = next(line for line in shown.out.splitlines() if TAIL[:20] in line)
    assert "end -0" in line and "yes" in line


def test_export_and_import_carry_all_to_another_store(taught: Cli, call: Call, tmp_path: Path) -> None:
    exported = call("memory", "export", "gazette")
    assert exported.code == 0
    assert exported.rows[0] == {"kind": "layout", "publisher": "gazette", "layout": "", "articles": 20}
    file = tmp_path / "gazette.jsonl"
    file.write_text(exported.out, encoding="utf-8")
    other = f"sqlite://{tmp_path}/other.db"
    done = call("memory", "import", str(file), NEWS_STORE=other)
    assert (done.code, done.out) == (0, "")
    assert f"gazette: {len(exported.rows) - 2} habits merged" in done.err
    assert call("memory", "export", "gazette", NEWS_STORE=other).out == exported.out


def test_importing_twice_changes_nothing(taught: Cli, call: Call, tmp_path: Path) -> None:
    exported = call("memory", "export", "gazette").out
    file = tmp_path / "gazette.jsonl"
    file.write_text(exported, encoding="utf-8")
    for _ in range(2):
        assert call("memory", "import", str(file)).code == 0
    assert call("memory", "export", "gazette").out == exported


def test_a_file_may_be_taken_for_another_publishers_and_come_from_a_pipe(taught: Cli) -> None:
    exported = taught.run("memory", "export", "gazette").out.encode()
    assert taught.run("memory", "import", "mirror", stdin=exported).code == 0
    assert habits_of(taught, "mirror").articles == habits_of(taught).articles


def test_forgetting_says_what_it_did(taught: Cli, call: Call) -> None:
    count = len(habits_of(taught).each)
    assert call("memory", "forget", "gazette") == Done(0, "", f"gazette: {count} habits forgotten\n")
    assert habits_of(taught) == Habits()
    assert call("memory").rows == []
    done = call("memory", "forget", "gazette")
    assert (done.code, done.out) == (2, "")
    assert "gazette: nothing is remembered of it; known are none" in done.err


@pytest.mark.parametrize("arguments", [("tell",), ("export",), ("forget",), ("show", "a", "b"), ("import", "a", "b", "c")])
def test_wrong_arguments_are_refused(arguments: tuple[str, ...], call: Call) -> None:
    done = call("memory", *arguments)
    assert (done.code, done.out) == (2, "")
    assert "scrapy memory takes show [PUBLISHER]" in done.err


def test_a_store_that_is_not_there_is_not_made(scrapy: Cli, call: Call) -> None:
    done = call("memory", "show", "gazette")
    assert done.code == 2
    assert "there is no store" in done.err
    assert not scrapy.store.exists()


# The file


def changed(learnt: Habits, **changes: object) -> list[bytes]:
    """The lines of a file whose last line, a habit's, is changed."""
    written = list(lines("gazette", learnt))
    return [*written[:-1], json.dumps(json.loads(written[-1]) | changes).encode()]


def test_a_file_reads_as_it_was_written(learnt: Habits) -> None:
    assert list(lines("gazette", parse(lines("gazette", learnt), "x")["gazette"])) == list(lines("gazette", learnt))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"articles": 21}, "articles, last: at most 20, the articles of the layout"),
        ({"articles": 0}, "articles: Input should be greater than or equal to 1"),
        ({"articles": "20"}, "articles: Input should be a valid integer"),
        ({"weight": 50.0}, "weight: more than the articles can weigh"),
        ({"weight": -1.0}, "weight: Input should be greater than 0"),
        ({"seen": "yesterday"}, "seen: Invalid isoformat string"),
        ({"days": ["2025-08-1"]}, "days.0: "),
        ({"part": "chorus"}, "part: Input should be"),
        ({"key": "ffffffffffffffff"}, "key: String should match pattern"),
        ({"text": "x" * 201}, "text: String should have at most 200 characters"),
        ({"layout": "aaaaaaaa"}, "layout: no line above says how many articles the layout 'aaaaaaaa' has"),
        ({"kind": "rumour"}, "line: Input tag 'rumour'"),
        ({"mood": "good"}, "mood: Extra inputs are not permitted"),
    ],
)
def test_a_fault_is_named_with_its_line(learnt: Habits, changes: dict[str, object], fault: str) -> None:
    file = changed(learnt, **changes)
    with pytest.raises(ConfigurationError) as raised:
        parse(file, "gazette.jsonl")
    assert str(raised.value).startswith(f"gazette.jsonl:{len(file)}: {fault}")


@pytest.mark.parametrize("line", [b"{", b"\xff", b"[]", b"12"])
def test_what_is_no_object_is_named_with_its_line(line: bytes, learnt: Habits) -> None:
    with pytest.raises(ConfigurationError, match=r"^x:2: "):
        parse([next(lines("gazette", learnt)), line], "x")


def test_a_fault_leaves_the_store_as_it_was(taught: Cli, call: Call, tmp_path: Path, learnt: Habits) -> None:
    before = habits_of(taught)
    (tmp_path / "bad.jsonl").write_bytes(b"\n".join(line.strip() for line in changed(learnt, articles=-1)))
    done = call("memory", "import", str(tmp_path / "bad.jsonl"))
    assert done.code == 2
    assert "bad.jsonl:" in done.err and "articles" in done.err
    assert habits_of(taught) == before
    assert before.articles[ALL] == 20
