"""Figures: the images of an article with caption and credit."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from pipelines.extraction.metadata.named import Named
from pipelines.extraction.metadata.visible import is_named, text
from pipelines.values import Media

_CREDIT_CLASS = re.compile(r"credit|copyright|source|photographer|byline|rights|author", re.I)
_CAPTION_WORDS = ("caption", "media-description", "mediadescription", "image-description", "imagedescription", "bildunterschrift", "legende",
                  "didascalia", "pie-foto", "piefoto", "image-text", "infotext")  # fmt: skip
_CAPTION_TAGS = frozenset({"div", "p", "span", "figcaption"})
_CREDIT_END = re.compile(
    r"\s*(?:[\[(]((?=[^\[\]()]*(?:photo|image|foto|ap\b|afp|reuters|getty|epa|tass|via|courtesy|/))[^\[\]()]{2,140})[\])]"
    r"|(?:[.|]\s*|\s[-–—]\s)?((?:photo|image|foto|picture|credit|bild|crédits?|снимка|фото)(?:\s+(?:by|credit|courtesy))?\s*:\s*.{2,80}))\.?\s*$",
    re.I,
)
_LABEL = re.compile(
    r"^(?:photo|image|foto|picture|credit|bild|crédits?|снимка|фото)(?:\s+(?:by|credit|courtesy))?\s*:\s*", re.I
)
# HTML Standard, 2.4.3: a candidate is an address without white space and an optional width or density; addresses hold commas.
_SRCSET = re.compile(r"\s*,*\s*(\S*[^\s,])(?:\s+([\d.]+)[wx][^,]*)?\s*(?:,|$)")
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-srcset", "srcset", "src")


def figures(tree: HtmlElement, named: Named) -> list[Media]:
    """The images that carry a caption, in page order: figures, and captions by their class."""
    found = [media for figure in tree.iter("figure") if (media := _figure(figure))]
    known = {media.caption for media in found}
    for element in named.holding(_CAPTION_WORDS, _CAPTION_TAGS):
        if next(element.iterancestors("figure"), None) is None:
            caption, credit = split_credit(text(element))
            if caption and caption not in known and len(caption) < 600:
                known.add(caption)
                found.append(Media(_nearby_image(element), caption, credit))
    return found


def split_credit(caption: str) -> tuple[str | None, str | None]:
    """A caption without the credit at its end, and the credit: in brackets with an agency's mark, or behind "Photo:"."""
    ending = _CREDIT_END.search(caption)
    if not ending:
        return caption.strip() or None, None
    credit = _LABEL.sub("", (ending[1] or ending[2]).strip())
    return caption[: ending.start()].strip() or None, credit


def _figure(figure: HtmlElement) -> Media | None:
    url, caption_element = _image_url(figure), next(figure.iter("figcaption"), None)
    if caption_element is None:
        caption_element = next((e for e in figure.iter() if is_named(e, _CAPTION_WORDS)), None)
    if caption_element is None:
        return Media(url) if url else None
    credit_element = next(
        (
            e
            for e in figure.iter()
            if e is not figure and e is not caption_element and _CREDIT_CLASS.search(e.get("class") or "")
        ),
        None,
    )
    whole = text(caption_element)
    if credit_element is None:
        caption, credit = split_credit(whole)
    else:
        credit = text(credit_element)
        caption = whole.removesuffix(credit).rstrip(" |/([-–—") if whole != credit else None
        credit = _LABEL.sub("", credit.strip("() "))
    return Media(url, caption or None, credit or None) if url or caption else None


def _image_url(element: HtmlElement) -> str | None:
    for image in element.iter("img", "amp-img"):
        for name in _LAZY:
            value = (image.get(name) or "").strip()
            url = _largest(value) if "srcset" in name else value
            if url and not url.startswith("data:"):
                return url
    return None


def _largest(srcset: str) -> str | None:
    """The address of the widest candidate; the last of equals."""
    candidates = [(float(size) if re.fullmatch(r"\d+(?:\.\d+)?", size) else 1.0, url) for url, size in _SRCSET.findall(srcset)]
    return max(reversed(candidates), key=lambda candidate: candidate[0])[1] if candidates else None


def _nearby_image(element: HtmlElement) -> str | None:
    parent = element.getparent()
    return _image_url(parent) if parent is not None else None
