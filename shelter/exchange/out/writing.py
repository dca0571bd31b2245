"""The export itself: one pass over the people, a few hundred at a time, into sealed spools, then into one archive.

Memory does not grow with the rows. The trail row is there before the first byte leaves.
"""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import IO

from sqlalchemy import select

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.agency import the_agency
from shelter.db.base import new_id
from shelter.exchange.out import kept, merged, own, people
from shelter.exchange.out.agency import Into, Places, agency_rows
from shelter.exchange.out.differences import Difference, Differences, Why
from shelter.exchange.out.formats import SERIAL, Translation, columns_of, today
from shelter.exchange.out.period import Within
from shelter.exchange.out.spool import Spool
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require, require_step_up
from shelter.rules.clock import now
from shelter.rules.clock import today as today_in
from shelter.rules.hmisperiod import Period, period_of
from shelter.rules.households import as_one
from shelter.trail.record import note_read, recorded

AT_ONCE = 500
VERSION = "2026 v1"
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export holds: rows by file, how many people, and what differs from what was imported."""

    rows: dict[str, int]
    people: int
    differences: tuple[Difference, ...]


def export_hmis(
    actor: Actor,
    target: IO[bytes],
    tell: Tell = lambda done, total: None,
    *,
    first: date | None = None,
    last: date | None = None,
) -> Exported:
    """Writes the archive into `target`, which need not be seekable: of a period, or all where no day is named.
    Raises Denied or StepUpNeeded, Broken for days that cannot be meant.

    Whoever exports gets the people she may read; how many that leaves out is among the differences.
    """
    clause = require(actor, Act.HMIS_EXPORT).clause
    require_step_up(actor, Act.HMIS_EXPORT, now())
    agency = the_agency()
    period = period_of(first, last, today_in(agency.zone if agency else "UTC"))
    writing = _Writing(actor, tell, period)
    try:
        with recorded(actor, Act.HMIS_EXPORT, clause=clause) as unit:
            writing.gather()
            unit.detail = {"people": writing.people, "rows": sum(spool.rows for spool in writing.spools.values())}
        writing.write(target)
        rows = {name: spool.rows for name, spool in writing.spools.items()}
        return Exported(rows, writing.people, writing.differences.listed())
    finally:
        for spool in writing.spools.values():
            spool.close()


class _Writing:
    """The state of one export."""

    def __init__(self, actor: Actor, tell: Tell, period: Period) -> None:
        self.people = 0
        self.differences = Differences()
        self._actor, self._tell = actor, tell
        self._export_id = new_id().hex()
        self._at = now()
        self._stamp = f"{self._at:%Y-%m-%d %H:%M:%S}"
        self._period = period
        self.spools = {file: Spool(actor.agency, columns_of(file)) for file in today().files}
        self._blank = {file: self._stamped(file) for file in self.spools}
        self._translations: dict[bytes, Translation] = {}
        self._sources: dict[bytes, kept.Source] = {}
        self._households: dict[str, str] = {}
        self._within = Within(period, {}, self.differences)

    def gather(self) -> None:
        files = kept.files(self._actor)
        self._sources = files.sources
        self._within = Within(self._period, files.sources, self.differences)
        files.rows = self._within.of_agency(files.rows)
        into = Into(self._add, self._keep, self.differences)
        places = agency_rows(self._actor, files, into, self._period.last)
        self._export_row(places)
        for rows in kept.rows_of_nobody(self._actor):
            mine = self._within.rows(rows, ())
            if self._belongs([mine], ()):
                self._keep_all(mine)
        readable = scope.scope(self._actor, Act.PLANS_READ)
        ids = list(db.session.scalars(select(Client.id).where(readable).order_by(Client.id)))
        others = len(list(db.session.scalars(select(Client.id)))) - len(ids)
        self.differences.note("Client", "", Why.OUT_OF_REACH, others)
        single, several = merged.apart(ids)
        lived = (merged.whole(self._opened(records, places).values()) for records in several)
        self._households = as_one(pair for whole in lived for pair in whole.households)
        for records in several:
            self._under_several_codes(records, places)
        for start in range(0, len(single), AT_ONCE):
            self._people(single[start : start + AT_ONCE], places)
            self._tell(min(start + AT_ONCE, len(single)), len(single))
        note_read(self._actor, Act.HMIS_EXPORT, ids)

    def _people(self, ids: Sequence[bytes], places: Places) -> None:
        rows = kept.rows_of(self._actor, ids)
        for one in people.opened(self._actor, ids, places, self._period.last):
            parts = {one.client: self._within.rows(rows.get(one.client, {}), one.ended_here)}
            stays = self._of_period(one.stays)
            if self._belongs(parts.values(), stays):
                self._keep_all(parts[one.client])
                self._person(replace(one, stays=stays), parts)
        db.session.expunge_all()

    def _under_several_codes(self, records: Sequence[bytes], places: Places) -> None:
        """One person, whose records were joined: who she is comes from the first of them."""
        rows, opened = kept.rows_of(self._actor, sorted(records)), self._opened(records, places)
        each = [opened[client] for client in records]
        together, first = merged.whole(each), each[0]
        parts = {one.client: self._within.rows(rows.get(one.client, {}), one.ended_here) for one in each}
        stays = self._of_period(merged.within(together.stays, self._came(parts.values())))
        if self._belongs(parts.values(), stays):
            for client, mine in parts.items():
                if client != first.client:
                    self.differences.note("Client", "", Why.MERGED)
                said = {file: by_key for file, by_key in mine.items() if client == first.client or file != "Client"}
                self._keep_all(said, first.person)
            ended = tuple(end for one in each for end in one.ended_here)
            self._person(replace(first, stays=stays, ended_here=ended), parts, self._ended(rows.values()))
        db.session.expunge_all()

    def _came(self, parts: Iterable[kept.Rows]) -> list[merged.Came]:
        """The enrollments that another system sent of one person and did not delete, by what stands in their cells. One
        whose first day cannot be read holds no stay.
        """
        known, read = list(parts), self._within
        exits = {
            read.cell(*row, "EnrollmentID"): read.day(*row, "ExitDate")
            for mine in known
            for _key, row in self._live(mine, "Exit")
        }
        return [
            merged.Came(key, read.cell(*row, "ProjectID"), entry, exits.get(key))
            for mine in known
            for key, row in self._live(mine, "Enrollment")
            if (entry := read.day(*row, "EntryDate"))
        ]

    def _ended(self, rows: Iterable[kept.Rows]) -> frozenset[str]:
        """Enrollments that the other system ended, also after the last day of the period."""
        exits = (row for mine in rows for _key, row in self._live(mine, "Exit"))
        return frozenset(self._within.cell(*row, "EnrollmentID") for row in exits)

    def _live(self, mine: kept.Rows, file: str) -> Iterator[tuple[str, tuple[bytes, list[str]]]]:
        """Rows of a file by their keys, without those that the other system has deleted."""
        for key, row in mine.get(file, {}).items():
            if not self._within.cell(*row, "DateDeleted"):
                yield key, row

    def _opened(self, records: Sequence[bytes], places: Places) -> dict[bytes, people.PersonOut]:
        """Her records, by their ids."""
        return {one.client: one for one in people.opened(self._actor, sorted(records), places, self._period.last)}

    def _of_period(self, stays: Sequence[own.OwnStay]) -> tuple[own.OwnStay, ...]:
        return tuple(stay for stay in stays if self._period.holds(stay.entry, stay.exit))

    def _belongs(self, parts: Iterable[kept.Rows], stays: Sequence[own.OwnStay]) -> bool:
        """Whether somebody goes out: everybody where nobody asked for a period, else who was enrolled in it."""
        known = list(parts)
        if not self._period.bounded or stays or any("Enrollment" in mine for mine in known):
            return True
        self.differences.note("Client", "", Why.OUT_OF_PERIOD, sum("Client" in mine for mine in known))
        return False

    def _person(
        self, one: people.PersonOut, parts: Mapping[bytes, kept.Rows], ended_there: frozenset[str] = frozenset()
    ) -> None:
        """What was written here about her up to the last day of the period, beside what was imported (`parts`). Of
        enrollments that ended there the end is said by its own row alone.
        """
        last = self._period.last
        self.people += 1
        if "Client" not in parts[one.client]:
            self._add("Client", own.client(one.person, one.identity))
        kept_here = {enrolled for mine in parts.values() for enrolled in mine.get("Enrollment", {})}
        gone = {*ended_there, *(ended.enrollment for ended in one.ended_here)}
        for lived in one.stays:
            stay = replace(lived, household=self._households.get(lived.household, lived.household))
            if stay.under:
                self.differences.note("Enrollment", "", Why.MERGED)
            else:
                self._add("Enrollment", own.enrollment(one.person, stay, one.identity))
            if stay.exit is not None and stay.exit <= last and stay.enrolled not in gone:
                gone.add(stay.enrolled)
                self._add("Exit", own.exit_of(one.person, stay.enrolled, stay.exit, stay.leaving))
            for night in own.bed_nights(one.person, stay, last):
                self._add("Services", night)
            for file, row in own.of_answers(one.person, stay, one.identity.birth, last):
                self._add(file, row)
        for ended in one.ended_here:
            if not self._period.bounded or ended.enrollment in kept_here:
                self._add("Exit", own.exit_of(one.person, ended.enrollment, ended.left, ended.leaving))
                self.differences.note("Exit", "", Why.ENDED_HERE)

    # -- rows ----------------------------------------------------------------------------

    def _keep_all(self, rows: kept.Rows, person: str = "") -> None:
        """`person` is the PersonalID they go out under, where it is another than they came with."""
        for file, by_key in rows.items():
            for source, cells in by_key.values():
                self._keep(file, source, self._said_of(person, source, cells) if person else cells)

    def _said_of(self, person: str, source: bytes, cells: list[str]) -> list[str]:
        columns = self._sources[source].columns
        at = columns.index("PersonalID") if "PersonalID" in columns else len(cells)
        return [*cells[:at], person, *cells[at + 1 :]] if at < len(cells) else cells

    def _keep(self, file: str, source: bytes, cells: list[str]) -> list[str] | None:
        """A row as it was imported; what FY2026 has no file for is counted."""
        if file not in self.spools:
            self.differences.note(file, "", Why.DROPPED)
            return None
        row = self._translation(source).row(cells)
        self.spools[file].add(row)
        return row

    def _translation(self, source: bytes) -> Translation:
        if source not in self._translations:
            of = self._sources[source]
            made = Translation(of.file, of.year, of.columns, self._export_id, self.differences)
            self._translations[source] = made
        return self._translations[source]

    def _add(self, file: str, values: own.Row) -> None:
        """A row of our own, with what every file has."""
        places, blank = self._blank[file]
        row = blank.copy()
        for column, cell in values.items():
            row[places[column]] = cell
        self.spools[file].add(row)

    def _stamped(self, file: str) -> tuple[dict[str, int], list[str]]:
        """Where each column of a file stands, and a row that says only when and in which export it was written."""
        stamped = {"DateCreated": self._stamp, "DateUpdated": self._stamp, "UserID": "export", SERIAL: self._export_id}
        columns = columns_of(file)
        return {name: at for at, name in enumerate(columns)}, [stamped.get(name, "") for name in columns]

    def _export_row(self, places: Places) -> None:
        self._add(
            "Export",
            {
                "SourceType": "4",
                "SourceName": places.agency,
                "ExportDate": self._stamp,
                "ExportStartDate": self._period.first.isoformat(),
                "ExportEndDate": self._period.last.isoformat(),
                "SoftwareName": "Shelter",
                "CSVVersion": VERSION,
                "ExportPeriodType": "3",
                "ExportDirective": "2",
                "HashStatus": "1",
                "ImplementationID": self._actor.agency.hex(),
            },
        )

    # -- the archive -----------------------------------------------------------------------

    def write(self, target: IO[bytes]) -> None:
        """A flat ZIP of all files, also of those without rows."""
        moment = self._at.timetuple()[:6]
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name, spool in self.spools.items():
                entry = zipfile.ZipInfo(f"{name}.csv", moment)
                entry.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(entry, "w") as file:
                    for block in spool.blocks():
                        file.write(block)
