"""`scrapy dates` as a person and as a program call it."""

from __future__ import annotations

import json
import os
import pty
import subprocess

import pytest

from tests.forks import SCRAPY

KEYS = [
    "datePublished",
    "datePublishedLocal",
    "datePublishedPrecision",
    "datePublishedZoneSource",
    "datePublishedConfidence",
    "dateModified",
    "dateEvidence",
    "flags",
]


def _run(*arguments: str, lines: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return SCRAPY.run("scrapy", ["dates", *arguments], os.environ, lines, 60)


def test_a_pipe_gets_one_json_object_with_every_key() -> None:
    done = _run(
        "First Published: Feb 27 2024 | 9:46 PM IST", "--language", "en", "--country", "IN", "--timezone", "Asia/Kolkata"
    )
    row = json.loads(done.stdout)
    assert (done.returncode, list(row)) == (0, ["raw", *KEYS])
    assert (row["datePublished"], row["datePublishedLocal"]) == ("2024-02-27T16:16:00Z", "2024-02-27T21:46:00+05:30")
    assert (row["datePublishedPrecision"], row["datePublishedZoneSource"]) == ("minute", "abbreviation")
    assert row["dateEvidence"][0]["chosen"] is True
    assert done.stderr == b""


def test_relative_times_refer_to_the_given_now() -> None:
    done = _run("vor 3 Stunden", "--language", "de", "--now", "2024-02-28T12:00:00+01:00")
    assert json.loads(done.stdout)["datePublished"] == "2024-02-28T08:00:00Z"


def test_a_text_without_a_date_is_an_answer_too() -> None:
    done = _run("5 min read")
    row = json.loads(done.stdout)
    assert (done.returncode, row["datePublished"], row["dateEvidence"][0]["why"]) == (0, None, "no date that can be read")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x", "--timezone", "Asia/Nowhere"], "--timezone: 'Asia/Nowhere' is no IANA time zone"),
        (["x", "--country", "XX"], "--country: 'XX' is no country; give an ISO 3166-1 code"),
        (["x", "--language", "english"], "--language: 'english' is no known language; give an ISO 639 code"),
        (["x", "--now", "yesterday"], "--now: 'yesterday' is no ISO 8601 time with an offset"),
        (["x", "--now", "2024-02-28T12:00:00"], "--now: '2024-02-28T12:00:00' is no ISO 8601 time with an offset"),
        (["x", "--jsonl"], "--jsonl reads stdin and takes no text"),
        (["--jsonl", "--explain"], "--explain is for one text"),
        ([], "give one text in quotes"),
        (["27", "Feb", "2024"], "give one text in quotes"),
    ],
)
def test_a_wrong_argument_is_named_with_what_is_allowed(arguments: list[str], said: str) -> None:
    done = _run(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_json_lines_are_answered_in_order_and_bad_ones_do_not_stop_it() -> None:
    asked = [
        {
            "id": "a",
            "raw": "27.02.2024 21:46",
            "lang": "de",
            "country": "DE",
            "tz": "Europe/Berlin",
            "reference": "2024-02-28T12:00:00Z",
        },
        {"id": "b", "raw": 5},
        {"id": "c", "raw": "il y a 2 heures", "lang": "fr", "country": "FR", "tz": None, "reference": "2024-02-28T12:00:00Z"},
        {"id": "d", "raw": "27 Feb 2024", "lang": "en", "country": "IN", "tz": "Mars/Base", "reference": None},
        ["e"],
        {"id": "f", "raw": "27 Feb 2024", "lang": None, "country": None, "tz": None, "reference": "noon"},
    ]
    lines = [json.dumps(row).encode() for row in asked]
    done = _run("--jsonl", lines=b"\n".join([*lines[:2], b"{not json", b"", b"\xff\xfe", *lines[2:]]))
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [row.get("id") for row in rows] == ["a", "b", None, None, "c", "d", None, "f"]
    assert list(rows[0]) == ["id", *KEYS]
    assert (rows[0]["datePublished"], rows[4]["datePublished"]) == ("2024-02-27T20:46:00Z", "2024-02-28T10:00:00Z")
    assert all("error" in rows[place] for place in (1, 2, 3, 5, 6, 7))
    assert "tz: 'Mars/Base' is no IANA time zone" in rows[5]["error"]


def test_a_language_without_a_table_is_read_by_its_numbers_and_country() -> None:
    rows = [
        {"id": "a", "raw": "2024-02-27 21:46", "lang": "ee", "country": "GH", "reference": "2024-02-28T12:00:00Z"},
        {"id": "b", "raw": "27.02.2024 21:46", "lang": "sq", "country": "XK", "reference": "2024-02-28T12:00:00Z"},
        {"id": "c", "raw": "2024-02-27T21:46:00+25:00", "lang": "de", "country": "DE", "reference": "2024-02-28T12:00:00Z"},
    ]
    done = _run("--jsonl", lines=b"\n".join(json.dumps(row).encode() for row in rows))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["datePublished"] for row in answers] == ["2024-02-27T21:46:00Z", "2024-02-27T20:46:00Z", None]


