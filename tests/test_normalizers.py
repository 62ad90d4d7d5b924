"""Names, headlines, keywords, languages, addresses and text in one form each."""

from __future__ import annotations

import re
import time
import unicodedata
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalizers import headlines, keywords, language, people, text
from pipelines.normalizers.urls import absolute_url, host_of, normalize_url, url_key
from pipelines.values import Author, AuthorType
from tests.pages import bounded

PERSON, ORGANIZATION, ACCOUNT = AuthorType.PERSON, AuthorType.ORGANIZATION, AuthorType.ACCOUNT


def names(*bylines: str) -> list[str]:
    return [author.name for author in people.authors_of([[Author(byline, byline) for byline in bylines]])]


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("Ida Holm", ["Ida Holm"]),
        ("By Ida Holm", ["Ida Holm"]),
        ("BY IDA HOLM", ["Ida Holm"]),
        ("By Ida Holm and Jon Vik", ["Ida Holm", "Jon Vik"]),
        ("Ida Holm, Jon Vik and Eva Strand", ["Ida Holm", "Jon Vik", "Eva Strand"]),
        ("Holm, Ida", ["Ida Holm"]),
        ("Ida Holm, Jr.", ["Ida Holm, Jr"]),
        ("Ida Holm - Staff writer", ["Ida Holm"]),
        ("Ida Holm, Stour Bureau", ["Ida Holm", "Stour Bureau"]),
        ("Ida Holm | Senior Correspondent", ["Ida Holm"]),
        ("Ida Holm (Stour)", ["Ida Holm"]),
        ("Ida Holm, 13 August 2025", ["Ida Holm"]),
        ("Ida Holm ida@news.example", ["Ida Holm"]),
        ("Ida Holm @idaholm", ["Ida Holm"]),
        ("Written by Ida Holm", ["Ida Holm"]),
        ("Von Ida Holm und Jon Vik", ["Ida Holm", "Jon Vik"]),
        ("Par Ida Holm avec Jon Vik", ["Ida Holm", "Jon Vik"]),
        ("Por Ida Holm y Jon Vik", ["Ida Holm", "Jon Vik"]),
        ("Di Ida Holm e Jon Vik", ["Ida Holm", "Jon Vik"]),
        ("Door Ida Holm en Jon Vik", ["Ida Holm", "Jon Vik"]),
        ("Av Ida Holm og Jon Vik", ["Ida Holm", "Jon Vik"]),
        ("Автор: Іда Холм та Йон Вік", ["Іда Холм", "Йон Вік"]),
        ("От Ида Холм и Йон Вик", ["Ида Холм", "Йон Вик"]),
        ("作者: 伊達花子", ["伊達花子"]),
        ("بقلم: آية حلمي", ["آية حلمي"]),
        ("Mary-Jane O'Neill", ["Mary-Jane O'Neill"]),
        ("Ludwig van der Berg", ["Ludwig van der Berg"]),
        ("admin123", []),
        ("By", []),
        ("Author", []),
        ("null", []),
        ("", []),
        ("{{author.name}}", []),
        ("https://news.example/staff/ida", []),
    ],
)
def test_a_byline_gives_names(byline: str, expected: list[str]) -> None:
    assert names(byline) == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Ida Holm", PERSON),
        ("Reuters", ORGANIZATION),
        ("The Associated Press", ORGANIZATION),
        ("Stour News Desk", ORGANIZATION),
        ("Redaktion", ORGANIZATION),
        ("badely", ACCOUNT),
        ("ida_holm.42", ACCOUNT),
        ("UNI", ORGANIZATION),
        ("Uni Holm", PERSON),
    ],
)
def test_people_houses_and_accounts_are_told_apart(name: str, kind: AuthorType) -> None:
    assert [author.type for author in people.authors_of([[Author(name, name)]])] == [kind]


def test_the_sites_own_name_is_a_house() -> None:
    assert people.authors_of([[Author("Stour Beacon", "x")]], ["Stour Beacon"])[0].type is ORGANIZATION


def test_the_first_source_that_names_a_person_is_believed() -> None:
    sources = [[], [Author("Reuters", "Reuters")], [Author("Ida Holm", "Ida Holm")], [Author("I. Holm", "I. Holm")]]
    assert [author.name for author in people.authors_of(sources)] == ["Ida Holm"]
    assert [author.name for author in people.authors_of(sources[:2])] == ["Reuters"]


def test_a_name_stands_once_and_keeps_how_it_was_written() -> None:
    found = people.authors_of([[Author("By IDA HOLM", "By IDA HOLM"), Author("Ida Holm", "Ida Holm")]])
    assert [author.name for author in found] == ["Ida Holm"]


