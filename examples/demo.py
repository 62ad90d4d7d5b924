"""`make demo`: serve the example newsroom on loopback, crawl it with `scrapy crawl news`, and say what came and where it lies."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from crawler.commands.terminal import table
from crawler.extensions.report import COLUMNS, rows
from examples.newsroom.server import PortTaken, newsroom
from pipelines.delivery.manifest import Manifest, parse

PROJECT = Path(__file__).resolve().parent.parent
# Fixed, so that a second demo meets the same addresses and finds nothing new.
PORT = 8801


def main() -> int:
    """The crawl's exit code; 2 where the ports are taken."""
    lake, store = PROJECT / "var" / "lake", PROJECT / "var" / "store.sqlite"
    with TemporaryDirectory(prefix="newsroom-") as folder:
        try:
            with newsroom(port=PORT, publishers_to=Path(folder)) as room:
                known = set(_manifests(lake))
                code = _crawl(lake, store, Path(folder))
                fetched = len(room.requests)
        except PortTaken as error:
            print(f"make demo: {error}", file=sys.stderr)
            return 2
    for path in sorted(set(_manifests(lake)) - known):
        _print(parse(path.read_bytes()), fetched, lake)
    return code


def _crawl(lake: Path, store: Path, publishers: Path) -> int:
    variables = {"NEWS_SINK": lake.as_uri(), "NEWS_STORE": f"sqlite://{store}", "NEWS_PUBLISHERS": str(publishers)}
    command = [sys.executable, "-m", "scrapy", "crawl", "news", "-L", "WARNING"]
    # A site's owner is asked for nothing here, so nobody has to wait between requests.
    command += ["-s", "DOWNLOAD_DELAY=0"]
    return subprocess.run(command, cwd=PROJECT, env={**os.environ, **variables}, check=False).returncode


def _manifests(lake: Path) -> list[Path]:
    return sorted((lake / "_meta" / "v1" / "runs").glob("*/manifest.json"))


def _print(manifest: Manifest, fetched: int, lake: Path) -> None:
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(table(rows(manifest), COLUMNS, title=f"Run {manifest.runId}: {manifest.verdict}, {fetched} requests"))
    where = [part.key for part in manifest.parts] or ["nothing new"]
    console.print(f"In {lake}:", *where, sep="\n  ", soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