def test_explain_prints_the_reasoning_as_text_also_in_a_pipe() -> None:
    done = _run(
        "Published Feb 27 2024 9:46 PM IST, updated 28 Feb 2024",
        "--country",
        "IN",
        "--explain",
        "--now",
        "2024-03-01T00:00:00Z",
    )
    shown = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    for text in (
        "read for    country IN; now is 2024-03-01T00:00:00Z",
        "1. datePublished",
        "read     2024-02-27 21:46, on the text's own clock, to the minute",
        "label    the text calls it published",
        "zone     2, the text's IST as IN means it: UTC+05:30",
        "chosen   the most trusted source: visible",
        "2. dateModified",
        "zone     4, all of IN shows this time alike (Asia/Kolkata): UTC+05:30 then",
        "published   2024-02-27T16:16:00Z (2024-02-27T21:46:00+05:30), to the minute, confidence 0.78",
    ):
        assert text in shown, shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["27 Feb 2024 21:46"],
            "zone     the text names none and the place has not one alone: the time is refused, the day kept",
        ),
        (["27 Feb 2024 21:46 IST"], "zone     IST has several meanings and the place does not say which"),
        (["27 Feb 2024 21:46", "--timezone", "Asia/Tokyo"], "zone     3, the publisher's Asia/Tokyo: UTC+09:00 then"),
        (["3 hours ago"], "zone     none is needed"),
        (["5 min read"], "refused  no date that can be read"),
        (["2024-03-31 02:30", "--country", "DE"], "flag        date.dst_gap: the zone's clocks skipped this time"),
    ],
)
def test_explain_says_which_rule_gave_the_zone_or_why_there_is_none(arguments: list[str], said: str) -> None:
    assert said in _run(*arguments, "--explain").stdout.decode()


def test_a_terminal_gets_a_sheet() -> None:
    main, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    arguments = ["dates", "27 février 2024 à 21h46", "--language", "fr", "--timezone", "Europe/Paris"]
    process = SCRAPY.start("scrapy", arguments, environment, (terminal, terminal, terminal))
    os.close(terminal)
    shown = _read_all(main)
    assert process.wait(timeout=60) == 0
    for text in ("2024-02-27T20:46:00Z", "2024-02-27T21:46:00+01:00", "minute", "publisher", "the most trusted source"):
        assert text in shown
    assert "{" not in shown


def _read_all(descriptor: int) -> str:
    """All that a terminal shows until its other end is closed, which Linux reports as an error."""
    shown = b""
    with os.fdopen(descriptor, "rb", buffering=0) as reader:
        while True:
            try:
                chunk = reader.read(4096)
            except OSError:
                break
            if not chunk:
                break
            shown += chunk
    return shown.decode()