def test_a_text_in_a_bylines_place_is_none_and_takes_no_time() -> None:
    started = time.process_time()
    assert names("1 " + "1" * 100_000, "x" * 100_000, "Ida Holm, " * 20_000) == []
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("shown", "titles", "headline", "variant"),
    [
        ("Storm hits coast", ["Storm hits coast | The Ledger"], "Storm hits coast", None),
        (None, ["Storm hits coast | The Ledger"], "Storm hits coast", None),
        (None, ["The Ledger: Storm hits coast"], "The Ledger: Storm hits coast", None),
        (None, ["Storm hits coast - ledger"], "Storm hits coast", None),
        (None, ["Storm hits coast – World – The Ledger"], "Storm hits coast – World", None),
        ("Storm hits coast", ["Storm hits", "The storm that hit the coast"], "Storm hits coast", "Storm hits"),
        ("Storm hits coast", ["Storm hits coast | Ports | Stour"], "Storm hits coast", None),
        ("The Ledger", ["Storm hits coast"], "Storm hits coast", None),
        ("Storm - and after", [], "Storm - and after", None),
        (None, [], None, None),
        (None, ["The Ledger"], None, None),
        ("STORM: hits coast", ["Storm hits coast!"], "STORM: hits coast", None),
        ("Storm " * 1000, ["Storm hits coast"], "Storm hits coast", None),
    ],
)
def test_a_headline_is_the_pages_own_without_the_sites_name(
    shown: str | None, titles: list[str], headline: str | None, variant: str | None
) -> None:
    assert headlines.headline_of(shown, titles, ["The Ledger"], "www.ledger.example") == (headline, variant)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (["Ports", "ports", " #Ferries ", "Ports"], ["Ports", "Ferries"]),
        (["North Korea Russia Russia Ukraine Conflict"], ["North Korea", "Russia", "Russia Ukraine Conflict"]),
        (["the long way round the cape"], ["the long way round the cape"]),
        (["x", "", "a" * 81], []),
    ],
)
def test_keywords_are_a_list_without_repeats(raw: list[str], found: list[str]) -> None:
    assert keywords.keywords_of(raw, "North Korea met Russia.") == found


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        ("en", "en"),
        ("EN-us", "en-US"),
        ("en_US.UTF-8", "en-US"),
        ("English", "en"),
        ("zh-hans", "zh-Hans"),
        ("zh-Hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("ua", "uk"),
        ("iw", "he"),
        ("no", "nb"),
        ("ru, en", "ru"),
        ("x-default", None),
        ("", None),
        (None, None),
        ("1", None),
    ],
)
def test_a_declared_language_is_a_tag(declared: str | None, tag: str | None) -> None:
    assert language.normalize_tag(declared) == tag


BULGARIAN = "Пристанището отвори отново в сряда след девет дни, в които нито един кораб не можеше да влезе в него."
ENGLISH = "The harbour reopened on Wednesday after nine days in which no ship could enter or leave it."


@pytest.mark.parametrize(
    ("declared", "words", "default", "tag"),
    [
        ("en-GB", ENGLISH, None, "en-GB"),
        (None, ENGLISH, None, "en"),
        ("en", BULGARIAN + " Водолазите извадиха последния шлеп, а първият ферибот тръгна по обяд.", None, "bg"),
        ("mk", BULGARIAN, None, "mk"),
        (None, "12:30", "de", "de"),
        (None, "", None, None),
    ],
)
def test_a_text_surely_in_another_language_outweighs_what_is_declared(
    declared: str | None, words: str, default: str | None, tag: str | None
) -> None:
    assert language.language_of(declared, words, default) == tag


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("  two\u00a0 words\t\n", "two words"),
        ("soft\u00adhyphen", "softhyphen"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("line\u2028sep\u2029arated", "line sep arated"),
        ("form\x0cfeed\x85next", "form feed next"),
        ("bell\x07\x7f\x90", "bell"),
        ("half\ud800pair", "halfpair"),
        ("cafe\u0301", "café"),
        ("نیم\u200cفاصله", "نیم\u200cفاصله"),
        ("\u200b \u00ad", None),
        ("", None),
        (None, None),
    ],
)
def test_a_line_has_one_form(written: str | None, line: str | None) -> None:
    assert text.line(written) == line


@bounded
@given(st.text(st.characters(), max_size=60))
def test_a_line_of_any_text_is_its_own_form_and_can_be_written(written: str) -> None:
    line = text.line(written)
    if line is not None:
        assert text.line(line) == line
        assert line == unicodedata.normalize("NFC", line)
        assert line.encode() and "\n" not in line


def test_rows_are_the_lines_that_say_something() -> None:
    assert text.rows("a | b\n \n\u200b\nc  |  d") == ["a | b", "c | d"]


