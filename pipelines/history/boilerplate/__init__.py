"""Boilerplate: what a publisher's articles repeat, learnt article by article, and a text without it."""

from __future__ import annotations

from pipelines.history.boilerplate.counting import after, merged, share_of
from pipelines.history.boilerplate.standing import Standing, furniture, standing_of
from pipelines.history.boilerplate.strip import Wording, as_known_now, strip
from pipelines.history.boilerplate.traces import layout_of, traces_of

__all__ = [
    "Standing",
    "Wording",
    "after",
    "as_known_now",
    "furniture",
    "layout_of",
    "merged",
    "share_of",
    "standing_of",
    "strip",
    "traces_of",
]
