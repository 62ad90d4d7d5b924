"""What Scrapy's own commands that only look at pages share: they start no run, so nothing is stored or delivered."""

from __future__ import annotations

import argparse
from typing import Any


class Storeless:
    """Goes before one of Scrapy's command classes: it works by the rules of a crawl, without the item pipelines.

    No command by itself, or Scrapy would list it as one.
    """

    example = ""
    settings: Any

    def long_desc(self) -> str:
        return f"{super().long_desc()} Example: {self.example}"  # type: ignore[misc]

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)  # type: ignore[misc]
        self.settings.set("ITEM_PIPELINES", {}, priority="cmdline")
