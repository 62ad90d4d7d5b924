"""One SQLite file in WAL mode: a connection a thread, transactions, and every fault as a StoreError that says what to do."""

from __future__ import annotations

import fcntl
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import StoreError

_VERSION = 1
_BUSY_TIMEOUT_S = 30
_TABLES = """
CREATE TABLE runs (
    run_id TEXT PRIMARY KEY, spider TEXT NOT NULL, started TEXT NOT NULL, code_hash TEXT, config_hash TEXT,
    closed TEXT, verdict TEXT, sites TEXT NOT NULL DEFAULT '[]', manifest BLOB, ended TEXT
) STRICT;
CREATE INDEX runs_unfinished ON runs (started) WHERE ended IS NULL;

CREATE TABLE links (
    key TEXT PRIMARY KEY, url TEXT NOT NULL, publisher TEXT NOT NULL, via TEXT NOT NULL, source_url TEXT,
    title TEXT, description TEXT, published TEXT, modified TEXT, first_seen TEXT NOT NULL,
    lease TEXT, outcome TEXT, outcome_run TEXT, retry INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX links_leased ON links (lease) WHERE lease IS NOT NULL;

CREATE TABLE outcomes (
    run_id TEXT NOT NULL, key TEXT NOT NULL, publisher TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT,
    undated INTEGER NOT NULL, at TEXT NOT NULL, PRIMARY KEY (run_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE versions (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL, content_hash TEXT NOT NULL, text_hash TEXT,
    run_id TEXT NOT NULL, UNIQUE (id, version)
) STRICT;
CREATE INDEX versions_text ON versions (text_hash, seq) WHERE text_hash IS NOT NULL;

CREATE TABLE blocks (
    publisher TEXT NOT NULL, block TEXT NOT NULL, articles INTEGER NOT NULL, PRIMARY KEY (publisher, block)
) STRICT, WITHOUT ROWID;

CREATE TABLE clocks (
    publisher TEXT NOT NULL, day TEXT NOT NULL, offset_minutes INTEGER NOT NULL, utc TEXT NOT NULL,
    articles INTEGER NOT NULL, how TEXT NOT NULL, raw TEXT NOT NULL, url TEXT NOT NULL, language TEXT,
    PRIMARY KEY (publisher, day, offset_minutes)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, dt TEXT NOT NULL, at TEXT NOT NULL,
    part INTEGER, bytes INTEGER NOT NULL, line BLOB NOT NULL
) STRICT;
CREATE INDEX outbox_parts ON outbox (run_id, part, dt, seq, bytes, at);

CREATE TABLE parts (
    run_id TEXT NOT NULL, seq INTEGER NOT NULL, dt TEXT NOT NULL, rows INTEGER NOT NULL,
    key TEXT, size INTEGER, sha256 TEXT, put_to TEXT, PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;
"""
# What to do, by a part of SQLite's own message; the first that fits.
_ADVICE = (
    ("full", "free some disk space and run again; what was committed is safe"),
    ("disk i/o", "check the disk and its free space, then run again"),
    ("not a database", "it is no SQLite file; name another file, or move this one aside"),
    ("malformed", "it is damaged; move it and its -wal and -shm files aside, or restore a copy"),
    ("no such table", "it was made before the first release; move it and its -wal and -shm files aside"),
    ("locked", f"another process has held it for {_BUSY_TIMEOUT_S} s; end that process or wait for it"),
    ("readonly", "make the file and its folder writable for this user"),
    ("unable to open", "make the file and its folder readable and writable for this user"),
)


class Database:
    """The file's connections. `path` is absolute; its folder is made."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.runs_folder = path.with_name(path.name + ".runs")
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        try:
            self.runs_folder.mkdir(parents=True, exist_ok=True)
            # Two processes may open a new store at once, and the change to WAL does not wait its turn.
            with (self.runs_folder / ".open").open("a") as gate, self._explained():
                fcntl.flock(gate, fcntl.LOCK_EX)
                self._prepare(self._connection())
        except OSError as error:
            raise StoreError(f"the store {path} cannot be opened: {error}. Name a writable folder on a local disk") from None
        except StoreError:
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection, outside a transaction."""
        with self._explained():
            yield self._connection()

    @contextmanager
    def write(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """This thread's connection inside a transaction, which an exception rolls back.

        `durable` waits for the disk, and so for all that was committed before: what the sink is told must outlive a
        power cut here, or a part would be put twice with different rows.
        """
        with self._explained():
            connection = self._connection()
            connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        with self._lock:
            while self._connections:
                self._connections.pop().close()
            self._local = threading.local()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            # Closed by `close` from whichever thread; used by its own thread alone.
            connection = sqlite3.connect(self.path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
            with self._lock:
                self._connections.append(connection)
            self._local.connection = connection
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == 0 and connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise StoreError(f"the store {self.path} is another program's SQLite file; name another file")
        if version > _VERSION:
            raise StoreError(
                f"the store {self.path} has format {version}, this release reads up to {_VERSION}; use the newer release"
            )
        if connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] != "wal":
            raise StoreError(f"the store {self.path} lies on a file system without WAL support; name a file on a local disk")
        if version == 0:
            connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version={_VERSION}; COMMIT;")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            advice = next(
                (text for part, text in _ADVICE if part in str(error).lower()), "run again, and report it if it stays"
            )
            raise StoreError(f"the store {self.path}: {error}: {advice}") from error
