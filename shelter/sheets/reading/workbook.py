"""XLSX: what is inside is measured here, then read in a process of its own whose memory and time are bounded.

A workbook of a few kilobytes can claim a sheet of seventeen thousand million cells; what reads it would take the
memory for them and end. That process has its file by a pipe, gives its rows by a pipe, and leaves nothing on a disk.
"""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

import msgspec

from shelter.exchange.hmis.archive import Budget, Limits
from shelter.exchange.hmis.containers import ZipContainer, refusing_broken_zip
from shelter.rules.broken import Broken
from shelter.sheets.reading import limits
from shelter.sheets.reading.tidying import tidied

_CHUNK = 1 << 16
_CHILD = Path(__file__).with_name("child.py")
_MOST_MESSAGE = 16 << 20
_SAID = {
    "import.encrypted": "sheets.old_or_locked",
    "import.bomb": "sheets.bomb",
    "import.too_large": "sheets.too_much_inside",
    "import.too_many_members": "sheets.too_much_inside",
    "import.archive_too_large": "sheets.too_much_inside",
}
_one_at_a_time = threading.Lock()

Row = tuple[int, str, int, list[str]]


def rows(file: BinaryIO) -> Iterator[Row]:
    """(sheet, its name, row, cells) of all visible sheets. Raises Broken."""
    try:
        _measure(file)
    except Broken as broken:
        key = _SAID.get(broken.message_key, "sheets.damaged")
        raise Broken(key if broken.message_key.startswith("import.") else broken.message_key, field="file") from None
    file.seek(0)
    with _one_at_a_time:
        yield from _read(file)


def _measure(file: IO[bytes]) -> None:
    """Every member unpacked once and thrown away: what an archive says of its sizes decides nothing."""
    bounds = Limits(inflated_bytes=limits.MOST_INFLATED, ratio=limits.RATIO, ratio_from=limits.RATIO_FROM)
    container = ZipContainer(file, limits.MOST_BYTES, owned=False)
    entries = container.entries(limits.MOST_PARTS)
    if ("xl", "workbook.xml") not in {entry.parts for entry in entries}:
        raise Broken("sheets.no_workbook", field="file")
    budget = Budget(bounds, container.stored)
    for entry in entries:
        with refusing_broken_zip(), entry.open() as member:
            while chunk := member.read(_CHUNK):
                budget.spend(len(chunk))


def _read(file: BinaryIO) -> Iterator[Row]:
    # Our own interpreter and our own file, nothing of what was sent among the arguments.
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    )
    with child:
        try:
            _send(file, cast(IO[bytes], child.stdin))
            yield from _receive(cast(IO[bytes], child.stdout))
        finally:
            child.kill()


def _send(file: BinaryIO, pipe: IO[bytes]) -> None:
    try:
        with pipe:
            while chunk := file.read(_CHUNK):
                pipe.write(chunk)
    except BrokenPipeError:
        raise Broken("sheets.too_much_inside", field="file") from None


def _receive(pipe: IO[bytes]) -> Iterator[Row]:
    decode = msgspec.msgpack.Decoder(list[Row] | str).decode
    while True:
        head = pipe.read(4)
        size = int.from_bytes(head, "big")
        if len(head) < 4 or size > _MOST_MESSAGE:
            raise Broken("sheets.too_much_inside", field="file")  # it has ended early: memory or time ran out
        told = decode(pipe.read(size))
        if isinstance(told, str):
            if told:
                raise Broken(told, field="file")
            return
        for sheet, name, number, cells in told:
            yield sheet, tidied(name), number, [tidied(cell) for cell in cells]
