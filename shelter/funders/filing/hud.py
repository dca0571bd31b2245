"""A report as HUD wants it: one CSV for each table in a ZIP."""

import msgspec

from shelter.funders.filing.packing import Filing, packed
from shelter.rules.apr import Period, Records, ReportKind, compute, rule_set
from shelter.rules.apr.balance import imbalances
from shelter.rules.apr.writing import csv_text


def file_of(records: Records, period: Period, year: str, kind: ReportKind, projects: list[str]) -> Filing:
    """The report over these projects (all of them where none is named)."""
    if projects:
        chosen = {key: one for key, one in records.projects.items() if key in projects}
        records = msgspec.structs.replace(records, projects=chosen)
    tables = compute(records, period, year, kind)
    content = packed({f"{table.name}.csv": csv_text(table) for table in tables})
    return Filing(content, len(tables), len(imbalances(tables, rule_set(year))))
