"""Bytes to one tree or one text: charsets, control characters, front matter, and what is no page."""

from __future__ import annotations

import codecs

import pytest
from lxml import etree

from pipelines.evidence import Markup
from pipelines.extraction import body, markup, metadata
from pipelines.items import Reason, Rejected
from tests.pages import PARAGRAPHS, draft_of, html, make_page, parsed, rejection_of

BULGARIAN = "Пристанището отвори отново в сряда след девет дни, в които нито един кораб не можеше да влезе."
CHINESE = "港口在关闭九天后于周三重新开放，第一班渡轮将于中午启航，货运将在夜间恢复。"
JAPANESE = "港は九日ぶりに水曜日に再開し、最初のフェリーは正午に出航する予定である。"


def sent(text: str, charset: str, header: str = "", meta: str = "") -> Markup:
    """A page of one paragraph in a charset, which the header and the meta element declare or not."""
    declared = f'<meta charset="{meta}">' if meta else ""
    page = f"<html><head>{declared}<title>x</title></head><body><p>{text}</p></body></html>".encode(charset)
    return parsed(make_page(page, f"text/html; charset={header}" if header else "text/html"))


def text_of(found: Markup) -> str:
    assert found.tree is not None
    return "".join(found.tree.find(".//p").itertext())  # type: ignore[union-attr]


def front_matter(block: str, text: str = PARAGRAPHS[0]) -> Markup | Rejected:
    return markup.parse(make_page(f"---\n{block}---\n{text}", "text/markdown"))


