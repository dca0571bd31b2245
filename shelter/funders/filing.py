"""A report as its funder wants it: one CSV for each table in a ZIP, the same bytes for the same records."""

import hashlib
import io
import zipfile
from dataclasses import dataclass

import msgspec

from shelter.rules.apr import Period, Records, ReportKind, compute, rule_set
from shelter.rules.apr.balance import imbalances
from shelter.rules.apr.writing import csv_text

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


def file_of(records: Records, period: Period, year: str, kind: ReportKind, projects: list[str]) -> Filing:
    """The report over these projects (all of them where none is named)."""
    if projects:
        chosen = {key: one for key, one in records.projects.items() if key in projects}
        records = msgspec.structs.replace(records, projects=chosen)
    tables = compute(records, period, year, kind)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in tables:
            archive.writestr(zipfile.ZipInfo(f"{table.name}.csv", _LONG_AGO), csv_text(table))
    return Filing(packed.getvalue(), len(tables), len(imbalances(tables, rule_set(year))))
