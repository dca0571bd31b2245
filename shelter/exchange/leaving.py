"""What leaves as a file: the archive of a download, and the words for what differs from what once came in."""

from collections.abc import Iterator
from typing import IO, Any, cast

from flask_babel import lazy_gettext as _l

from shelter.exchange.out import Difference, Sealed
from shelter.exchange.out.differences import Why

WHY: dict[Why, Any] = {
    Why.DROPPED: _l("FY2026 has no such column; it stays with us as it came"),
    Why.RECODED: _l("a code of an earlier year, written as today's"),
    Why.FLAG: _l("set, because the agency is a confidential provider with a comparable database"),
    Why.ENDED_HERE: _l("an exit that was written here for an enrollment that came without one"),
    Why.MERGED: _l("a record that was joined with another: one person, said once"),
    Why.OUT_OF_REACH: _l("people whom you may not read are left out"),
}


def difference_words(one: Difference) -> str:
    """Why a column of the export is not what was imported, in words."""
    return str(WHY[one.why])


class Archive:
    """An archive that is written first and sent then, sealed in between."""

    def __init__(self, agency: bytes) -> None:
        self._sealed = Sealed(agency)

    @property
    def target(self) -> IO[bytes]:
        return cast(IO[bytes], self._sealed)

    def blocks(self) -> Iterator[bytes]:
        """The archive, once; it is gone when the last byte has left."""
        try:
            yield from self._sealed.blocks()
        finally:
            self._sealed.close()
