"""What the SQLite store forgets of erased articles, and what it keeps so that they do not come back: ids and links' keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

import orjson

from pipelines.items import Link, Reason
from pipelines.redaction import redacted
from pipelines.store.erasing import ErasedRows
from pipelines.store.keys import article_keys, link_key
from pipelines.store.lessons import SqliteHabits
from pipelines.store.outbox import timestamp
from pipelines.store.protocol import ARTICLE
from pipelines.store.rows import line_of
from pipelines.store.vitals import VITALS, text_of, vitals_of

# What a listing or a page said goes, and the address, which may hold a headline; its key stays, for whoever asks what happened.
_BLANK_LINK = f"""
UPDATE links SET url = '', title = NULL, description = NULL, published = NULL, modified = NULL, lease = NULL, retry = 0,
    outcome = '{Reason.ERASED}'
WHERE key = ? AND key IN (SELECT key FROM erased)
"""

# What was said of pages and rows may name another page.
_TOLD = (("outcomes", "detail"), ("rebuilds", "reason"))


def forget(c: sqlite3.Connection, ids: Iterable[str], links: Iterable[str], now: datetime) -> None:
    """What the tables say of these articles and links goes; ids and links' keys stay, so that they are not taken again."""
    gone, keys, at = set(ids), set(links), timestamp(now)
    for article_id in gone:
        keys |= {row[0] for row in c.execute("SELECT key FROM watched WHERE id = ?", (article_id,))}
        c.execute("DELETE FROM watched WHERE id = ?", (article_id,))
        c.execute("UPDATE versions SET text_hash = NULL WHERE id = ?", (article_id,))
    c.executemany("INSERT OR IGNORE INTO erased VALUES (?, ?)", [(key, at) for key in sorted(gone | keys)])
    c.executemany(_BLANK_LINK, [(key,) for key in keys])
    c.executemany("UPDATE outcomes SET detail = NULL WHERE key = ?", [(key,) for key in keys])
    for table, column in _TOLD:
        told = {text for (text,) in c.execute(f"SELECT {column} FROM {table} WHERE {column} LIKE '%://%'")}
        changed = [(kept, text) for text in told if (kept := redacted(text, keys)) != text]
        c.executemany(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", changed)
    put_aside = c.execute("SELECT key, url FROM quarantine").fetchall()
    c.executemany("DELETE FROM quarantine WHERE key = ?", [(key,) for key, url in put_aside if keys & {key, link_key(url)}])
    shown = c.execute("SELECT DISTINCT url FROM clocks").fetchall()
    c.executemany("UPDATE clocks SET url = '', raw = '' WHERE url = ?", [row for row in shown if link_key(row[0]) in keys])
    _forget_examples(c, keys)


def _forget_examples(c: sqlite3.Connection, keys: set[str]) -> None:
    """Pages that runs' vitals name as examples; one of these links is an example no more."""
    for row in c.execute(f"SELECT {VITALS} FROM vitals").fetchall():
        vitals = vitals_of(row)
        kept = {what: url for what, url in vitals.examples.items() if link_key(url) not in keys}
        if kept != vitals.examples:
            changed = text_of(replace(vitals, examples=kept))
            c.execute("UPDATE vitals SET vitals = ? WHERE publisher = ? AND hour = ?", (changed, *row[:2]))


class SqliteErasure(SqliteHabits):
    """`pipelines.store.erasing.Erasing` in one file."""

    def article_ids(self, keys: Iterable[str]) -> set[str]:
        wanted = set(keys)
        with self._database.read() as c:
            marks = ",".join("?" * len(wanted))
            found = {row[0] for row in c.execute(f"SELECT id FROM watched WHERE key IN ({marks})", tuple(wanted))}
            waiting = (orjson.loads(line_of(row)) for row in c.execute("SELECT seq, crc, line FROM outbox"))
            return found | {article["id"] for article in waiting if wanted & article_keys(article)}

    def waiting_rows(self, ids: Iterable[str]) -> list[tuple[str, int | None]]:
        with self._database.read() as c:
            return [(run_id, part) for run_id, _, part, _ in _waiting(c, set(ids))]

    def erase(self, ids: Iterable[str], keys: Iterable[str], now: datetime) -> ErasedRows:
        gone, links = set(ids), set(keys)
        with self._database.write(durable=True) as c:
            held, rows = set(), 0
            for run_id, seq, part, article in _waiting(c, gone):
                links |= article_keys(article)
                if part is None and _uncounted(c, run_id, article):
                    rows += c.execute("DELETE FROM outbox WHERE seq = ?", (seq,)).rowcount
                else:
                    held.add(run_id)
            for article_id in gone:
                links |= {row[0] for row in c.execute("SELECT key FROM watched WHERE id = ?", (article_id,))}
            forget(c, gone, links, now)
        return ErasedRows(rows, tuple(sorted(held)), frozenset(links))

    def erased(self) -> set[str]:
        with self._database.read() as c:
            return {key for (key,) in c.execute("SELECT key FROM erased")}

    def scrub(self) -> bool:
        with self._database.read() as c:
            if self._live(c):
                return False
            # Deleted rows stay in free pages, older states of pages in the log: https://www.sqlite.org/lang_vacuum.html
            c.execute("VACUUM")
            c.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return True

    def _is_erased(self, c: sqlite3.Connection, *keys: str | None) -> bool:
        return any(c.execute("SELECT 1 FROM erased WHERE key = ?", (key,)).fetchone() for key in keys if key)

    def _blank(self, c: sqlite3.Connection, links: Iterable[Link]) -> None:
        """A listing names an erased article again: nothing of what it says stays."""
        c.executemany(_BLANK_LINK, [(link_key(link.url),) for link in links])


def _uncounted(c: sqlite3.Connection, run_id: str, article: dict[str, str | None]) -> bool:
    """Whether the outcome that gave a row is found; it is none any more, since a manifest counts the rows that there are."""
    values = [(Reason.ERASED, run_id, key, ARTICLE) for key in sorted(article_keys(article))]
    change = "UPDATE outcomes SET outcome = ?, undated = 0 WHERE run_id = ? AND key = ? AND outcome = ?"
    return any(c.execute(change, value).rowcount for value in values)


def _waiting(c: sqlite3.Connection, ids: set[str]) -> Iterator[tuple[str, int, int | None, dict[str, str | None]]]:
    """(run, row, its part or None, article) of the outbox's rows of these articles, of runs whose manifest is not there."""
    query = "SELECT seq, crc, line, run_id, part FROM outbox JOIN runs USING (run_id) WHERE ended IS NULL"
    for *row, run_id, part in c.execute(query).fetchall():
        article = orjson.loads(line_of(tuple(row)))
        if article["id"] in ids:
            yield run_id, row[0], part, article
