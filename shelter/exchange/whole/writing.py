"""The whole export: one moment of the database, table by table, into a ZIP that is sealed as it is written.

Memory does not grow with the rows. The trail names everybody it is about before the first byte leaves.
"""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any, cast

import msgspec
from sqlalchemy import Table, select

from shelter.clients.models import Client
from shelter.crypto.outgoing import Outgoing
from shelter.db import db
from shelter.db.dropbox import open_dropped
from shelter.db.sections import Section
from shelter.db.transaction import abandon
from shelter.exchange.whole import contents
from shelter.exchange.whole.pool import NO_KEY, OPENED, REFUSED, Pool
from shelter.files import sealing
from shelter.files.models import FileRow
from shelter.files.store import Away
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require, require_step_up
from shelter.policy.kinds import Kind
from shelter.referrals.models import Dropped, DroppedReferral
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.details import details_of
from shelter.trail.models import TrailDetail
from shelter.trail.proof import head
from shelter.trail.record import recorded

FORMAT = 1
AT_ONCE = 200
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Done:
    """What was written: rows by table, and of each section, and of the files, how many opened and how many did not."""

    rows: dict[str, int]
    sections: dict[str, dict[str, int]]
    files: dict[str, int]

    @property
    def closed(self) -> dict[str, int]:
        """What nobody present could open, by section."""
        shut = {name: states.get(NO_KEY, 0) + states.get(REFUSED, 0) for name, states in self.sections.items()}
        return {name: count for name, count in shut.items() if count}


