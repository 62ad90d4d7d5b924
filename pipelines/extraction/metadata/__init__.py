"""Metadata: all that the markup says beside the text, as raw strings and where they stood. Nothing is normalised here."""

from __future__ import annotations

from dataclasses import replace

from lxml.html import HtmlElement

from pipelines.evidence import Metadata
from pipelines.extraction.metadata import furniture, island_body, jsonld, jsonld_fields, page_fields, paging
from pipelines.extraction.metadata.head import read_head
from pipelines.extraction.metadata.robots import read_robots
from pipelines.extraction.metadata.signs import read_signs
from pipelines.items import Page


def read(tree: HtmlElement, page: Page) -> Metadata:
    """What JSON-LD, meta tags, microdata and the visible furniture say, each list in order of trust."""
    head = read_head(tree)
    nodes = jsonld.nodes(tree)
    titles = [*furniture.headings(tree), *head.all("og:title", "title")]
    urls = [page.url, *head.all("canonical", "og:url")]
    node = jsonld.article_of(nodes, urls, titles) or {}
    said = jsonld_fields.read(node, nodes)
    if not said.dates and (described := jsonld.page_of(nodes, urls)):
        said = replace(said, dates=jsonld_fields.dates(described))
    robots, flags = read_robots(head, page)
    complete = page_fields.complete(said, head, tree, page.url)
    return replace(
        complete,
        page_links=paging.page_links(tree, page.url),
        declared=head.values,
        node=node,
        robots=robots,
        robots_flags=flags,
        signs=read_signs(tree, page.url),
    )


def body_in_island(tree: HtmlElement, metadata: Metadata) -> str | None:
    """The article's text, a line a paragraph, where only the state of the page's scripts has it. Costs a reading of all of that."""
    return island_body.article_body(tree, [metadata.heading or "", *metadata.headlines])
