"""The tables of a report, each made from its description in the rule set."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from shelter.rules.apr import contacts, gains, parents, presence, projects, quality
from shelter.rules.apr.book import Columns, ReportKind, RowSpec, TableSpec, rule_set
from shelter.rules.apr.facets import FACETS, Facet
from shelter.rules.apr.housing import counts_move_in, days_homeless, days_to_move_in
from shelter.rules.apr.members import Member
from shelter.rules.apr.records import Period, Records
from shelter.rules.apr.report import Cell, Cells, Report, Table, share
from shelter.rules.apr.staged import STAGED, condition_count, condition_rows
from shelter.rules.apr.who import COLUMNS, WHO, are

Measure = Callable[[Member], int | None]
_SPREADS: dict[str, Facet] = FACETS | {
    "condition count at exit": lambda member: condition_count(member, "exit"),
    "condition count at start": lambda member: condition_count(member, "start"),
    "condition count of stayers": lambda member: condition_count(member, "latest"),
    "conditions at exit": lambda member: condition_rows(member, "exit"),
    "conditions at start": lambda member: condition_rows(member, "start"),
    "conditions of stayers": lambda member: condition_rows(member, "latest"),
}
_MEASURES: dict[str, Measure] = {
    "days homeless": days_homeless,
    "days stayed": lambda member: member.days,
    "days to housing": lambda member: (
        days if (days := days_to_move_in(member)) is not None and days <= member.rules.longest_time_to_housing else None
    ),
}
_MAKERS: dict[str, Callable[[Report], Cells]] = {
    "about her": quality.about_her,
    "about her income": quality.about_her_income,
    "about her stay": quality.about_her_stay,
    "about inactivity": quality.about_inactivity,
    "about time homeless": quality.about_time_homeless,
    "about writing down": quality.about_writing_down,
    "changes of leavers": gains.of_leavers,
    "changes of stayers": gains.of_stayers,
    "conditions of youth": gains.of_youth_with_conditions,
    "contacted": contacts.contacted,
    "engaged": contacts.engaged,
    "households present": lambda report: presence.households(report.members),
    "people present": lambda report: presence.people(report.members),
    "parenting": parents.parenting,
    "with conditions": gains.with_conditions,
}


def compute(records: Records, period: Period, year: str, kind: ReportKind | None = None) -> list[Table]:
    """Every table of the report, in the order of the rule set; without a kind, those of both reports."""
    report = Report(records, period, rule_set(year))
    return [make_table(report, name) for name in report.book.names(kind)]


def make_table(report: Report, name: str) -> Table:
    spec = report.book.tables[name]
    if spec.maker == "projects":
        return Table(name, spec.header, projects.rows(report), spec.quoted)
    if spec.columns == "":
        return _of_predicates(report, name, spec)
    columns = report.book.columns[spec.columns]
    header = () if spec.headless else (spec.first, *(spec.headings or columns.headings))
    rows = report.book.rows(name)
    if spec.maker:
        cells = _MAKERS[spec.maker](report)
        return Table(name, header, [(row.label, _row(row, columns, cells, {})) for row in rows], spec.quoted)
    people = _people(report, spec)
    cells = _cells(people, spec, columns)
    if spec.blank_without_housing and not any(counts_move_in(one) for one in report.people):
        cells |= dict.fromkeys(((spec.blank_without_housing, column) for column in columns.keys), None)
    measures = _measures(people, rows, columns)
    return Table(name, header, [(row.label, _row(row, columns, cells, measures)) for row in rows], spec.quoted)


def _of_predicates(report: Report, name: str, spec: TableSpec) -> Table:
    """Q5a: each row says whom it counts; a second column counts those whose data are judged."""
    people = report.people
    judged = quality.without_unengaged(report)
    table = Table(name, spec.header, quoted=spec.quoted)
    for row in report.book.rows(name):
        belongs = are(row.keys)
        count = sum(belongs(one) for one in people)
        cells: list[Cell] = [sum(belongs(one) for one in judged), count] if spec.header else [count]
        table.rows.append((row.label, cells))
    return table


def _people(report: Report, spec: TableSpec) -> list[Member]:
    tests = [WHO[name] for name in spec.who]
    return [one for one in report.people if all(test(one) for test in tests)]


def _cells(people: Iterable[Member], spec: TableSpec, columns: Columns) -> dict[tuple[str, str], Cell]:
    cells: Counter[tuple[str, str]] = Counter()
    if columns.by == "stage":
        pairs = STAGED[spec.by]
        for member in people:
            cells.update(pairs(member))
        return dict(cells)
    rows_of, columns_of = _SPREADS[spec.by], COLUMNS[columns.by]
    for member in people:
        across = tuple(columns_of(member))
        for row in rows_of(member):
            for column in across:
                cells[row, column] += 1
    return dict(cells)


def _measures(people: list[Member], rows: list[RowSpec], columns: Columns) -> Mapping[tuple[str, str], list[int]]:
    """The values behind averages and medians, by measure and column."""
    found: dict[tuple[str, str], list[int]] = {}
    for name in {row.average or row.median for row in rows} - {""}:
        measure = _MEASURES[name]
        for member in people:
            value = measure(member)
            if value is not None:
                for column in COLUMNS[columns.by](member):
                    found.setdefault((name, column), []).append(value)
    return found


def _row(row: RowSpec, columns: Columns, cells: Cells, measures: Mapping[tuple[str, str], list[int]]) -> list[Cell]:
    return [_cell(row, column, cells, measures) for column in columns.keys]


def _cell(row: RowSpec, column: str, cells: Cells, measures: Mapping[tuple[str, str], list[int]]) -> Cell:
    if row.only and column not in row.only:
        return None
    if row.share:
        return share(_sum(row.share, column, cells), _sum(row.of, column, cells) - _sum(row.less, column, cells))
    if row.average or row.median:
        return _typical(measures.get((row.average or row.median, column), []), row)
    if not row.keys:
        return None
    if len(row.keys) == 1:
        return cells.get((row.keys[0], column), 0)
    return _sum(row.keys, column, cells)


def _sum(keys: Iterable[str], column: str, cells: Cells) -> int:
    found = (cells.get((key, column), 0) for key in keys)
    return sum(value for value in found if isinstance(value, int))


def _typical(values: list[int], row: RowSpec) -> Cell:
    if not values:
        return None
    value = Decimal(sum(values)) / len(values) if row.average else Decimal(str(median(values)))
    rounded = value.quantize(Decimal(1).scaleb(-row.decimals), rounding=ROUND_HALF_UP)
    return str(rounded) if row.decimals else int(rounded)
