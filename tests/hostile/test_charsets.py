"""Charsets by the WHATWG's order and against their labels: the text comes out right, or the page is rejected."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime

import pytest

from pipelines.extract import extract
from pipelines.items import Draft, Link, Page, Reason, Rejected
from pipelines.publishers import Publisher
from pipelines.runner import Outcome

URL = "https://news.example/2026/11/20/a-story"
TEXTS = {
    "ru": "В порту закончили ремонт старого маяка, и вечером его огонь снова увидели жители посёлка на другом берегу залива. "
    "Смотритель рассказал, что линзу везли из соседнего города двое суток.",
    "zh": "港口昨天完成了老灯塔的维修工作，傍晚时分海湾对岸的村民们再次看到了它的灯光。守塔人说，透镜从邻近的城市运来花了整整两天时间，路上下着大雪。",
    "ja": "港では古い灯台の修理が終わり、夕方には湾の向こう岸の住民が再びその光を見た。灯台守によると、レンズは隣の町から二日かけて運ばれてきたという。道中は大雪だった。",
    "ko": "항구에서는 오래된 등대의 수리가 끝나 저녁에 만 건너편 주민들이 다시 그 불빛을 보았다. 등대지기는 렌즈를 이웃 도시에서 이틀에 걸쳐 옮겨 왔다고 말했다.",
    "tw": "港口昨天完成了老燈塔的維修工作，傍晚時分海灣對岸的村民們再次看到了它的燈光。守塔人說，透鏡從鄰近的城市運來花了整整兩天時間，路上下著大雪。",
    "el": "Στο λιμάνι ολοκληρώθηκε η επισκευή του παλιού φάρου και το βράδυ οι κάτοικοι του χωριού στην απέναντι όχθη είδαν ξανά το φως του.",
    "he": "בנמל הסתיים תיקון המגדלור הישן, ובערב ראו תושבי הכפר שבגדה השנייה של המפרץ את אורו שוב. השומר סיפר שהעדשה הובאה מהעיר השכנה.",
    "ar": "انتهى في الميناء إصلاح المنارة القديمة، وفي المساء رأى سكان القرية على الضفة الأخرى من الخليج ضوءها من جديد بعد يومين من العمل.",
    "th": "ที่ท่าเรือ การซ่อมประภาคารเก่าเสร็จสิ้นแล้ว และในตอนเย็นชาวบ้านที่อยู่อีกฝั่งของอ่าวก็ได้เห็นแสงไฟของมันอีกครั้งหลังจากสองวัน",
    "de": "Im Hafen ist die Reparatur des alten Leuchtturms beendet, und am Abend sahen die Bewohner des Dorfes am anderen Ufer sein Licht – „endlich“, "
    "sagte der Wärter, für den die größte Mühe vorüber ist.",
    "pl": "W porcie zakończono naprawę starej latarni morskiej i wieczorem mieszkańcy wsi na drugim brzegu znów zobaczyli jej światło, choć śnieg padał całą noc.",
    "tr": "Limanda eski deniz fenerinin onarımı bitti ve akşam koyun karşı yakasındaki köylüler ışığını yeniden gördü; mercek iki günde getirildi, yağmur şiddetliydi.",
}  # fmt: skip
# (language, encoding of the bytes, header's label, meta's label)
CASES: list[tuple[str, str, str | None, str | None]] = [
    *((language, "utf-8", None, None) for language in TEXTS),
    *((language, "utf-8", "iso-8859-1", None) for language in TEXTS),
    *((language, "utf-8", None, "windows-1252") for language in TEXTS),
    *((language, "utf-8-sig", "windows-1251", "shift_jis") for language in TEXTS),
    *((language, "utf-16", None, None) for language in TEXTS),
    *((language, "utf-16", "utf-8", "windows-1252") for language in TEXTS),
    *((language, "utf-16-le", "utf-16le", None) for language in TEXTS),
    *((language, "utf-16-be", "utf-16be", None) for language in TEXTS),
    *((language, "utf-16-le", None, None) for language in TEXTS),
    *((language, "utf-16-be", "text", "utf-8") for language in TEXTS),
    *(("ru", encoding, *label) for encoding in ("windows-1251", "koi8-r") for label in ((encoding, None), (None, encoding), (None, None), ("utf-8", None), ("iso-8859-1", None), (None, "utf-8"))),
    ("ru", "windows-1251", "utf-8", "windows-1251"), ("ru", "windows-1251", "nonsense", "cp1251"), ("ru", "cp866", "ibm866", None), ("ru", "iso8859-5", "iso-8859-5", None),
    *(("zh", "gb18030", *label) for label in (("gb2312", None), (None, "gbk"), ("gb18030", None), (None, None), ("utf-8", None), (None, "utf-8"), ("iso-8859-1", None))),
    *(("ja", "shift_jis", *label) for label in (("shift_jis", None), (None, "x-sjis"), (None, None), ("utf-8", None), (None, "utf-8"), ("iso-8859-1", None))),
    *(("ja", "euc_jp", *label) for label in (("euc-jp", None), (None, "x-euc-jp"), (None, None), ("utf-8", None), ("shift_jis", None))),
    ("ja", "iso2022_jp", "iso-2022-jp", None), ("ja", "iso2022_jp", None, "iso-2022-jp"),
    *(("ko", "cp949", *label) for label in (("euc-kr", None), (None, "ks_c_5601-1987"), (None, None), ("utf-8", None), (None, "utf-8"), ("iso-8859-1", None))),
    *(("tw", "big5", *label) for label in (("big5", None), (None, "big5-hkscs"), (None, None), ("utf-8", None), ("gb2312", "big5"), ("iso-8859-1", None))),
    *(("el", "windows-1253", *label) for label in (("windows-1253", None), ("iso-8859-7", None), (None, None), ("utf-8", None))),
    *(("he", "windows-1255", *label) for label in (("windows-1255", None), ("iso-8859-8-i", None), (None, None), ("utf-8", None))),
    *(("ar", "windows-1256", *label) for label in (("windows-1256", None), (None, None), ("utf-8", None))),
    *(("th", "cp874", *label) for label in (("tis-620", None), ("windows-874", None), (None, None), ("utf-8", None))),
    *(("de", "windows-1252", *label) for label in (("iso-8859-1", None), (None, "latin1"), (None, None), ("utf-8", None), (None, "us-ascii"))),
    *(("pl", encoding, *label) for encoding, name in (("windows-1250", "windows-1250"), ("iso8859-2", "iso-8859-2")) for label in ((name, None), (None, name))),
    *(("tr", "windows-1254", *label) for label in (("iso-8859-9", None), (None, "windows-1254"))),
]  # fmt: skip


def outcome_of(language: str, encoding: str, header: str | None, meta: str | None, text: str | None = None) -> Outcome:
    tag = f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">' if meta else ""
    paragraphs = "".join(f"<p>{text or TEXTS[language]} {number}.</p>" for number in range(1, 5))
    markup = f"<!doctype html><html lang={language}><head>{tag}<title>{(text or TEXTS[language])[:40]}</title></head><body><article>{paragraphs}</article></body></html>"
    kind = f"text/html; charset={header}" if header else "text/html"
    fetched = Page(
        URL, markup.encode(encoding), datetime(2026, 11, 22, tzinfo=UTC), Link(URL, "news"), headers={"content-type": kind}
    )
    return extract(fetched, Publisher(id="news"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case)))
def test_the_text_is_right_or_the_page_is_rejected(case: tuple[str, str, str | None, str | None]) -> None:
    language, encoding, header, meta = case
    outcome = outcome_of(language, encoding, header, meta)
    if isinstance(outcome, Rejected):
        assert outcome.reason in (Reason.UNREADABLE, Reason.NOT_HTML)
        honest = {codecs.lookup(name).name for name in (header, meta) if name and _known(name)} == {
            codecs.lookup(encoding).name
        }
        assert not honest, "an honest label is never rejected"
        return
    assert outcome.articleBody.split("\n")[0] == f"{TEXTS[language]} 1."


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", ["de", "ru", "zh"])
def test_utf_16_that_nothing_declares_is_told_by_its_markup(language: str, encoding: str) -> None:
    outcome = outcome_of(language, encoding, None, None)
    assert isinstance(outcome, Draft)
    assert outcome.articleBody.split("\n")[0] == f"{TEXTS[language]} 1."


def _known(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


@pytest.mark.parametrize(
    "noise",
    ["\x00", "\x08", "&#8;", "&#0;", "&#x1;", "&#x0000B;", "&#31", "&#xFFFE;", "\ufffe", "&#xD800;", "\x1b[31m", "&#127;"],
)
def test_control_characters_and_their_references_cost_no_text(noise: str) -> None:
    words = TEXTS["de"].replace("Hafen", f"Ha{noise} fen")
    outcome = outcome_of("de", "utf-8", "utf-8", None, words)
    assert isinstance(outcome, Draft)
    first = outcome.articleBody.split("\n")[0]
    assert "die Reparatur des alten Leuchtturms beendet" in first and noise[0:1] not in first.replace("&", "")
    assert len(outcome.blocks) == 4
