"""Cleaning, rule by rule: what each one drops, the data it saves from it, and a near miss that stays in the text."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.evidence import Anchor, Cleaned, DateClue, Metadata, Passage
from pipelines.extraction.clean import clean
from pipelines.publishers import Body, DateRules, Publisher
from pipelines.values import Author, BlockType, Breadcrumb, DateSource, Media, RelatedItem
from tests.pages import HEADLINE, PARAGRAPHS, UNKNOWN

P, H, LI = BlockType.PARAGRAPH, BlockType.HEADING, BlockType.LIST_ITEM
FIRST, SECOND, THIRD = (Passage(P, text) for text in PARAGRAPHS)


def linked(text: str, kind: BlockType = P, around: tuple[str, ...] = ()) -> Passage:
    """A passage that is one link."""
    return Passage(kind, text, anchors=(Anchor(text, "/there"),), around=around)


def cleaned(*passages: Passage | str, publisher: Publisher = UNKNOWN, **metadata: Any) -> Cleaned:
    given = [passage if isinstance(passage, Passage) else Passage(P, passage) for passage in passages]
    return clean(given, Metadata(**metadata), publisher)


def above(*passages: Passage | str, **metadata: Any) -> Cleaned:
    """Cleaned passages that stand above a text."""
    return cleaned(*passages, FIRST, SECOND, THIRD, **metadata)


def amid(*passages: Passage | str, **metadata: Any) -> Cleaned:
    return cleaned(FIRST, SECOND, *passages, THIRD, **metadata)


def below(*passages: Passage | str, **metadata: Any) -> Cleaned:
    return cleaned(FIRST, SECOND, THIRD, *passages, **metadata)


def rules(found: Cleaned) -> list[str]:
    return [drop.rule for drop in found.dropped]


def kept(found: Cleaned) -> list[str]:
    return [passage.text for passage in found.kept if passage.text not in PARAGRAPHS]


def test_a_text_of_paragraphs_is_kept_whole() -> None:
    found = cleaned(FIRST, SECOND, THIRD)
    assert (found.kept, found.dropped) == ([FIRST, SECOND, THIRD], [])


def test_a_drop_says_where_it_stood() -> None:
    found = cleaned("Home / World / Ports", FIRST, "Advertisement", THIRD, "© 2025 The Stour News")
    assert [(drop.rule, drop.where) for drop in found.dropped] == [
        ("general.breadcrumb", "head"),
        ("general.button", "body"),
        ("general.copyright", "tail"),
    ]


def test_the_repeated_headline_goes_and_a_heading_of_other_words_stays() -> None:
    found = above(Passage(H, f"  {HEADLINE.upper()}!", 1), Passage(H, "What the divers found", 2), heading=HEADLINE)
    assert (rules(found), kept(found)) == (["general.headline"], ["What the divers found"])
    assert found.headline == f"  {HEADLINE.upper()}!"


def test_furniture_above_the_headline_goes_but_prose_stays() -> None:
    prose = Passage(
        P, "The council of Stour met in the night to hear why nine days had passed before the first diver went down."
    )
    found = cleaned("World news", prose, HEADLINE, FIRST, SECOND, heading=HEADLINE)
    assert (rules(found), kept(found)) == (["general.above_headline", "general.headline"], [prose.text])


def test_a_breadcrumb_becomes_data_and_a_choice_in_a_sentence_stays() -> None:
    found = above(Passage(P, f"Home / World News / {HEADLINE}", anchors=(Anchor("Home", "/"),)), headlines=[HEADLINE])
    assert rules(found) == ["general.breadcrumb"]
    assert found.breadcrumbs == [Breadcrumb("Home", "/"), Breadcrumb("World News")]
    choice = "The ferry carries cars and/or lorries."
    assert kept(above(choice)) == [choice]


@pytest.mark.parametrize("line", ["By Ida Holm", "Von Ida Holm", "Par Ida Holm", "Автор: Ида Холм", "文／ 伊達"])
def test_a_byline_becomes_an_author_and_a_sentence_that_begins_like_one_stays(line: str) -> None:
    if line.startswith("文"):
        line = "文 伊達"
    found = above(line)
    assert rules(found) == ["general.byline"]
    assert found.authors == [line.split(maxsplit=1)[1]]
    near = "By Wednesday all of it was gone."
    assert kept(above(near)) == [near]


def test_a_date_above_the_text_is_evidence_and_one_in_the_text_stays() -> None:
    line = "Thu Aug 14 2025 05:35:15 GMT+0300 (Eastern European Summer Time)"
    found = above(line)
    assert rules(found) == ["general.date"]
    assert found.dates == [DateClue(line, DateSource.VISIBLE, "passage 0")]
    assert kept(amid("14 August 2025")) == ["14 August 2025"]


def test_a_labelled_date_is_a_dateline_above_and_below_the_text() -> None:
    found = below("First Published: Aug 13 2025 | 8:03 AM IST")
    assert rules(found) == ["general.dateline"]
    assert found.dates == [DateClue("Aug 13 2025 | 8:03 AM IST", DateSource.VISIBLE, "passage 3", "datePublished")]
    assert above("Updated: 13.08.2025 08:03").dates[0].raw == "Updated: 13.08.2025 08:03"
    near = "Published by the port office in 1927 and sold out within a week, the pilots' handbook is still used by 40 crews."
    assert kept(below(near)) == [near]


def test_the_standfirst_becomes_the_description_and_a_first_paragraph_stays() -> None:
    summary = "After nine days divers have cleared the channel, and the port counts what the storm has cost it."
    found = above(Passage(P, summary, around=("p standfirst",)))
    assert (rules(found), found.description) == (["general.standfirst"], summary)
    assert kept(above(Passage(P, summary, around=("p text",)))) == [summary]


LEAD = (
    "Nine days after the storm the channel of Stour is clear again, and the first freighters lie before the bar. What the port "
    "has lost in the meantime, its customers will not all bring back."
)


def test_a_lead_of_several_sentences_is_the_description_and_stays_as_a_paragraph() -> None:
    text = [Passage(P, words, around=("p", "div text")) for words in PARAGRAPHS]
    for lead in (Passage(H, LEAD, level=2), Passage(P, LEAD, around=("p intro",)), Passage(P, LEAD, around=("p", "div lead"))):
        found = cleaned(HEADLINE, lead, "By Ilse Brandt", *text, heading=HEADLINE)
        assert (found.kept[0].type, found.kept[0].text, found.description) == (P, LEAD, LEAD)
        assert found.authors == ["Ilse Brandt"]


def test_a_line_dropped_below_a_lead_did_not_become_the_description() -> None:
    found = above(Passage(P, LEAD, around=("p intro",)), "Advertisement")
    assert [drop.became for drop in found.dropped] == [()]


def test_of_a_standfirst_and_a_lead_the_standfirst_is_the_description() -> None:
    summary = "Divers have cleared the channel, and the port counts its losses"
    found = above(Passage(H, summary, level=2), Passage(P, LEAD, around=("p lead",)))
    assert (found.description, kept(found)) == (summary, [LEAD])


def test_a_paragraph_in_one_box_with_the_text_is_no_standfirst_whatever_the_box_is_called() -> None:
    text = [Passage(P, words, around=("p", "div entry-summary")) for words in (LEAD, *PARAGRAPHS)]
    assert (cleaned(*text).description, kept(cleaned(*text))) == (None, [LEAD])


def test_a_declared_description_in_a_box_of_its_own_is_the_standfirst() -> None:
    summary = "After nine days divers have cleared the channel, and the port counts what the storm has cost it."
    text = [Passage(P, words, around=("p", "div text")) for words in PARAGRAPHS]
    own = cleaned(Passage(P, summary, around=("p", "div header")), *text, descriptions=[summary])
    same = cleaned(Passage(P, summary, around=("p", "div text")), *text, descriptions=[summary])
    assert (own.description, same.description) == (summary, None)


def test_a_known_figures_caption_goes_and_a_paragraph_about_it_stays() -> None:
    image = Media("/quay.jpg", "The quay of Stour at dawn on Wednesday")
    near = "The quay of Stour lay empty, and at dawn on Wednesday nobody had yet come to sweep it."
    found = amid("The quay of Stour at dawn on Wednesday. Ida Holm", near, images=[image])
    assert (rules(found), kept(found)) == (["general.caption"], [near])


def test_a_caption_by_its_elements_name_becomes_an_image() -> None:
    found = amid(Passage(P, "The quay at dawn", around=("p wp-caption-text", "div")))
    assert (rules(found), found.images) == (["general.caption"], [Media(None, "The quay at dawn")])
    assert kept(amid(Passage(P, "The quay at dawn", around=("p", "div", "div", "div caption-page")))) == ["The quay at dawn"]


@pytest.mark.parametrize(
    "line", ["Photo: Ida Holm / Stour Pictures", "The quay of Stour at dawn (Photo by Ida Holm)", "Bild: dpa"]
)
def test_a_line_that_ends_in_a_photo_credit_goes(line: str) -> None:
    found = amid(line)
    assert (rules(found), found.images) == (["general.photo_credit"], [Media(None, line)])


def test_a_sentence_about_a_photo_stays() -> None:
    near = "Photos of the barges were on sale at the market by noon."
    assert kept(amid(near)) == [near]


@pytest.mark.parametrize("name", ["div newsletter-box", "aside related", "div social-share", "div author-bio", "p breadcrumb"])
def test_a_box_named_as_furniture_goes(name: str) -> None:
    assert rules(amid(Passage(P, "Ida covers ports", around=("p", name)))) == ["general.box"]


def test_a_box_whose_name_only_holds_such_a_word_stays() -> None:
    near = Passage(P, "The pilots share one boat", around=("p", "div shareholders-meeting"))
    assert kept(amid(near)) == [near.text]


def test_a_box_name_around_most_of_the_text_is_the_layouts() -> None:
    named = [Passage(P, words, around=("p teaser",)) for words in PARAGRAPHS]
    assert cleaned(*named).kept == named


def test_a_consent_banner_goes_whatever_its_length() -> None:
    words = "We and our partners store information on a device and read it there, " * 9
    assert rules(amid(Passage(P, words, around=("p", "div", "div cookie-banner")))) == ["general.consent"]
    assert kept(amid(Passage(P, words, around=("p", "div", "div cookie-recipes")))) == [words]


@pytest.mark.parametrize(
    "line",
    [
        "(Only the headline and picture of this report may have been reworked by the Ledger staff; the rest is from a feed.)",
        "This story has not been edited by the Ledger and is auto-generated from a syndicated feed.",
    ],
)
def test_a_disclaimer_of_syndication_is_evidence(line: str) -> None:
    found = below(line)
    assert (rules(found), found.syndicated_by) == (["general.syndication"], line)


def test_a_sentence_about_a_syndicate_stays() -> None:
    near = "A syndicate of nine pilots owns the boat."
    assert kept(below(near)) == [near]


def test_a_topic_lines_links_are_the_keywords() -> None:
    anchors = (Anchor("North Sea", "/t/1"), Anchor("Ports", "/t/2"))
    found = below(Passage(P, "Topics : North Sea Ports", anchors=anchors))
    assert (rules(found), found.keywords) == (["general.topics"], ["North Sea", "Ports"])
    assert below("Tags: Ports, Ferries; #Storm").keywords == ["Ports", "Ferries", "Storm"]


def test_a_sentence_that_begins_like_a_topic_line_stays() -> None:
    near = "Topics: that was the word the harbour master used for the three things she would not talk about on Wednesday."
    assert kept(amid(near)) == [near]


def test_a_related_label_takes_the_list_below_it_along() -> None:
    found = below(
        Passage(H, "MORE ON THEME", 2),
        "Wed, 13 Aug 2025 18:41:39 GMT",
        "Ferry workers accept the night timetable",
        Passage(LI, "Pilots of Stour ask for a second tug"),
    )
    assert set(rules(found)) == {"general.related"}
    assert found.related == [
        RelatedItem("Ferry workers accept the night timetable", None, "Wed, 13 Aug 2025 18:41:39 GMT"),
        RelatedItem("Pilots of Stour ask for a second tug", None, "Wed, 13 Aug 2025 18:41:39 GMT"),
    ]
    assert found.dates == []


@pytest.mark.parametrize(
    "label",
    [
        "Read also:",
        "Lesen Sie auch",
        "À lire aussi",
        "Читайте также",
        "Прочетете още",
        "Leggi anche",
        "Czytaj też",
        "関連記事",
        "اقرأ أيضا",
    ],
)
def test_a_related_line_in_any_language_is_one_teaser(label: str) -> None:
    teaser = Passage(
        P,
        f"{label} Ferry workers accept the night timetable",
        anchors=(Anchor("Ferry workers accept the night timetable", "/a"),),
    )
    found = amid(teaser)
    assert rules(found) == ["general.related"]
    assert found.related == [RelatedItem("Ferry workers accept the night timetable", "/a")]


def test_a_sentence_about_something_related_stays_and_ends_the_list() -> None:
    near = "Related to the storm is the question of who pays for the chain, which has lain in the channel since 1927."
    found = amid(Passage(H, "Related", 2), linked("Pilots of Stour ask for a second tug"), near)
    assert kept(found) == [near]


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe to our newsletter",
        "Follow us on Telegram",
        "Abonnieren Sie den Newsletter",
        "Abonnez-vous",
        "Suscríbete",
        "Следвайте ни",
    ],
)
def test_a_prompt_below_the_text_or_with_a_link_goes(line: str) -> None:
    assert rules(below(line)) == ["general.prompt"]
    assert rules(amid(linked(line))) == ["general.prompt"]


def test_a_paragraph_that_begins_with_an_imperative_stays() -> None:
    near = "Follow the chain on the chart and you come to the outer light, where the last of the barges was found on Sunday."
    assert kept(amid(near)) == [near]


@pytest.mark.parametrize("line", ["Share", "Print", "Advertisement", "3 min read", "Lesezeit: 4 Minuten", "Teilen", "Реклама"])
def test_a_button_or_reading_time_goes(line: str) -> None:
    assert rules(amid(line)) == ["general.button"]


def test_a_line_that_only_begins_like_a_button_stays() -> None:
    near = "Share prices of the port fell by nine per cent."
    assert kept(amid(near)) == [near]


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for our weekly letter on ports and have The Tide newsletter delivered to your inbox every Monday.",
        "Ihnen hat der Artikel gefallen und Sie möchten keinen Beitrag verpassen? Dann abonnieren Sie unseren Newsletter.",
        "Suscríbete gratis y recibe cada mañana en tu correo el boletín con las noticias del puerto y del mar.",
        "If you’re seeing this message but you’re already a subscriber, you can log in for immediate access to this story.",
        "Sie müssen angemeldet sein, um diesen Artikel kommentieren zu können.",
        "Do you work in the port of Stour? Get in touch with our reporter at tips@stour.example in confidence.",
    ],
)
def test_what_asks_the_reader_to_sign_up_or_write_goes_wherever_it_stands(line: str) -> None:
    assert rules(amid(line)) == ["general.prompt"]


@pytest.mark.parametrize(
    "line",
    [
        "The port office will deliver its report to the council in June, and the pilots are to get a second tug by then.",
        "Pilots signed up for the course in numbers that surprised the harbour master, and forty were turned away.",
        "The newsletter of the pilots' guild, first printed in 1902, has eleven readers left, all of them on the island.",
    ],
)
def test_a_sentence_about_those_who_sign_up_or_read_a_newsletter_stays(line: str) -> None:
    assert kept(amid(line)) == [line]


def test_a_long_request_or_copyright_note_goes_at_the_end_only() -> None:
    request = (
        "Support our reporting from the harbours of the north: " + "every pound that readers give pays for an hour at sea. " * 4
    )
    notice = (
        "This copy is for your personal, non-commercial use only. "
        + "Distribution is governed by our subscriber agreement. " * 4
    )
    found = below(request.strip(), notice.strip())
    assert (rules(found), found.copyright_notice) == (["general.prompt", "general.copyright"], notice.strip())
    assert kept(amid(request.strip())) == [request.strip()]


@pytest.mark.parametrize(
    "line",
    [
        "Empfohlener redaktioneller Inhalt",
        "An dieser Stelle finden Sie einen von unserer Redaktion ausgewählten externen Inhalt, der den Artikel ergänzt.",
        "To view this video please enable JavaScript, and consider upgrading to a web browser that supports it.",
        "Pour afficher ce contenu, vous devez accepter les cookies de ce réseau social.",
    ],
)
def test_a_placeholder_of_what_another_site_would_show_goes(line: str) -> None:
    assert rules(amid(line)) == ["general.embed"]


@pytest.mark.parametrize("line", ["true", "isSubscriber: false", "showPaywall:", "[gallery ids=1]", "{{ article.teaser }}"])
def test_what_a_template_left_goes(line: str) -> None:
    assert rules(amid(line)) == ["general.button"]
    assert kept(amid("iPhone", "eBay")) == ["iPhone", "eBay"]


def test_the_label_of_a_table_of_contents_goes() -> None:
    assert rules(amid("Inhaltsverzeichnis")) == ["general.contents"]
    assert kept(amid("Contents of the barge")) == ["Contents of the barge"]


def test_a_label_of_tags_below_the_text_takes_what_it_heads_and_in_the_text_it_is_a_word() -> None:
    found = below("Tags", "harbours", "storms of 2025")
    assert (found.kept, found.keywords) == ([FIRST, SECOND, THIRD], ["harbours", "storms of 2025"])
    assert kept(amid("Themen")) == ["Themen"]


@pytest.mark.parametrize("label", ["About the author", "Die Autorin", "Sobre el autor"])
def test_a_label_about_the_author_takes_what_is_below_it(label: str) -> None:
    bio = "Ilse Brandt, born in 1961, was harbour master of Stour for twenty years and now writes on ports for this paper."
    assert set(rules(below(Passage(H, label, level=3), bio))) == {"general.author"}


def test_a_paragraph_on_the_author_goes_at_the_end_and_one_on_others_stays() -> None:
    bylines = [[Author("Ida Holm", "Ida Holm")]]
    bio = "Ida Holm is a reporter on ports and the sea. She was a pilot's apprentice, and lives in a lighthouse that is out of use."
    assert rules(below(bio, bylines=bylines)) == ["general.author"]
    assert kept(amid(bio, bylines=bylines)) == [bio]
    assert kept(below(bio)) == [bio]


def test_an_editors_initials_at_the_end_go() -> None:
    assert rules(below("(dmk)")) == rules(below("mst/dpa")) == ["general.author"]
    assert kept(amid("(dmk)")) == ["(dmk)"]


def test_an_address_that_stands_as_such_is_a_reference_but_for_the_pages_own() -> None:
    for address in ("https://pilots.example/log/1902", "pilots@stour.example"):
        assert kept(amid(linked(address))) == [address]
    assert rules(below(linked("https://news.example/a"), canonical_url="https://news.example/a")) == ["general.link_line"]


def test_a_heading_that_its_contents_list_links_to_stays() -> None:
    heading = Passage(H, "What the divers found", 2, (Anchor("What the divers found", "#divers"),))
    assert kept(amid(heading)) == [heading.text]


def test_a_name_that_stands_around_the_text_too_is_no_boxs() -> None:
    text = [Passage(P, words, around=("p", "div entry print-only")) for words in PARAGRAPHS]
    short = Passage(P, "That was on Tuesday.", around=("p", "div entry print-only"))
    aside = Passage(P, "That was on Tuesday.", around=("p", "div print-only"))
    assert cleaned(text[0], short, *text[1:]).dropped == []
    assert rules(cleaned(text[0], aside, *text[1:])) == ["general.box"]


def test_a_headings_own_name_says_what_its_section_is_about() -> None:
    text = [Passage(P, words, around=("p", "div text")) for words in PARAGRAPHS]
    heading = Passage(H, "Subscriptions", 2, around=("h2 nav_subscriptions", "div text"))
    assert cleaned(text[0], heading, *text[1:]).dropped == []


@pytest.mark.parametrize(
    "line",
    [
        "If you buy something using links in our stories, we may earn a commission. This helps support our journalism.",
        "Reviews are unbiased and products are independently selected. The Stour News may earn an affiliate commission from purchases.",
        "Die mit Sternchen (*) gekennzeichneten Links sind Affiliate-Links. Wenn du darüber einkaufst, bekommen wir eine Provision.",
        "Cet article contient des liens d'affiliation, par lesquels nous touchons une commission.",
    ],
)
def test_what_a_house_earns_by_its_links_is_no_text(line: str) -> None:
    assert rules(amid(line)) == ["general.disclaimer"]


def test_a_text_about_commissions_stays() -> None:
    for line in (
        "The harbour cut the affiliate commissions of its agents this week, and those who lost most have gone to court over it.",
        "We asked the commission whether the partner programme pays those who buy their fish from the boats of Stour.",
    ):
        assert kept(amid(line)) == [line]


def test_a_house_keeps_its_distance_from_its_guests() -> None:
    line = "Beiträge von Gästen müssen nicht der Meinung der Redaktion entsprechen."
    assert rules(amid(line)) == ["general.disclaimer"]
    near = "The people who did this do not represent the views of the pilots, and the guild has said so in as many words."
    assert kept(amid(near)) == [near]


def test_a_line_that_is_an_authors_name_above_the_text_is_the_byline() -> None:
    bylines = [[Author("Ida Holm", "Ida Holm")]]
    assert rules(above("Ida Holm", bylines=bylines)) == ["general.byline"]
    assert kept(above("Ida Holm")) == ["Ida Holm"]


def test_what_stands_alone_with_an_image_is_its_caption_but_for_a_sentence() -> None:
    caption = Passage(P, "The quay of Stour at dawn", with_image=True)
    assert ([image.caption for image in amid(caption).images], rules(amid(caption))) == ([caption.text], ["general.caption"])
    sentence = Passage(P, "We had the quay to ourselves at dawn.", with_image=True)
    assert kept(amid(sentence)) == [sentence.text]


def test_a_reports_first_sentence_stays_though_an_image_is_captioned_with_it() -> None:
    text = [Passage(P, words, around=("p", "div text")) for words in PARAGRAPHS]
    found = cleaned(*text, images=[Media("/quay.jpg", PARAGRAPHS[0])])
    assert found.kept == text


def test_a_list_of_headlines_behind_their_sections_names_goes_with_its_heading() -> None:
    items = [
        Passage(LI, f"Ports: {text}", anchors=(Anchor(text, "/there"),))
        for text in ("The tug that nobody wanted to buy", "Pilots ask for a second tug", "What the insurers will not say")
    ]
    found = amid(Passage(H, "Read by others today", level=3), *items)
    assert set(rules(found)) == {"general.link_list"}
    assert [item.headline for item in found.related] == [item.anchors[0].text for item in items]
    assert kept(amid(*items[:2])) == [item.text for item in items[:2]]


def test_a_copyright_line_is_the_notice_and_a_sentence_on_copyright_stays() -> None:
    found = below("© 2025 The Stour News. All rights reserved.")
    assert (rules(found), found.copyright_notice) == (["general.copyright"], "© 2025 The Stour News. All rights reserved.")
    near = "The port's lawyers say that the copyright in the chart belongs to nobody."
    assert kept(amid(near)) == [near]


def test_a_line_that_is_one_link_goes_and_one_in_a_list_of_text_stays() -> None:
    found = amid(linked("Pilots of Stour ask for a second tug"))
    assert (rules(found), found.related) == (
        ["general.link_line"],
        [RelatedItem("Pilots of Stour ask for a second tug", "/there")],
    )
    items = [Passage(LI, "the tug, built in 1988"), linked("the chart of 1927", LI), Passage(LI, "the chain itself")]
    assert kept(amid(*items)) == [item.text for item in items]


def test_a_long_paragraph_stands_once_and_a_short_refrain_as_often_as_it_was_said() -> None:
    long = " ".join(PARAGRAPHS[:2])
    assert rules(amid(long, long.upper())) == ["general.repeat"]
    assert kept(amid("And the sea was calm.", "And the sea was calm.")) == ["And the sea was calm."] * 2


def test_comments_below_the_text_go_with_all_that_follows() -> None:
    found = below(
        Passage(H, "3 comments", 2),
        "I was there and it was nothing like that, as everybody on the quay will tell you if you only ask them.",
    )
    assert rules(found) == ["general.comments"] * 2
    near = "Comments were few on Wednesday."
    assert kept(below(Passage(H, near, 2), "He said so and left.")) != []


def test_a_comments_heading_high_on_the_page_goes_alone() -> None:
    assert rules(cleaned("Comments", FIRST, SECOND, THIRD)) == ["general.comments"]


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("Reporting by Ida Holm; editing by Jon Vik", None),
        ("Source: Reuters", "Reuters"),
        ("Quelle: dpa", "dpa"),
        ("The writer is a former pilot of Stour.", None),
    ],
)
def test_a_credit_below_the_text_goes_and_names_its_agency(line: str, agency: str | None) -> None:
    found = below(line)
    assert (rules(found), found.agency) == (["general.credit"], agency)


def test_a_credit_amid_the_text_stays() -> None:
    line = "Source: the log of the pilots."
    assert kept(amid(line)) == [line]


@pytest.mark.parametrize("mark", ["-", "•", "***", "— —"])
def test_a_mark_without_letters_goes_and_a_short_word_stays(mark: str) -> None:
    assert rules(amid(mark)) == ["general.mark"]
    assert kept(amid("Yes.")) == ["Yes."]


def test_a_short_linked_item_below_the_text_is_about_it_and_one_of_words_is_not() -> None:
    item = Passage(LI, "in World news", anchors=(Anchor("World", "/world"),))
    assert rules(below(item)) == ["general.meta"]
    assert kept(below(Passage(LI, "in fair weather"))) == ["in fair weather"]


def test_a_heading_with_nothing_below_it_goes_and_one_with_text_stays() -> None:
    assert rules(below(Passage(H, "What comes next", 2))) == ["general.last_heading"]
    assert kept(amid(Passage(H, "What comes next", 2))) == ["What comes next"]


def test_many_headings_at_the_end_are_a_list_that_the_page_writes_so() -> None:
    headings = [Passage(H, f"Step {number}", 3) for number in range(3)]
    assert kept(below(*headings)) == [heading.text for heading in headings]


@pytest.mark.parametrize(
    ("end", "agency"),
    [
        (" | BGNES", "BGNES"),
        (" (AFP)", "AFP"),
        (" — Reuters", "Reuters"),
        (" /dpa/", "dpa"),
        (" (AP/Reuters)", "Associated Press"),
    ],
)
def test_an_agencys_sign_off_is_cut_from_the_last_paragraph(end: str, agency: str) -> None:
    found = below("The last ferry sails at ten." + end)
    assert kept(found) == ["The last ferry sails at ten."]
    assert (rules(found), found.agency) == (["general.sign_off"], agency)


@pytest.mark.parametrize("end", [" (all in Stour)", " — at last", " (1927)"])
def test_a_last_paragraph_that_ends_in_other_words_stays_whole(end: str) -> None:
    found = below("The last ferry sails at ten" + end)
    assert (kept(found), found.agency) == (["The last ferry sails at ten" + end], None)


@pytest.mark.parametrize(
    ("opening", "place", "agency"),
    [
        ("SEOUL, Aug 13 (Yonhap) — ", "SEOUL", "Yonhap"),
        ("WASHINGTON (AP) — ", "WASHINGTON", "Associated Press"),
        ("NEW YORK: ", "NEW YORK", None),
        ("", None, None),
    ],
)
def test_the_place_that_opens_the_report_is_its_dateline_and_stays(opening: str, place: str | None, agency: str | None) -> None:
    found = cleaned(opening + PARAGRAPHS[0], SECOND, THIRD)
    assert (found.dateline, found.agency) == (place, agency)
    assert found.kept[0].text == opening + PARAGRAPHS[0]


def test_a_publishers_dateline_is_evidence_before_any_other_rule_sees_it() -> None:
    publisher = Publisher(id="p", dates=DateRules(dateline=(r"^Set on the press (?P<date>.+)$",)))
    found = cleaned(FIRST, SECOND, "Set on the press 13.8.25", publisher=publisher)
    assert (rules(found), found.dates) == (
        ["publisher.dateline"],
        [DateClue("13.8.25", DateSource.VISIBLE, "publisher.dateline")],
    )


def test_a_publishers_drop_takes_the_line_it_names_and_no_other() -> None:
    publisher = Publisher(id="p", body=Body(drop=("^Our boats",)))
    found = cleaned(FIRST, "Our boats sail daily.", "The boats, our pride.", THIRD, publisher=publisher)
    assert (rules(found), kept(found)) == (["publisher.drop"], ["The boats, our pride."])


def test_a_publishers_stop_takes_its_line_and_all_below_it() -> None:
    publisher = Publisher(id="p", body=Body(stop=("^End of report",)))
    found = cleaned(FIRST, "End of report", SECOND, THIRD, publisher=publisher)
    assert (rules(found), found.kept) == (["publisher.stop"] * 3, [FIRST])


def test_nothing_is_both_kept_and_dropped() -> None:
    given = [
        Passage(P, "Share"),
        FIRST,
        Passage(P, "Source: Reuters"),
        SECOND,
        Passage(H, "Read more", 2),
        linked("Pilots ask for a second tug"),
        THIRD,
    ]
    found = cleaned(*given)
    assert len(found.kept) + len(found.dropped) == len(given)
