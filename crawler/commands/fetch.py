"""`scrapy fetch` as Scrapy has it; it starts no run."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import fetch
from scrapy.http import Response

from crawler.commands.interruption import CLOSED_PIPE, close_pipes
from crawler.commands.storeless import Storeless


class Command(Storeless, fetch.Command):
    """Scrapy's command without the item pipelines."""

    example = "scrapy fetch --nolog https://www.example.com/"

    def _print_response(self, response: Response, opts: argparse.Namespace) -> None:
        try:
            super()._print_response(response, opts)
            sys.stdout.flush()
        except BrokenPipeError:  # `| head`: in a callback the engine would log it as a fault
            close_pipes()
            self.exitcode = CLOSED_PIPE
