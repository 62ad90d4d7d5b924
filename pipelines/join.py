"""Join: the pages of one article to one draft, its text in order and each block once. Pure: the pages are fetched elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipelines import identity
from pipelines.history import boilerplate, duplicates
from pipelines.items import Draft, Rejected
from pipelines.normalizers.months import date_words
from pipelines.normalizers.paging import same_article
from pipelines.validate import INCOMPLETE
from pipelines.values import Block, Completeness, Media, RelatedItem

JOINED = "paging.joined"
# A shorter block may stand twice in one article: a refrain, a sub-heading, a question. At a page's ends it is furniture.
MIN_REPEAT_CHARS = 80
# What the first page said of its own text, which is not the article's.
_OF_ONE_PAGE = frozenset({INCOMPLETE, "body.short", "body.ends_cut", "body.shorter_than_jsonld"})
# What the last page says of the end of the article.
_CUT = frozenset({"body.ends_cut", "body.paywall"})


def join(first: Draft, later: Sequence[Draft], *, complete: bool) -> Draft:
    """The first page's draft with the text, the media and the related items of all; `later` in page order, all of this article.

    An article that is not complete says so: `completeness` is truncated, with the flag `paging.incomplete`.
    """
    blocks = list(first.blocks)
    for page in later:
        blocks += new_blocks(blocks, page.blocks)
    last = later[-1] if later else first
    kept = {flag for flag in first.flags if flag not in _OF_ONE_PAGE}
    flags = kept | (_CUT & set(last.flags)) if complete else {*first.flags, INCOMPLETE}
    return replace(
        _with_text(first, blocks),
        images=_each_once(image for page in (first, *later) for image in page.images),
        relatedItems=_related(item for page in (first, *later) for item in page.relatedItems),
        completeness=_completeness(last) if complete else Completeness.TRUNCATED,
        flags=sorted({*flags, *([JOINED] if later else [])}),
        extraction=replace(first.extraction, removed=[each for page in (first, *later) for each in page.extraction.removed]),
        pages=[page.url for page in later],
    )


def join_given(pages: Sequence[Draft | Rejected]) -> Draft | Rejected:
    """One article of the pages that were given, in their order: the first one's rejection, if it is none, or all that came."""
    first, later = pages[0], [page for page in pages[1:] if isinstance(page, Draft)]
    if isinstance(first, Rejected):
        return first
    linked = max((number for page in (first, *later) for number, _ in page.paging.later), default=1)
    return join(first, later, complete=len(later) == len(pages) - 1 and linked <= len(pages))


def with_whole(first: Draft, whole: Draft) -> Draft:
    """The first page's draft with the text of the page that has all of it."""
    kept = {flag for flag in first.flags if flag not in _OF_ONE_PAGE}
    return replace(
        _with_text(first, whole.blocks),
        images=whole.images or first.images,
        completeness=whole.completeness,
        flags=sorted({*kept, *whole.flags, JOINED}),
        extraction=whole.extraction,
        pages=[whole.url],
    )


def belongs(first: Draft, page: Draft) -> bool:
    """Whether a page that was fetched for an article is still the article's: a redirect may have led elsewhere."""
    return same_article(first.url, page.url)


def has_all(whole: Draft, first: Draft) -> bool:
    """Whether a page has the text of another, and more."""
    missing = new_blocks(whole.blocks, first.blocks)
    return len(whole.articleBody) > len(first.articleBody) and sum(len(b.text) for b in missing) <= len(first.articleBody) / 10


def new_blocks(before: Sequence[Block], blocks: Sequence[Block]) -> list[Block]:
    """A page's own blocks: what stood before is left out at its ends, and where it is long, anywhere."""
    seen = {_letters(block.text) for block in before}
    repeated = [_letters(block.text) in seen for block in blocks]
    start, stop = 0, len(blocks)
    while start < stop and repeated[start]:
        start += 1
    while stop > start and repeated[stop - 1]:
        stop -= 1
    return [blocks[i] for i in range(start, stop) if not (repeated[i] and len(blocks[i].text) >= MIN_REPEAT_CHARS)]


def _with_text(draft: Draft, blocks: list[Block]) -> Draft:
    body = "\n".join(block.text for block in blocks)
    hashed = identity.content_hash(draft.headline, draft.description, body, draft.datePublished, draft.dateModified)
    traces = boilerplate.traces_of(blocks, draft.headline, date_words=date_words())
    return replace(
        draft,
        blocks=blocks,
        articleBody=body,
        wordCount=len(body.split()),
        content_hash=hashed,
        page_hash=hashed,
        text_hash=duplicates.fingerprint(body),
        traces=replace(traces, layout=draft.traces.layout, context=draft.traces.context),
    )


def _completeness(last: Draft) -> Completeness:
    """All pages are there; then the article is cut only where its last page is."""
    return last.completeness if _CUT & set(last.flags) else Completeness.FULL


def _each_once(images: Iterable[Media]) -> list[Media]:
    return list({image.url or image.caption: image for image in images}.values())


def _related(items: Iterable[RelatedItem]) -> list[RelatedItem]:
    found: dict[str, RelatedItem] = {}
    for item in items:
        found.setdefault(item.headline.casefold(), item)
    return list(found.values())


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
