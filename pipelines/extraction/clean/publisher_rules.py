"""The publisher file's own rules: blocks to drop, blocks to stop at, and lines that are datelines."""

from __future__ import annotations

import re

from pipelines.evidence import DateClue
from pipelines.extraction.clean.desk import Desk
from pipelines.publishers import Publisher
from pipelines.values import DateSource


def apply(desk: Desk, publisher: Publisher) -> None:
    """Datelines first, since a `drop` may name the same line."""
    for index, passage in desk.open():
        for pattern in publisher.dates.dateline:
            if found := re.search(pattern, passage.text):
                raw = found.groupdict().get("date") or passage.text
                desk.dates.append(DateClue(raw, DateSource.VISIBLE, "publisher.dateline"))
                desk.drop(index, "publisher.dateline")
    for index, passage in desk.open():
        if any(re.search(pattern, passage.text) for pattern in publisher.body.stop):
            desk.drop_from(index, "publisher.stop")
            return
        if any(re.search(pattern, passage.text) for pattern in publisher.body.drop):
            desk.drop(index, "publisher.drop")
