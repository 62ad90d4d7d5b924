"""The choice among a page's clues: which is published, which modified, which is refused, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pipelines.evidence import DateClue, Dates
from pipelines.normalizers.dates import resolve, resolve_text
from pipelines.publishers import DateRules, Publisher
from pipelines.values import DateSource, Precision, ZoneSource

NOW = FETCHED = datetime(2024, 2, 28, 12, tzinfo=UTC)


def _resolve(*clues: DateClue, publisher: Publisher | None = None) -> Dates:
    return resolve(clues, publisher or KOLKATA, language="en", fetched_at=FETCHED)


def _clue(raw: str, source: DateSource = DateSource.JSONLD, field: str | None = "datePublished") -> DateClue:
    return DateClue(raw, source, "here", field)


KOLKATA = Publisher(id="a", hosts=("www.example.in",), language="en", country="IN", timezone="Asia/Kolkata")
UNKNOWN = Publisher(id="b", hosts=("www.example.com",))


def test_the_most_trusted_source_wins_whatever_the_order() -> None:
    dates = _resolve(
        _clue("2024-02-26", DateSource.URL), _clue("2024-02-27T11:00:00Z", DateSource.META), _clue("2024-02-27T10:07:00Z")
    )
    assert (dates.published, dates.source) == (datetime(2024, 2, 27, 10, 7, tzinfo=UTC), DateSource.JSONLD)
    assert [each.chosen for each in dates.evidence] == [False, False, True]
    assert all(each.why for each in dates.evidence)


def test_a_time_is_preferred_to_a_bare_day_of_the_same_day() -> None:
    dates = _resolve(_clue("2024-02-27"), _clue("27 Feb 2024, 9:46 PM IST", DateSource.VISIBLE, None))
    assert (dates.published, dates.source) == (datetime(2024, 2, 27, 16, 16, tzinfo=UTC), DateSource.VISIBLE)
    assert dates.zone_source is ZoneSource.ABBREVIATION


def test_a_bare_day_stays_where_the_time_is_of_another_day() -> None:
    dates = _resolve(_clue("2024-02-27"), _clue("2024-02-20T21:46:00Z", DateSource.META))
    assert (dates.published, dates.precision) == (datetime(2024, 2, 26, 18, 30, tzinfo=UTC), Precision.DAY)
    assert dates.flags == ["date.conflict"]


def test_a_time_later_than_the_fetch_is_refused_and_the_next_source_taken() -> None:
    dates = _resolve(_clue("2024-02-28T12:30:00Z"), _clue("2024-02-28T07:00:00Z", DateSource.META))
    assert dates.source is DateSource.META
    assert dates.evidence[0].why == "later than the fetch"
    assert _resolve(_clue("2024-02-28T12:09:00Z")).published is not None


def test_a_mark_of_utc_that_the_visible_local_time_contradicts_loses() -> None:
    dates = _resolve(_clue("2024-02-27T21:46:00Z"), _clue("Feb 27, 2024 09:46 PM", DateSource.VISIBLE, None))
    assert (dates.published, dates.source) == (datetime(2024, 2, 27, 16, 16, tzinfo=UTC), DateSource.VISIBLE)
    assert dates.flags == ["date.conflict"]


def test_a_mark_of_utc_that_the_publishers_zone_explains_loses() -> None:
    dates = _resolve(_clue("2024-02-27T21:46:05Z"), _clue("2024-02-27T16:16:05Z", DateSource.FEED))
    assert (dates.published, dates.source) == (datetime(2024, 2, 27, 16, 16, 5, tzinfo=UTC), DateSource.FEED)


def test_a_mark_of_utc_is_kept_where_the_visible_time_is_its_local_time() -> None:
    dates = _resolve(_clue("2024-02-27T16:16:00Z"), _clue("Feb 27, 2024 09:46 PM", DateSource.VISIBLE, None))
    assert (dates.published, dates.flags) == (datetime(2024, 2, 27, 16, 16, tzinfo=UTC), [])
    assert dates.confidence == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("clue", "is_witness"),
    [
        (DateClue("27 Feb 2024, 21:46", DateSource.TIME_TAG, "time", None, is_text=True), True),
        (DateClue("2024-02-27 21:46", DateSource.TIME_TAG, "time[datetime]", None), False),
    ],
)
def test_what_a_time_tag_shows_is_a_witness_as_any_visible_line_is(clue: DateClue, is_witness: bool) -> None:
    dates = _resolve(_clue("2024-02-27T21:46:00Z"), clue)
    assert dates.published == datetime(2024, 2, 27, 16 if is_witness else 21, 16 if is_witness else 46, tzinfo=UTC)


def test_a_machines_time_without_an_offset_is_in_utc_where_the_page_shows_its_local_time() -> None:
    shown = _clue("Feb 27, 2024 09:46 PM", DateSource.VISIBLE, None)
    dates = _resolve(_clue("2024-02-27 16:16:05"), _clue("2024-02-27 16:30:00", field="dateModified"), shown)
    assert (dates.published, dates.modified) == (datetime(2024, 2, 27, 16, 16, tzinfo=UTC), None)
    assert dates.flags == ["date.conflict"]
    assert [each.chosen for each in dates.evidence] == [False, False, True]
    later = _resolve(_clue("2024-02-27 16:16:05"), _clue("Feb 27, 2024 09:48 PM", DateSource.VISIBLE, None))
    assert later.published == datetime(2024, 2, 27, 10, 46, 5, tzinfo=UTC)


def test_a_source_that_marks_one_local_time_as_utc_is_believed_on_none() -> None:
    dates = _resolve(
        _clue("2024-02-27T21:48:30Z"),
        _clue("2024-02-27T21:46:00Z"),
        _clue("2024-02-27T21:46:00+05:30", DateSource.META),
        _clue("Feb 27, 2024 09:46 PM", DateSource.VISIBLE, None),
    )
    assert (dates.published, dates.source) == (datetime(2024, 2, 27, 16, 16, tzinfo=UTC), DateSource.META)


def test_two_sources_that_agree_win_where_no_zone_is_known() -> None:
    clues = (
        _clue("2024-02-27T21:46:00+02:00"),
        _clue("2024-02-27T21:46:00+01:00", DateSource.META),
        _clue("2024-02-27T20:46:00Z", DateSource.FEED),
    )
    dates = _resolve(*clues, publisher=UNKNOWN)
    assert (dates.published, dates.source) == (datetime(2024, 2, 27, 20, 46, tzinfo=UTC), DateSource.META)
    assert dates.flags == ["date.conflict"]


def test_a_source_that_marks_local_time_as_utc_is_not_believed_on_modified_either() -> None:
    dates = _resolve(
        _clue("2024-02-27T21:46:00Z"),
        _clue("2024-02-27T22:00:00Z", field="dateModified"),
        _clue("Feb 27, 2024 09:46 PM IST", DateSource.VISIBLE, None),
    )
    assert (dates.published, dates.modified) == (datetime(2024, 2, 27, 16, 16, tzinfo=UTC), None)


def test_published_is_never_copied_from_modified() -> None:
    dates = _resolve(
        _clue("2024-02-27T21:46:00Z", field="dateModified"), _clue("Updated 27 Feb 2024 21:46", DateSource.VISIBLE, None)
    )
    assert (dates.published, dates.raw, dates.confidence) == (None, None, 0.0)
    assert dates.modified == datetime(2024, 2, 27, 21, 46, tzinfo=UTC)


def test_a_modified_time_before_the_published_one_is_dropped() -> None:
    dates = _resolve(_clue("2024-02-27T21:46:00Z"), _clue("2024-02-27T21:45:00Z", field="dateModified"))
    assert (dates.modified, dates.flags) == (None, ["date.modified_before_published"])


def test_one_line_gives_both_fields_by_its_labels() -> None:
    dates = _resolve(
        _clue("Updated: Feb 27, 2024 21:46 IST | First Published: Feb 26, 2024 08:10 IST", DateSource.VISIBLE, None)
    )
    assert (dates.published, dates.modified) == (
        datetime(2024, 2, 26, 2, 40, tzinfo=UTC),
        datetime(2024, 2, 27, 16, 16, tzinfo=UTC),
    )
    assert dates.local == datetime(2024, 2, 26, 8, 10, tzinfo=ZoneInfo("Asia/Kolkata"))
    assert str(dates.local) == "2024-02-26 08:10:00+05:30"


def test_an_updated_time_without_a_day_is_of_the_published_day() -> None:
    dates = _resolve(_clue("Published 26 Feb 2024 at 08:10, updated at 09:15", DateSource.VISIBLE, None))
    assert dates.modified == datetime(2024, 2, 26, 3, 45, tzinfo=UTC)


def test_a_host_of_a_country_gives_its_zone() -> None:
    dates = _resolve(_clue("2024-02-27T21:46:00"), publisher=Publisher(id="c", hosts=("www.example.co.uk",)))
    assert (dates.published, dates.zone_source) == (datetime(2024, 2, 27, 21, 46, tzinfo=UTC), ZoneSource.COUNTRY)


def test_a_publishers_format_is_tried_first_with_its_abbreviation() -> None:
    rules = DateRules(formats=("%b %d %Y | %I:%M %p %Z", "%Y//%d//%m"))
    publisher = Publisher(id="d", country="IE", timezone="Europe/Dublin", dates=rules)
    dates = _resolve(_clue("Jul 27 2023 | 9:46 PM IST", DateSource.VISIBLE, None), publisher=publisher)
    assert dates.published == datetime(2023, 7, 27, 20, 46, tzinfo=UTC)
    assert str(_resolve(_clue("2023//04//05"), publisher=publisher).local) == "2023-05-04 00:00:00+01:00"


def test_confidence_grows_with_agreement_and_shrinks_with_a_guessed_zone() -> None:
    alone = _resolve(_clue("2024-02-27T21:46:00Z")).confidence
    agreed = _resolve(_clue("2024-02-27T21:46:00Z"), _clue("2024-02-28T03:16:00+05:30", DateSource.META)).confidence
    by_country = _resolve(_clue("2024-02-27T21:46:00"), publisher=Publisher(id="e", country="DE")).confidence
    assert by_country < alone < agreed < 1


def test_no_clues_give_no_dates() -> None:
    assert _resolve() == Dates()


def test_a_text_alone_may_name_its_only_date_updated_and_lie_ahead() -> None:
    dates = resolve_text("Updated: Feb 29, 2024 21:46 IST", KOLKATA, now=NOW)
    assert dates.published == datetime(2024, 2, 29, 16, 16, tzinfo=UTC)


def _generic(raw: str) -> DateClue:
    return DateClue(raw, DateSource.META, "meta:date", "datePublished", is_generic=True)


def test_a_meta_tag_that_does_not_say_which_date_it_gives_yields_to_an_earlier_day_that_the_page_shows() -> None:
    shown = _clue("27 Feb 2024, 21:46", DateSource.TIME_TAG, None)
    dates = _resolve(_generic("2024-02-28"), shown)
    assert (dates.source, dates.published) == (DateSource.TIME_TAG, datetime(2024, 2, 27, 16, 16, tzinfo=UTC))
    assert dates.evidence[0].why == "later than the date that the page shows: the last change's"
    assert _resolve(_generic("2024-02-26"), shown).source is DateSource.META
    assert _resolve(_clue("2024-02-28"), shown).source is DateSource.JSONLD


def test_a_generic_date_after_the_shown_last_change_is_no_publication() -> None:
    dates = _resolve(_generic("2024-02-28T09:52:00+05:30"), _clue("Updated 27 Feb 2024 18:00", DateSource.VISIBLE, None))
    assert (dates.published, dates.modified) == (None, datetime(2024, 2, 27, 12, 30, tzinfo=UTC))


def test_one_time_for_both_fields_is_the_last_change_where_the_page_says_that_it_was_changed() -> None:
    both = [_clue("2024-02-27T09:49:32Z", field=field) for field in ("datePublished", "dateModified")]
    changed = _clue("Feb 26, 2024 / 12:25 PM / Updated 8 hours ago", DateSource.VISIBLE, None)
    dates = _resolve(*both, changed, publisher=UNKNOWN)
    assert (dates.source, dates.published, dates.precision) == (
        DateSource.VISIBLE,
        datetime(2024, 2, 26, tzinfo=UTC),
        Precision.DAY,
    )
    assert (
        _resolve(*both, _clue("Feb 26, 2024 12:25 PM", DateSource.VISIBLE, None), publisher=UNKNOWN).source is DateSource.JSONLD
    )
    same_moment = _clue("Feb 26, 2024 11:49 PM / Updated 8 hours ago", DateSource.VISIBLE, None)
    assert _resolve(*both, same_moment, publisher=UNKNOWN).source is DateSource.JSONLD


def test_of_two_marks_of_utc_the_one_that_no_clock_of_the_country_explains_is_true() -> None:
    australia = Publisher(id="f", country="AU", language="en")
    dates = _resolve(_clue("2024-02-27T21:46:05Z"), _clue("2024-02-27T11:46:05Z", DateSource.META), publisher=australia)
    assert dates.published == datetime(2024, 2, 27, 11, 46, 5, tzinfo=UTC)


def test_a_date_in_the_formatters_own_language_is_no_witness_against_utc() -> None:
    berlin = Publisher(id="g", country="DE", language="de", timezone="Europe/Berlin")
    declared = _clue("2024-02-27T12:30:00+00:00", DateSource.META)
    shown = [_clue(raw, DateSource.VISIBLE, None) for raw in ("February 27, 2024, 12:30 Uhr", "27. Februar 2024, 12:30 Uhr")]
    found = [resolve([declared, each], berlin, language="de", fetched_at=FETCHED).published for each in shown]
    assert found == [datetime(2024, 2, 27, 12, 30, tzinfo=UTC), datetime(2024, 2, 27, 11, 30, tzinfo=UTC)]


def test_the_local_time_follows_the_clock_that_the_page_shows_where_no_zone_is_known() -> None:
    dates = _resolve(_clue("2024-02-27T01:09:55Z"), _clue("2024-02-26 18:09:55", DateSource.TIME_TAG), publisher=UNKNOWN)
    assert (str(dates.local), dates.published) == ("2024-02-26 18:09:55-07:00", datetime(2024, 2, 27, 1, 9, 55, tzinfo=UTC))
    assert str(_resolve(_clue("2024-02-27T01:09:55Z"), publisher=UNKNOWN).local) == "2024-02-27 01:09:55+00:00"


def test_an_offset_in_the_text_tells_more_of_the_local_time_than_the_language() -> None:
    nowhere = Publisher(id="h")
    local = {
        raw: resolve([_clue(raw)], nowhere, language="de", fetched_at=FETCHED).local
        for raw in ("2024-02-27T23:46:00+02:00", "2024-02-27T23:46:00Z")
    }
    assert [each and each.isoformat() for each in local.values()] == ["2024-02-27T23:46:00+02:00", "2024-02-28T00:46:00+01:00"]