STORY = "https://news.example/world/harbour?id=7"


@pytest.mark.parametrize(
    "variant",
    [
        "http://news.example/world/harbour?id=7",
        "https://www.news.example/world/harbour?id=7",
        "https://m.news.example/world/harbour?id=7",
        "https://amp.news.example/world/harbour?id=7",
        "https://NEWS.example:443/world/harbour/?id=7",
        "http://news.example:80/world//harbour?id=7#top",
        "https://news.example/world/harbour/amp/?id=7",
        "https://news.example/world/harbour/amp.html?id=7",
        "https://news.example/amp/world/harbour?id=7",
        "https://news.example/world/harbour?utm_source=feed&id=7&fbclid=x",
        "https://news.example/world/harbour?amp=1&id=7",
        "https://news.example/%77orld/harbour?id=7",
        "https://news.example/world/harbour/index.html?id=7",
        "  https://reader@news.example./world/harbour?id=7 ",
    ],
)
def test_one_article_has_one_key_at_all_its_addresses(variant: str) -> None:
    assert normalize_url(variant) == "news.example/world/harbour?id=7"
    assert url_key(variant) == url_key(STORY)


@pytest.mark.parametrize(
    "other",
    [
        "https://news.example/world/harbour?id=8",
        "https://news.example/world/harbour",
        "https://news.example:8443/world/harbour?id=7",
        "https://sport.news.example/world/harbour?id=7",
        "https://news.example/world/Harbour?id=7",
        "https://news.example/world/harbour-amp?id=7",
        "https://news.example/world/example?id=7",
    ],
)
def test_another_document_has_another_key(other: str) -> None:
    assert url_key(other) != url_key(STORY)


def test_bytes_of_another_charset_in_an_address_still_tell_documents_apart() -> None:
    """%CF%F0 and %CC%E8 are letters of windows-1251; read as UTF-8 both are two replacement characters."""
    assert url_key("https://news.example/%CF%F0?q=%CF") != url_key("https://news.example/%CC%E8?q=%CF")
    assert url_key("https://news.example/a?q=%CF") != url_key("https://news.example/a?q=%CC")


labels = st.sampled_from(["www", "m", "amp", "mobile", "news", "touch", "www2", "co", "example", "a-b"])
hosts = st.lists(labels, min_size=1, max_size=4).map(".".join)
parts = st.one_of(
    st.sampled_from(
        ["amp", "amp.html", "index.html", "index.php", "", ".amp", "a.amp.html", "%2F", "%61mp", "%25", "ü", "a b"]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="?#"), max_size=8),
)
paths = st.lists(parts, max_size=5).map(lambda found: "".join(f"/{part}" for part in found))
queries = st.one_of(st.just(""), st.text("abc=&%2F +;üid7utm_", max_size=20).map(lambda found: f"?{found}"))


@bounded
@given(st.sampled_from(["http", "https"]), hosts, st.sampled_from(["", ":80", ":443", ":8080"]), paths, queries)
def test_the_normal_form_is_its_own_normal_form(scheme: str, host: str, port: str, path: str, query: str) -> None:
    normal = normalize_url(f"{scheme}://{host}{port}{path}{query}")
    assert normalize_url(f"https://{normal}") == normal


@bounded
@given(st.text(max_size=60))
def test_no_text_breaks_the_normal_form_or_an_absolute_address(words: str) -> None:
    normalize_url(words)
    host_of(words)
    found = absolute_url(STORY, words)
    assert found is None or (urlsplit(found).scheme in ("http", "https") and urlsplit(found).hostname)


@pytest.mark.parametrize("word", ["http://[::1", "http://a:99999/", "http://a:b/", "http://\u2100/"])
def test_what_is_no_address_stands_for_itself(word: str) -> None:
    assert normalize_url(word) == word


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("/b?q=1#top", "https://news.example/b?q=1"),
        ("b", "https://news.example/world/b"),
        ("//cdn.example/q.jpg", "https://cdn.example/q.jpg"),
        ("HTTP://x.example/", "http://x.example/"),
        ("mailto:ida@news.example", None),
        ("javascript:void(0)", None),
        ("data:image/gif;base64,R0", None),
        ("http://", None),
        ("http://a:99999/", None),
        ("http://[::1", None),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
def test_a_reference_is_an_absolute_address_or_nothing(reference: str | None, found: str | None) -> None:
    assert absolute_url(STORY, reference) == found


def test_a_host_has_its_port_and_no_user() -> None:
    assert host_of("https://reader:secret@News.example:8443/a") == "news.example:8443"
    assert host_of("http://[::1") == ""
    assert re.fullmatch("[0-9a-f]{32}", url_key(STORY))