@pytest.mark.parametrize(
    ("text", "charset", "header", "meta", "source"),
    [
        (BULGARIAN, "utf-8", "utf-8", "", "header"),
        (BULGARIAN, "utf-8", "", "utf-8", "meta"),
        (BULGARIAN, "utf-8", "", "", "content"),
        (BULGARIAN, "windows-1251", "windows-1251", "", "header"),
        (BULGARIAN, "windows-1251", "", "windows-1251", "meta"),
        (BULGARIAN, "windows-1251", "", "win-1251", "meta"),
        (BULGARIAN, "koi8-r", "koi8-r", "windows-1251", "header"),
        (CHINESE, "gb18030", "gb18030", "", "header"),
        (CHINESE, "gbk", "", "gb2312", "meta"),
        ("港口關閉九天後於週三重新開放。", "big5", "", "big5", "meta"),
        (JAPANESE, "shift_jis", "", "shift_jis", "meta"),
        (JAPANESE, "euc-jp", "euc-jp", "", "header"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp", "", "header"),
        (JAPANESE, "utf-16-le", "utf-16le", "", "header"),
        ("“Nine days” – a café’s loss", "windows-1252", "iso-8859-1", "", "header"),
    ],
)
def test_a_page_reads_as_its_charset_says(text: str, charset: str, header: str, meta: str, source: str) -> None:
    found = sent(text, charset, header, meta)
    assert text_of(found) == text
    assert found.charset_source == source


@pytest.mark.parametrize(
    ("mark", "charset"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_byte_order_mark_wins_over_header_and_meta(mark: bytes, charset: str) -> None:
    page = f'<html><head><meta charset="koi8-r"></head><body><p>{BULGARIAN}</p></body></html>'.encode(charset)
    found = parsed(make_page(mark + page, "text/html; charset=windows-1251"))
    assert text_of(found) == BULGARIAN
    assert found.charset_source == "bom"


@pytest.mark.parametrize("label", ["windows-1251", "iso-8859-1", "hex", "no-such-charset"])
def test_utf_8_that_is_labelled_otherwise_is_utf_8(label: str) -> None:
    found = sent(BULGARIAN, "utf-8", header=label)
    assert (text_of(found), found.charset, found.charset_source) == (BULGARIAN, "utf-8", "content")


def test_the_meta_speaks_where_the_header_names_no_charset() -> None:
    assert text_of(sent(BULGARIAN, "windows-1251", "no-such-charset", "windows-1251")) == BULGARIAN


@pytest.mark.parametrize(
    "label", ["hex", "base64", "idna", "undefined", "utf-7", "unicode_escape", "raw_unicode_escape", "rot13"]
)
def test_a_codec_that_is_no_charset_is_not_believed(label: str) -> None:
    """Python knows these names too: some refuse to decode a page, some write half a surrogate pair into it."""
    found = sent(BULGARIAN * 4, "windows-1251", header=label)
    assert text_of(found) == BULGARIAN * 4
    assert found.charset_source == "detector"


def test_one_broken_character_at_the_cut_end_does_not_change_the_charset() -> None:
    cut = html().encode() + "<p>Größe".encode()[:-2]
    assert parsed(make_page(cut)).charset == "utf-8"


def test_bytes_that_no_charset_fits_are_unreadable() -> None:
    noise = b"<html><body>" + bytes(range(0x80, 0x100)) * 200
    found = rejection_of(make_page(noise, "text/html; charset=utf-8"))
    assert (found.reason, found.detail) == (Reason.UNREADABLE, "no charset fits the bytes; declared: utf-8")


def test_a_wide_charset_that_the_bytes_are_not_is_unreadable() -> None:
    found = rejection_of(make_page(bytes(range(0x80, 0x100)) * 20, "text/html; charset=iso-2022-jp"))
    assert found.reason is Reason.UNREADABLE
    assert "iso2022_jp that the header declares" in found.detail


def test_ascii_needs_no_declaration() -> None:
    assert sent("plain words", "ascii").charset_source == "default"


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x08", "\x0e", "\x1b", "\x1f", "\x7f"])
def test_a_raw_control_character_is_taken_out(character: str) -> None:
    assert text_of(sent(f"har{character}bour", "utf-8")) == "harbour"


@pytest.mark.parametrize("character", ["\x0b", "\x0c"])
def test_a_form_feed_parts_words(character: str) -> None:
    assert text_of(sent(f"the{character}harbour", "utf-8")) == "the harbour"


def test_a_wide_charset_loses_its_control_characters_too() -> None:
    assert text_of(sent("har\x08bo\x00ur", "utf-16-le", header="utf-16le")) == "harbour"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("har&#8;bour", "harbour"),
        ("har&#08;bour", "harbour"),
        ("har&#x8;bour", "harbour"),
        ("har&#X1f;bour", "harbour"),
        ("har&#127;bour", "harbour"),
        ("har&#0;bour", "harbour"),
        ("har&#8bour", "harbour"),
        ("the&#12;harbour", "the harbour"),
        ("the&#x0C;harbour", "the harbour"),
        ("don&#146;t &#150; go", "don’t – go"),
        ("don&#x92;t", "don’t"),
        ("a&#9;b", "a\tb"),
        ("a&#10;b", "a\nb"),
        ("&#80;ort &#8217;", "Port ’"),
        ("&#x80a;", "\u080a"),
        ("&#233;t&#xe9;", "été"),
    ],
)
def test_a_reference_to_a_control_character_reads_as_in_a_browser(written: str, read: str) -> None:
    assert text_of(sent(written, "utf-8")) == read


def test_a_page_with_a_reference_to_a_control_character_keeps_its_text() -> None:
    """One `&#8;` makes Trafilatura return nothing, one `&#12;` makes lxml refuse the text."""
    page = html(paragraphs=("The harbour&#8; of Stour reopened&#12;on Wednesday after nine days.", *PARAGRAPHS[1:]))
    assert draft_of(page).articleBody.startswith("The harbour of Stour reopened on Wednesday after nine days.")


def test_line_ends_are_one_character() -> None:
    assert text_of(sent("a\r\nb\rc", "utf-8")) == "a\nb\nc"


@pytest.mark.parametrize("empty", [b"", b"  \r\n\t "])
def test_a_page_without_bytes_is_empty(empty: bytes) -> None:
    assert rejection_of(make_page(empty)).reason is Reason.EMPTY


def test_a_type_that_a_server_names_twice_is_that_type() -> None:
    assert not isinstance(markup.parse(make_page(html(), "text/html,text/html; charset=utf-8")), Rejected)


@pytest.mark.parametrize("kind", ["application/pdf", "image/jpeg", "application/json", "application/octet-stream"])
def test_a_type_that_is_no_text_is_no_html(kind: str) -> None:
    found = rejection_of(make_page(html(), kind))
    assert (found.reason, found.detail) == (Reason.NOT_HTML, f"content type {kind}")


@pytest.mark.parametrize(
    "binary",
    [b"%PDF-1.7\n" + b"harbour " * 50, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, b"\x1f\x8b\x08" + b"\x00\x01\x02" * 99],
)
def test_binary_bytes_are_no_html_whatever_the_header_says(binary: bytes) -> None:
    assert rejection_of(make_page(binary)).reason is Reason.NOT_HTML


def test_a_document_without_an_element_is_no_html() -> None:
    assert rejection_of(make_page("<!-- nothing -->")).reason is Reason.NOT_HTML


@pytest.mark.parametrize("kind", ["text/html", "TEXT/HTML; charset=UTF-8", "application/xhtml+xml", "text/xml", ""])
def test_html_is_read_under_each_of_its_types_and_without_one(kind: str) -> None:
    assert parsed(make_page(html(), kind)).tree is not None


def test_text_without_a_type_and_without_a_tag_is_a_text_document() -> None:
    found = parsed(make_page("Harbour reopens\n\n" + PARAGRAPHS[0], ""))
    assert found.tree is None
    assert not found.is_markdown


def test_front_matter_is_a_table_of_what_is_written() -> None:
    found = front_matter("Title: 12:30\ndate: 2025-08-13T01:18:36\ntags: [No, 007]\ndraft: false\nimage:\n")
    assert isinstance(found, Markup)
    assert found.front_matter == {
        "title": "12:30",
        "date": "2025-08-13T01:18:36",
        "tags": ["No", "007"],
        "draft": "false",
        "image": None,
    }
    assert found.text == PARAGRAPHS[0]
    assert found.is_markdown


@pytest.mark.parametrize("null", ["~", "null", "NULL", ""])
def test_a_null_in_front_matter_is_none(null: str) -> None:
    found = front_matter(f"author: {null}\n")
    assert isinstance(found, Markup)
    assert found.front_matter == {"author": None}


@pytest.mark.parametrize(
    "block", ["a: [b\n", "a: b: c\n", "? [a]\n: b\n", "a: &a [*a]\n", "a: " + "[" * 3000 + "\n", "\ta: b\n", 'a: "\n']
)
def test_front_matter_that_is_no_yaml_is_unreadable(block: str) -> None:
    found = front_matter(block)
    assert isinstance(found, Rejected)
    assert found.reason is Reason.UNREADABLE
    assert found.detail.startswith("front matter is not YAML: ")


@pytest.mark.parametrize("block", ["a: !!int x\n", "a: !!timestamp x\n", "a: !!bool x\n", "a: !!python/object:os.system x\n"])
def test_a_typed_tag_is_read_as_text(block: str) -> None:
    found = front_matter(block)
    assert isinstance(found, Markup)
    assert found.front_matter == {"a": "x"}


def test_empty_front_matter_is_none() -> None:
    found = front_matter("")
    assert isinstance(found, Markup)
    assert (found.front_matter, found.text) == ({}, PARAGRAPHS[0])


@pytest.mark.parametrize("block", ["Only words between two rules\n", "- a\n- b\n"])
def test_rules_around_what_is_no_table_leave_it_in_the_text(block: str) -> None:
    found = front_matter(block)
    assert isinstance(found, Markup)
    assert (found.front_matter, found.text) == ({}, f"---\n{block}---\n{PARAGRAPHS[0]}")


def test_metadata_and_body_leave_the_tree_as_it_is() -> None:
    column = (
        '<figure><img src="/a.jpg"><figcaption>The quay (Photo: Ida Holm)</figcaption></figure><script>let a = 1</script>tail'
        "<ul><li>one</li></ul><table><tr><td>a</td><td>b</td></tr></table><blockquote>said<br>so</blockquote>"
    )
    page = make_page(html(column, head='<script type="application/ld+json">{"@type": "NewsArticle"}</script>'))
    tree = parsed(page).tree
    assert tree is not None
    before = etree.tostring(tree)
    body.blocks(tree, metadata.read(tree, page), ["//figure"])
    assert etree.tostring(tree) == before
