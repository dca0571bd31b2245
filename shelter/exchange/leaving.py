"""What leaves as a file: the archive of a download."""

from collections.abc import Iterator
from typing import IO, cast

from shelter.exchange.out import Sealed


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
