"""Files in one ZIP, of no day, so that the same content is the same bytes."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Filing:
    """`unbalanced` counts sums that do not hold; of the numbers themselves it says nothing."""

    content: bytes
    tables: int
    unbalanced: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def packed(files: Mapping[str, bytes | str]) -> bytes:
    """A ZIP of files by name, in their order."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()
