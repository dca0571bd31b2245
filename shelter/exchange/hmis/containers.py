"""The two forms in which an export comes: a ZIP archive or a folder. Lists what is inside and opens it,
nothing more.

Nothing is unpacked to disk and no link is followed; names and sizes that an archive states are claims.
"""

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Protocol

import msgspec

from shelter.rules.broken import Broken

_MEBIBYTE = 1 << 20
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # password, strong encryption, encrypted directory
_DIRECTORY_LIMIT = _MEBIBYTE  # bytes of the list of members; 200 members need about 20 KiB

Opener = Callable[[], IO[bytes]]


class Entry(msgspec.Struct, frozen=True):
    """One file in a container: its path as a tuple of checked parts, what it claims to measure, how to open
    it."""

    parts: tuple[str, ...]
    claimed_size: int
    open: Opener


class Container(Protocol):
    """`stored` is the true size in bytes on disk of a packed container, None where nothing is packed."""

    stored: int | None

    def entries(self, limit: int) -> list[Entry]:
        """All ordinary files. Raises Broken where a name, a link or the number of files is not acceptable."""

    def close(self) -> None:
        """Give back what is held open."""


@contextmanager
def refusing_broken_zip() -> Iterator[None]:
    """Turn whatever the ZIP reader meets in damaged or hostile bytes into one refusal."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OverflowError,
        KeyError,
        IndexError,
    ) as fault:
        raise Broken("import.broken_zip") from fault


def checked_parts(name: str) -> tuple[str, ...]:
    """The parts of a member's path. Raises Broken for a path that could lead out of the archive on any
    system."""
    if not name or len(name) > 255 or "\\" in name or ":" in name or any(ord(letter) < 32 for letter in name):
        raise Broken("import.bad_member_name")
    parts = tuple(name.split("/"))
    if any(part in ("", ".", "..") or part != part.strip() for part in parts):
        raise Broken("import.bad_member_name")
    return parts


class _Guarded(io.RawIOBase):
    """A file that refuses one huge read, so that a false directory size cannot fill the memory, and a place before its
    first byte, where a false offset leads."""

    def __init__(self, file: IO[bytes], owned: bool) -> None:
        super().__init__()
        self._file, self._owned = file, owned
        self.size = file.seek(0, os.SEEK_END)
        file.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, position: int, whence: int = os.SEEK_SET, /) -> int:
        if whence == os.SEEK_SET and position < 0:
            raise zipfile.BadZipFile
        return self._file.seek(position, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = self.size - self._file.tell()
        if size > _DIRECTORY_LIMIT:
            raise Broken("import.too_many_members", values={"limit": _DIRECTORY_LIMIT // 100})
        return self._file.read(size) or b""

    def close(self) -> None:
        if self._owned:
            self._file.close()
        super().close()


class ZipContainer:
    """A ZIP archive held open, so that replacing the file on disk changes nothing that is read.

    `file` is closed with it where it is `owned`.
    """

    def __init__(self, file: IO[bytes], size_limit: int, *, owned: bool = True) -> None:
        self._file = _Guarded(file, owned)
        try:
            self.stored: int | None = self._file.size
            if self.stored > size_limit:
                raise Broken("import.archive_too_large", values={"limit": size_limit // _MEBIBYTE})
            start = self._file.read(2)
            self._file.seek(0)
            try:
                with refusing_broken_zip():
                    self._zip = zipfile.ZipFile(self._file)
            except Broken as refusal:
                if refusal.message_key == "import.broken_zip" and start != b"PK":
                    raise Broken("import.not_a_zip") from refusal
                raise
        except BaseException:
            self._file.close()
            raise

    def entries(self, limit: int) -> list[Entry]:
        members = self._zip.infolist()
        if len(members) > limit:
            raise Broken("import.too_many_members", values={"limit": limit})
        found = []
        for member in members:
            parts = checked_parts(member.orig_filename.removesuffix("/"))
            if member.flag_bits & _ENCRYPTED:
                raise Broken("import.encrypted")
            if stat.S_ISLNK(member.external_attr >> 16):
                raise Broken("import.link")
            if member.orig_filename.endswith("/"):
                continue
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Broken("import.compression")
            found.append(Entry(parts, member.file_size, self._opener(member)))
        return found

    def _opener(self, member: zipfile.ZipInfo) -> Opener:
        def open_member() -> IO[bytes]:
            with refusing_broken_zip():
                return self._zip.open(member)

        return open_member

    def close(self) -> None:
        self._zip.close()
        self._file.close()


class FolderContainer:
    """A folder, with at most one folder inside it. Links are accepted only where they stay inside."""

    stored: int | None = None

    def __init__(self, path: Path) -> None:
        self._root = path.resolve()

    def entries(self, limit: int) -> list[Entry]:
        found: list[Entry] = []
        for path in self._walk(limit):
            target = self._inside(path)
            parts = checked_parts(path.relative_to(self._root).as_posix())
            found.append(Entry(parts, target.stat().st_size, partial(_open_ordinary, target)))
        return found

    def _walk(self, limit: int) -> Iterator[Path]:
        folders, seen = [self._root], 0
        while folders:
            for path in sorted(folders.pop().iterdir()):
                seen += 1
                if seen > limit:
                    raise Broken("import.too_many_members", values={"limit": limit})
                if path.is_dir() and not path.is_symlink():
                    folders.append(path)
                else:
                    yield path

    def _inside(self, path: Path) -> Path:
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError) as fault:  # a link to nowhere, or links in a circle
            raise Broken("import.link") from fault
        if not target.is_relative_to(self._root):
            raise Broken("import.link")
        if not target.is_file():
            raise Broken("import.not_a_file")
        return target

    def close(self) -> None:
        return None


def _open_ordinary(path: Path) -> IO[bytes]:
    """Open a file that is still an ordinary file and no link. Raises Broken where it was exchanged
    meanwhile."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as fault:
        raise Broken("import.changed") from fault
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Broken("import.changed")
    return os.fdopen(descriptor, "rb")
