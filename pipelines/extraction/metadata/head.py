"""The head of a page: meta tags, links and the title by name, in one pass."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.html import HtmlElement

# Links that name another address of the page; any other's address is no value of the field that its rel is called like.
_LINKS = frozenset({"canonical", "amphtml"})
# Microdata that stands in the body belongs to the item around it, which may be another article's: `datelines` reads it.
_ITEMS_OWN = frozenset({"datePublished", "dateCreated", "dateModified", "uploadDate"})


@dataclass(slots=True)
class Head:
    """Values by lower-case name; several of one name keep their order. `canonical` and `amphtml` come from links."""

    values: dict[str, list[str]] = field(default_factory=dict)
    language: str | None = None

    def first(self, *names: str) -> str | None:
        """The first value of the first name that has one."""
        return next((self.values[name][0] for name in names if name in self.values), None)

    def all(self, *names: str) -> list[str]:
        """Every value of the names, in the names' order."""
        return [value for name in names for value in self.values.get(name, ())]

    def add(self, name: str | None, value: str | None) -> None:
        if name and value and (text := " ".join(value.split())):
            self.values.setdefault(name.strip().lower(), []).append(text)


def read_head(tree: HtmlElement) -> Head:
    """Every meta, link and title of the page; sites put them below the body's start too, so the whole tree is read."""
    head = Head()
    for element in tree.iter("meta", "link", "title", "html"):
        if element.tag == "meta":
            for key in ("property", "name", "itemprop", "http-equiv"):
                if key != "itemprop" or element.get(key) not in _ITEMS_OWN or _is_in_head(element):
                    head.add(element.get(key), element.get("content"))
        elif element.tag == "link":
            for rel in _LINKS.intersection((element.get("rel") or "").lower().split()):
                head.add(rel, element.get("href"))
        elif element.tag == "title":
            parent = element.getparent()
            if parent is None or parent.tag != "svg":
                head.add("title", element.text)
        else:
            head.language = head.language or element.get("lang") or element.get("xml:lang")
    return head


def _is_in_head(element: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is None or parent.tag == "head"
