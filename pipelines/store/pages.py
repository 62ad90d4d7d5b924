"""Records out of the pages of a SQLite file and of its write-ahead log, whatever is left of them.

SQLite itself stops at the first page that is damaged, and reads nothing where the first page is. Here each page stands for
itself. Format: https://www.sqlite.org/fileformat2.html (sections 1.6 b-tree pages, 2.1 records, 4 the log).
"""

from __future__ import annotations

import os
import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

Value = int | float | str | bytes | None
_Place = tuple[int, int]  # an open file and an offset in it
_Frame = tuple[int, _Place]  # a page's number, and where a state of it is

PAGE = 4096  # bytes; SQLite's default, which no store changes
WAL_HEADER, FRAME_HEADER = 32, 24
WAL_MAGIC = (0x377F0682, 0x377F0683)  # the last bit: checksums are big-endian
_TABLE_LEAF = 0x0D
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
# A record of more pages than this is none: a store's largest rows are some MiB.
_MOST_OVERFLOW = 2**26 // PAGE


@dataclass
class Salvage:
    """The pages of a file and of its log, the newest first; `broken` counts the records that could not be read."""

    path: Path
    broken: int = 0
    _files: list[int] = field(default_factory=list)
    _newest: dict[int, _Place] = field(default_factory=dict)

    def __enter__(self) -> Self:
        for path in (self.path, self.path.with_name(self.path.name + "-wal")):
            if path.exists():
                self._files.append(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for fd in self._files:
            os.close(fd)

    def records(self) -> Iterator[tuple[int, list[Value]]]:
        """(rowid, values) of every record of a rowid table: those of the log first, from its end, then the file's.

        The same record may come several times, and one that was deleted, too; the first is the newest.
        """
        current, older = self._frames()
        self._newest = dict(current)
        for number, place in reversed(current):
            yield from self._page_records(number, place, self._newest)
        for fd in self._files[:1]:
            for offset in range(0, os.fstat(fd).st_size, PAGE):
                yield from self._page_records(offset // PAGE + 1, (fd, offset), self._newest)
        view = dict(older)
        for number, place in reversed(older):
            yield from self._page_records(number, place, view)

    def _frames(self) -> tuple[list[_Frame], list[_Frame]]:
        """The log's frames in their order, whatever their checksums say: those since it was last begun anew, and those behind.

        What lies behind is older than the file: it was written back before.
        """
        found: list[tuple[bytes, _Frame]] = []
        for fd in self._files[1:]:
            for offset in range(WAL_HEADER, os.fstat(fd).st_size, FRAME_HEADER + PAGE):
                head = os.pread(fd, 16, offset)
                if len(head) == 16:
                    found.append((head[8:], (int.from_bytes(head[:4], "big"), (fd, offset + FRAME_HEADER))))
        # The salts of most frames before the first change, so that one damaged frame does not decide.
        salts = Counter(salt for salt, _ in found[: len(found) // 2 + 1])
        first = max(salts, key=lambda salt: (salt == found[0][0] and salts[salt] > 1, salts[salt]), default=b"")
        return [frame for salt, frame in found if salt == first], [frame for salt, frame in found if salt != first]

    def _page_records(self, number: int, place: _Place, view: dict[int, _Place]) -> Iterator[tuple[int, list[Value]]]:
        page = os.pread(place[0], PAGE, place[1])
        start = 100 if number == 1 else 0  # the file's own header
        if len(page) < PAGE or page[start] != _TABLE_LEAF:
            return
        cells = min(int.from_bytes(page[start + 3 : start + 5], "big"), (PAGE - start - 8) // 2)
        for cell in struct.unpack_from(f">{cells}H", page, start + 8):
            try:
                yield self._record(page, cell, view)
            except (ValueError, IndexError, struct.error):
                # An older state of a page, whose further pages are used again, is no loss.
                self.broken += self._newest.get(number, place) == place

    def _record(self, page: bytes, at: int, view: dict[int, _Place]) -> tuple[int, list[Value]]:
        size, at = _varint(page, at)
        rowid, at = _varint(page, at)
        local = _local(size)
        payload = page[at : at + local]
        if size > local:
            first = int.from_bytes(page[at + local : at + local + 4], "big")
            payload += self._overflow(first, size - local, view)
        if len(payload) != size:
            raise ValueError("the record is cut short")
        return rowid, _values(payload)

    def _overflow(self, number: int, size: int, view: dict[int, _Place]) -> bytes:
        """The rest of a record: a chain of pages, each with the number of the next."""
        if size > _MOST_OVERFLOW * PAGE:
            raise ValueError("no record is so large")
        chunks: list[bytes] = []
        while number and size > 0:
            fd, offset = view.get(number, (self._files[0], (number - 1) * PAGE))
            page = os.pread(fd, PAGE, offset)
            chunks.append(page[4 : 4 + size])
            size -= len(chunks[-1]) or size
            number = int.from_bytes(page[:4], "big")
        return b"".join(chunks)


def wal_fault(path: Path) -> str | None:
    """What is wrong with the log of a store that nobody has open, or None.

    Frames that were begun and not committed are no fault: so a killed process leaves them. A commit that comes after a frame
    that is not as it was written is one: SQLite would ignore it and all after it without a word.
    """
    try:
        log = path.read_bytes()
    except FileNotFoundError:
        return None
    if not log:
        return None
    header = log[:WAL_HEADER]
    magic = int.from_bytes(header[:4], "big")
    if len(header) < WAL_HEADER or magic not in WAL_MAGIC:
        return "its log is none"
    order = ">" if magic & 1 else "<"
    sums = _checksum(header[:24], order, (0, 0))
    if sums != struct.unpack(">2I", header[24:32]):
        return "the header of its log is damaged"
    broken = False
    for offset in range(WAL_HEADER, len(log) - FRAME_HEADER - PAGE + 1, FRAME_HEADER + PAGE):
        head = log[offset : offset + FRAME_HEADER]
        if head[8:16] != header[16:24]:
            # Frames of an earlier generation of the log lie behind the end of this one.
            if not broken:
                return "its log has frames of no commit" if _has_later(log, offset, header) else None
            continue
        if not broken:
            sums = _checksum(head[:8] + log[offset + FRAME_HEADER : offset + FRAME_HEADER + PAGE], order, sums)
            broken = sums != struct.unpack(">2I", head[16:24])
        if broken and int.from_bytes(head[4:8], "big"):
            return "a commit in its log is damaged"
    return None


def _has_later(log: bytes, offset: int, header: bytes) -> bool:
    """Whether commits of this generation lie behind a frame that is not of it."""
    for later in range(offset, len(log) - FRAME_HEADER - PAGE + 1, FRAME_HEADER + PAGE):
        if log[later + 8 : later + 16] == header[16:24] and any(log[later + 4 : later + 8]):
            return True
    return False


def _checksum(content: bytes, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    """The log's own cumulative checksum (section 4.2)."""
    first, second = sums
    for one, other in struct.iter_unpack(f"{order}2I", content):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second


def _local(size: int) -> int:
    """How much of a table's record lies in the leaf itself (section 1.6; no reserved bytes)."""
    most, least = PAGE - 35, (PAGE - 12) * 32 // 255 - 23
    if size <= most:
        return size
    fitting = least + (size - least) % (PAGE - 4)
    return fitting if fitting <= most else least


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """A big-endian number of 7 bits a byte, nine bytes at most, and the place behind it."""
    value = 0
    for place in range(at, at + 8):
        byte = content[place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + 1
    return value << 8 | content[at + 8], at + 9


def _values(payload: bytes) -> list[Value]:
    """The values of a record (section 2.1). Raises ValueError where it is none."""
    end, at = _varint(payload, 0)
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    if at != len(payload):
        raise ValueError("the record's values do not fill it")
    return values


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, at
    if kind in (8, 9):
        return kind - 8, at
    if kind in _INTEGERS:
        end = at + _INTEGERS[kind]
        return int.from_bytes(payload[at:end], "big", signed=True), end
    if kind == 7:
        return float(struct.unpack(">d", payload[at : at + 8])[0]), at + 8
    if kind < 12:
        raise ValueError("no such type of value")
    end = at + (kind - 12) // 2
    raw = payload[at:end]
    return (raw.decode("utf-8") if kind % 2 else raw), end
