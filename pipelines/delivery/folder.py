"""The folder sink: a lake on a file system, in the layout of a bucket."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from pipelines.delivery.sinks import Put
from pipelines.errors import DeliveryError, SinkError

# Where objects are made: beside the data and never under its prefix, where readers glob.
_TEMPORARY = ".tmp"
_LEFTOVER_S = 86400
_PREFIXES = ("articles/v1", "_meta/v1")
# What is wrong with a disk or a network file system for the time being; anything else must be changed by somebody.
_AWAY = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.ENOTCONN}


class FolderSink:
    """A folder whose objects appear whole: each is a hard link to a finished temporary file, made only if there is none."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def url(self) -> str:
        return f"file://{quote(str(self._root))}"

    @property
    def address(self) -> str:
        return self.url

    def check(self) -> None:
        try:
            for prefix in _PREFIXES:
                _make_folder(self._root / prefix)
                if not os.access(self._root / prefix, os.W_OK | os.X_OK):
                    raise PermissionError(f"{self._root / prefix} is not writable")
            self._probe()
        except OSError as error:
            if error.errno in _AWAY:
                raise DeliveryError(f"the sink {self.url} cannot be written now: {error}") from error
            raise SinkError(
                f"the sink {self.url} cannot be written: {error}. NEWS_SINK must name a folder that this user may write, "
                "on a file system with hard links"
            ) from error

    def put(self, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> Put:
        path = self._root / key
        try:
            _make_folder(path.parent)
            return self._create(path, body)
        except OSError as error:
            raise DeliveryError(f"{self.url}: {key} cannot be written: {error}; it stays in the outbox") from error

    def replace(self, key: str, body: bytes, *, content_type: str = "application/octet-stream", versions: bool = False) -> None:
        path = self._root / key
        try:
            _make_folder(path.parent)
            self._made(body).replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            raise DeliveryError(f"{self.url}: {key} cannot be written: {error}") from error

    def get(self, key: str) -> bytes | None:
        try:
            return (self._root / key).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise DeliveryError(f"{self.url}: {key} cannot be read: {error}") from error

    def list(self, prefix: str) -> list[str]:
        folder = self._root / prefix.rpartition("/")[0]
        try:
            paths = [path.relative_to(self._root) for path in _files(folder)]
        except OSError as error:
            raise DeliveryError(f"{self.url}: {prefix} cannot be listed: {error}") from error
        return sorted(p.as_posix() for p in paths if p.parts[0] != _TEMPORARY and p.as_posix().startswith(prefix))

    def remove(self, key: str, *, versions: bool = False) -> None:
        path = self._root / key
        try:
            path.unlink(missing_ok=True)
            if path.parent.is_dir():
                _sync_folder(path.parent)
        except OSError as error:
            raise DeliveryError(f"{self.url}: {key} cannot be removed: {error}") from error

    def _create(self, path: Path, body: bytes) -> Put:
        made = self._made(body)
        try:
            os.link(made, path)
            found = Put.CREATED
        except FileExistsError:
            found = Put.EXISTS if path.read_bytes() == body else Put.TAKEN
        finally:
            made.unlink()
        # Also for one that was there: whoever made it may have been killed before this line.
        _sync_folder(path.parent)
        return found

    def _made(self, body: bytes) -> Path:
        """A temporary file with these bytes, on the disk."""
        _make_folder(self._root / _TEMPORARY)
        fd, name = tempfile.mkstemp(dir=self._root / _TEMPORARY)
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(body)
                file.flush()
                os.fchmod(fd, 0o644)
                os.fsync(fd)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Path(name)

    def _probe(self) -> None:
        """Make and remove an object, and with it what killed processes left, by the file system's own clock."""
        folder = self._root / _TEMPORARY
        probe = folder / f"probe-{os.getpid()}"
        self._create(probe, b"")
        now = probe.stat().st_mtime
        probe.unlink()
        for path in folder.iterdir():
            with suppress(FileNotFoundError):  # another process's, gone in between
                if now - path.stat().st_mtime > _LEFTOVER_S:
                    path.unlink()


def _files(folder: Path) -> Iterator[Path]:
    """The files below a folder, of which there may be none. A folder that cannot be read is no empty one: raises OSError."""

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # removed meanwhile
            raise error

    for parent, _, names in os.walk(folder, onerror=refuse):
        yield from (path for name in names if (path := Path(parent, name)).is_file())


def _make_folder(folder: Path) -> None:
    """Make a folder and its parents so that they outlive a power cut."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
