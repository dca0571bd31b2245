"""What is on its way into an archive, sealed on the disk block by block under a key that lives as long as the work."""

import csv
import io
import os
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile

from shelter.crypto.context import Context
from shelter.crypto.labels import Label
from shelter.crypto.message import Key

BLOCK = 256 << 10


class Sealed(io.RawIOBase):
    """Bytes written once and read once; whoever takes the disk finds noise, and nobody can read it later."""

    def __init__(self, agency: bytes) -> None:
        super().__init__()
        self._agency = agency
        self._id = os.urandom(16)
        self._key = Key(os.urandom(32), self._id)
        self._file = TemporaryFile()  # noqa: SIM115 - closed with this one
        self._lengths: list[int] = []
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # bytes are what a ZIP writes
        self._held += data
        if len(self._held) >= BLOCK:
            self._put_by()
        return len(data)

    def blocks(self) -> Iterator[bytes]:
        """Everything from the beginning."""
        self._put_by()
        self._file.seek(0)
        for number, length in enumerate(self._lengths):
            yield self._key.unseal(self._context(number), self._file.read(length))

    def close(self) -> None:
        self._file.close()
        super().close()

    def _put_by(self) -> None:
        if self._held:
            sealed = self._key.seal(self._context(len(self._lengths)), bytes(self._held))
            self._file.write(sealed)
            self._lengths.append(len(sealed))
            self._held.clear()

    def _context(self, number: int) -> Context:
        return Context(label=Label.FILE, agency=self._agency, table="export", row=self._id, version=number)


class Spool:
    """The rows of one CSV file."""

    def __init__(self, agency: bytes, columns: Iterable[str]) -> None:
        self.rows = 0
        self._sealed = Sealed(agency)
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._writer.writerow(columns)

    def add(self, row: Iterable[str]) -> None:
        self._writer.writerow(row)
        self.rows += 1
        if self._text.tell() >= BLOCK:
            self._hand_over()

    def blocks(self) -> Iterator[bytes]:
        self._hand_over()
        return self._sealed.blocks()

    def close(self) -> None:
        self._sealed.close()

    def _hand_over(self) -> None:
        self._sealed.write(self._text.getvalue().encode())
        self._text.seek(0)
        self._text.truncate()
