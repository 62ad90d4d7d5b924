"""One SQLite file in WAL mode: a connection a thread, transactions, and every fault as a StoreError that says what to do."""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import StoreDamaged, StoreError
from pipelines.store.cells import CellDamaged
from pipelines.store.damage import folder_of, mark, marked, note_damage, outer_fault
from pipelines.store.locks import StoreUse, gate
from pipelines.store.migrations import MIGRATIONS
from pipelines.store.place import take_place

_BUSY_TIMEOUT_S = 30
# What to do, by a part of SQLite's own message; the first that fits.
_ADVICE = (
    ("full", "free some disk space and run again; what was committed is safe"),
    ("disk i/o", "check the disk and its free space, then run again"),
    ("not a database", "it is no SQLite file; name another file, or move this one aside"),
    ("malformed", "it is damaged; if it is a store of this program, `scrapy store rebuild --force` makes it anew"),
    ("no such table", "it was made before the first release; move it and its -wal and -shm files aside"),
    ("locked", f"another process has held it for {_BUSY_TIMEOUT_S} s; end that process or wait for it"),
    ("readonly", "make the file and its folder writable for this user"),
    ("unable to open", "make the file and its folder readable and writable for this user"),
)
_DAMAGE = ("malformed", "not a database", "could not decode")


class Database:
    """The file's connections. `path` is absolute; it and its folder are made unless they must be there."""

    def __init__(self, path: Path, *, must_exist: bool = False) -> None:
        if must_exist and not path.exists():
            raise StoreError(f"there is no store {path} yet: the first crawl makes it; NEWS_STORE names it")
        self.path = path
        self.runs_folder = folder_of(path)
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        try:
            self.runs_folder.mkdir(parents=True, exist_ok=True)
            # Two processes may open a new store at once, and the change to WAL does not wait its turn.
            with gate(self.runs_folder), self._explained():
                self._use = StoreUse(self.runs_folder)
                self._enter()
                self._prepare(self._connection())
                if marked(path) is None:
                    mark(path)
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
        self._use.drop_all()

    def damaged(self, fault: str) -> StoreDamaged:
        """The exception for damage that is met in use, which a look at the file may miss: the next opening is told."""
        note_damage(self.path, fault)
        return StoreDamaged(self.path, fault)

    def _enter(self) -> None:
        """Use the file beside others, after a look at it where there are none: SQLite passes a damaged log over in silence."""
        if self._use.is_alone():
            take_place(self.path)
            if fault := outer_fault(self.path):
                raise StoreDamaged(self.path, fault)
        if not self._use.share():
            raise StoreError(f"the store {self.path} is being made anew by another process; wait for it")

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
        if version > len(MIGRATIONS):
            raise StoreError(
                f"the store {self.path} has format {version}, this release reads up to {len(MIGRATIONS)}; use the newer release"
            )
        if connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] != "wal":
            raise StoreError(f"the store {self.path} lies on a file system without WAL support; name a file on a local disk")
        for number, step in enumerate(MIGRATIONS[version:], version + 1):
            connection.executescript(f"BEGIN IMMEDIATE; {step} PRAGMA user_version={number}; COMMIT;")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (UnicodeDecodeError, zlib.error, CellDamaged) as error:  # a value is not what was written
            raise self.damaged(str(error)) from error
        except sqlite3.Error as error:
            if any(sign in str(error).lower() for sign in _DAMAGE) and marked(self.path) is not None:
                raise self.damaged(str(error)) from error
            advice = next(
                (text for part, text in _ADVICE if part in str(error).lower()), "run again, and report it if it stays"
            )
            raise StoreError(f"the store {self.path}: {error}: {advice}") from error
