"""Where a file on its way in is kept: sealed from its first chunk, under a cap, without a name in the data folder."""

import tempfile
from typing import IO, Any, BinaryIO, cast

from werkzeug.exceptions import RequestEntityTooLarge

from shelter.crypto.spool import SealedSpool
from shelter.db.deployment import deployment
from shelter.rules.broken import Broken


class Spool(SealedSpool):
    """Refuses to grow over its cap; a disk without room is said in a sentence."""

    def __init__(self, cap: int) -> None:
        super().__init__(_nameless)
        self._cap = cap

    def write(self, data: Any) -> int:
        if self.size + len(data) > self._cap:
            raise RequestEntityTooLarge
        try:
            return super().write(data)
        except OSError:
            raise Broken("files.no-room", field="file") from None


def spool(cap: int) -> BinaryIO:
    return cast(BinaryIO, Spool(cap))


def _nameless() -> IO[bytes]:
    return tempfile.TemporaryFile(dir=deployment().folder, buffering=0)