def export_agency(
    actor: Actor, others: Sequence[Actor], target: IO[bytes], recipient: bytes, tell: Tell = lambda done, total: None
) -> Done:
    """Writes everything that the keys of those present open into `target`, sealed to `recipient`.

    Raises Denied or StepUpNeeded for anybody but a steward, Broken without a second person.
    """
    clause = require(actor, Act.AGENCY_EXPORT).clause
    require_step_up(actor, Act.AGENCY_EXPORT, now())
    if not {one.id for one in others} - {actor.id}:
        raise Broken("exchange.two-people")
    with recorded(actor, Act.AGENCY_EXPORT, clause=clause) as unit:
        unit.about(*db.session.scalars(select(Client.id)))
        unit.detail = {"with": [one.id.hex() for one in others], "to": recipient.hex()}
    sealed = Outgoing(target, recipient)
    with _one_moment(), zipfile.ZipFile(cast(IO[bytes], sealed), "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        done = _Writing(Pool((actor, *others)), archive, tell).everything()
    sealed.finish()
    return done


@contextmanager
def _one_moment() -> Iterator[None]:
    """Everything is read as one moment saw it, and nobody who writes waits."""
    abandon()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield
    finally:
        abandon()


@dataclass
class _Writing:
    """The state of one export."""

    pool: Pool
    archive: zipfile.ZipFile
    tell: Tell
    at: Any = field(default_factory=now)
    rows: dict[str, int] = field(default_factory=dict)
    sections: dict[str, dict[str, int]] = field(default_factory=dict)
    files: Counter[str] = field(default_factory=Counter)
    files_shut: list[dict[str, str]] = field(default_factory=list)

    def everything(self) -> Done:
        tables, models = contents.taken_along(), list(contents.sealed_models())
        stores = FileRow.__subclasses__()
        work: list[Callable[[], None]] = [
            *(partial(self._table, one) for one in tables),
            *(partial(self._section, *pair) for pair in models),
            self._dropped,
            self._details,
            *(partial(self._files, one) for one in stores),
        ]
        for done, step in enumerate(work, 1):
            step()
            self.tell(done, len(work))
        self._explain(tables, [section for _, section in models])
        return Done(self.rows, self.sections, dict(self.files))

    # -- rows -------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        names, count = contents.plain_columns(table), 0
        query = select(*(table.c[name] for name in names)).order_by(*table.primary_key.columns)
        with self._entry(f"tables/{table.name}.csv") as file:
            text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
            writer = csv.writer(text, lineterminator="\r\n")
            writer.writerow(names)
            for row in db.session.execute(query.execution_options(yield_per=AT_ONCE)):
                writer.writerow([contents.cell(value) for value in row])
                count += 1
            text.detach()
        self.rows[table.name] = count

    def _section(self, model: Any, section: Section[Any]) -> None:
        counted: Counter[str] = Counter()
        name = f"{section.table}.{section.name}"
        with self._entry(f"sections/{name}.jsonl") as file:
            for rows in _portions(model):
                for one in self.pool.open(rows, section):
                    counted[one.state] += 1
                    if one.state == OPENED:
                        _line(file, id=one.row_id.hex(), version=one.version, value=contents.readable(one.value))
                    elif one.state in (NO_KEY, REFUSED):
                        _line(file, id=one.row_id.hex(), version=one.version, not_opened=one.state)
        self.sections[name] = dict(counted)

    def _dropped(self) -> None:
        """What partners left and nobody has taken in yet."""
        counted: Counter[str] = Counter()
        holder = self.pool.holder(Kind.INTAKE)
        with self._entry("sections/dropped_referral.dropped.jsonl") as file:
            for rows in _portions(DroppedReferral):
                for row in rows:
                    value = open_dropped(holder, row.lying(), Dropped) if holder else None
                    counted[OPENED if value else REFUSED if holder else NO_KEY] += 1
                    words = {"value": contents.readable(value)} if value else {"not_opened": "closed"}
                    _line(file, id=row.id.hex(), version=1, **words)
        self.sections["dropped_referral.dropped"] = dict(counted)

    def _details(self) -> None:
        """What each act was about, as the auditor reads it."""
        counted: Counter[str] = Counter()
        holder, after = self.pool.holder(Kind.AUDIT), 0
        query = select(TrailDetail.seq).order_by(TrailDetail.seq).limit(AT_ONCE)
        with self._entry("sections/trail.detail.jsonl") as file:
            while seqs := list(db.session.scalars(query.where(TrailDetail.seq > after))):
                found = details_of(holder, seqs) if holder else {}
                for seq in seqs:
                    detail = found.get(seq)
                    counted[OPENED if detail else REFUSED if holder else NO_KEY] += 1
                    if detail:
                        _line(file, seq=seq, signed=detail.signed, value=detail.values)
                after = seqs[-1]
                db.session.expunge_all()
        self.sections["trail.detail"] = dict(counted)

    # -- files ------------------------------------------------------------------

    def _files(self, model: Any) -> None:
        kind = model.sections["about"].kind
        for rows in _portions(model):
            for row in rows:
                holder = self.pool.holder(kind, row.client_id)
                self._file(row, holder)

    def _file(self, row: FileRow, holder: Actor | None) -> None:
        why = "" if holder else NO_KEY
        if holder:
            try:
                parts = sealing.chunks(holder, row)
                with self._entry(f"files/{row.id.hex()}") as file:
                    for part in parts:
                        file.write(part)
            except (sealing.Spoiled, Away):
                why = "spoiled or gone"
        self.files["not opened" if why else OPENED] += 1
        if why:
            self.files_shut.append({"id": row.id.hex(), "why": why})

    # -- what explains it -------------------------------------------------------

    def _explain(self, tables: Sequence[Table], sections: Sequence[Section[Any]]) -> None:
        columns = {
            str(one.name): {name: contents.kind_of_column(one, name) for name in contents.plain_columns(one)}
            for one in tables
        }
        schemas = {
            f"{one.table}.{one.name}": {"compartment": str(one.kind), "schema": contents.schema_of(one)}
            for one in sections
        }
        newest = head()
        manifest = {
            "format": FORMAT,
            "made": self.at.isoformat(),
            "trail_head": str(newest) if newest else "",
            "rows": self.rows,
            "sections": self.sections,
            "files": dict(self.files),
            "files_not_opened": self.files_shut,
            "left_out": contents.LEFT_OUT,
        }
        for name, value in (("columns", columns), ("schemas", schemas), ("manifest", manifest)):
            with self._entry(f"{name}.json") as file:
                file.write(msgspec.json.format(msgspec.json.encode(value), indent=1))

    @contextmanager
    def _entry(self, name: str) -> Iterator[IO[bytes]]:
        entry = zipfile.ZipInfo(name, self.at.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        with self.archive.open(entry, "w", force_zip64=True) as file:
            yield file


def _portions(model: Any) -> Iterator[list[Any]]:
    """Every row, a few at a time, in the order of their ids."""
    after = b""
    while rows := list(db.session.scalars(select(model).where(model.id > after).order_by(model.id).limit(AT_ONCE))):
        yield rows
        after = rows[-1].id
        db.session.expunge_all()


def _line(file: IO[bytes], **values: Any) -> None:
    file.write(msgspec.json.encode(values) + b"\n")
