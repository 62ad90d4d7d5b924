"""Metadata: all that the markup says beside the text, as raw strings and where they stood. Nothing is normalised here."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml.html import HtmlElement

from pipelines.evidence import Metadata
from pipelines.extraction.metadata import furniture, jsonld, jsonld_fields, page_fields
from pipelines.extraction.metadata.head import read_head
from pipelines.items import Page


def read(tree: HtmlElement, page: Page) -> Metadata:
    """What JSON-LD, meta tags, microdata and the visible furniture say, each list in order of trust."""
    head = read_head(tree)
    # The header says to robots what the meta tag says, for one robot by name too: `googlebot: noindex` is not ours to heed.
    head.add("robots", re.sub(r"\b[\w-]+bot[\w-]*\s*:[^,]*", "", page.headers.get("x-robots-tag", ""), flags=re.I))
    nodes = jsonld.nodes(tree)
    titles = [*furniture.headings(tree), *head.all("og:title", "title")]
    node = jsonld.article_of(nodes, [page.url, *head.all("canonical", "og:url")], titles) or {}
    said = jsonld_fields.read(node, nodes)
    return replace(page_fields.complete(said, head, tree, page.url), declared=head.values, node=node)
