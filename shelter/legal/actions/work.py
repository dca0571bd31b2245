"""One matter open for writing, its row locked and its trail row promised; what every legal action stands on."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from msgspec.structs import replace

from shelter.accounts.notices import NoticeKind, notify
from shelter.clients import directory, scope
from shelter.clients.directory import Lane
from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, open_section, save
from shelter.lawbook import queries as lawbook
from shelter.legal import facts, reckoning, team
from shelter.legal.actions.phones import Phones
from shelter.legal.actions.shown import Board
from shelter.legal.commands import AddDate
from shelter.legal.models import (
    DATES,
    EARLIER_TEXT,
    PAPERS,
    TEXT,
    Dates,
    Due,
    End,
    Matter,
    MatterEarlier,
    MatterText,
    Move,
    Papers,
)
from shelter.legal.reckoning import Stamp, receipts_of, require_past
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.deadlines import Facts, RuleBook
from shelter.rules.matters import MatterType, Stage
from shelter.trail.record import Unit, recorded


@dataclass(slots=True)
class Work:
    """One matter open for writing: its row is locked, its sections are read when they are asked for."""

    actor: Actor
    client: Client
    matter: Matter
    unit: Unit
    stamp: Stamp = field(init=False)
    text: MatterText = field(init=False)
    kind: MatterType = field(init=False)

    def __post_init__(self) -> None:
        self.stamp = Stamp(self.actor.id, now(), agency_today())
        text = open_section(self.actor, self.matter, TEXT)
        if text is None:
            raise Missing
        self.text, self.kind = text, lawbook.matter_type(text.type)

    @classmethod
    @contextmanager
    def on(cls, actor: Actor, client: Client, matter: Matter, unit: Unit) -> Iterator[Self]:
        """A matter whose row the caller has locked, in her transaction; who may is hers to have asked.

        What hangs on its dates follows them.
        """
        work, before = cls(actor, client, matter, unit), matter.dates_version
        yield work
        if matter.dates_version != before:
            Board(actor, client).follow(matter.id, work.dates().dates)
            Phones(client).tell(work.dates().dates)

    def count_date(self, command: AddDate) -> Due:
        """The date that a rule counts. Raises `Broken` as the rule does."""
        if command.rule not in self.kind.rules:
            raise Broken("deadline.rule_unknown", field="rule")
        facts = Facts(
            printed=command.printed_date, mailed=command.mailed, paused_days=command.paused, today=self.stamp.on
        )
        due = reckoning.of_rule(command.rule, command.trigger_date, facts, self.stamp, self.book)
        if command.issued is not None:
            require_past(command.issued, self.stamp, "issued")
            if command.issued > command.trigger_date:
                raise Broken("legal.ends_before_issued", field="trigger_date")
            due = replace(due, issued=command.issued)
        return due

    def add_date(self, due: Due) -> None:
        """One date more, and where it is jurisdictional somebody else is asked to look."""
        self.keep_dates([*self.dates().dates, due])
        self.ask_for_look(due)

    def drop_dates(self, gone: Collection[bytes]) -> None:
        """Dates that nobody has worked with: they came by mistake, with a sheet that is taken back."""
        found = self.dates().dates
        self.keep_dates([one for one in found if one.id not in gone])
        end = End(how="superseded", by=self.stamp.by, at=self.stamp.at, on=self.stamp.on)
        Phones(self.client).tell([replace(one, end=end) for one in found if one.id in gone])

    @property
    def book(self) -> RuleBook:
        return lawbook.book()

    def papers(self) -> Papers:
        return open_section(self.actor, self.matter, PAPERS) or Papers()

    def dates(self) -> Dates:
        return open_section(self.actor, self.matter, DATES) or Dates(type=self.text.type)

    def find_date(self, date_id: bytes) -> Due:
        """Raises `Missing` for a date this matter never had."""
        due = next((one for one in self.dates().dates if one.id == date_id), None)
        if due is None:
            raise Missing
        return due

    def open_date(self, date_id: bytes) -> Due:
        """The same; raises `Conflict` for one that somebody ended meanwhile."""
        due = self.find_date(date_id)
        if due.end is not None:
            raise Conflict("matter", "dates")
        return due

    def with_date(self, changed: Due) -> list[Due]:
        """Every date of the matter, this one as changed."""
        return [changed if one.id == changed.id else one for one in self.dates().dates]

    def keep_text(self, after: MatterText, version: int) -> None:
        """Raises `Conflict` where somebody saved first; what stood before stays as an earlier version."""
        if self.matter.text_version != version:
            raise Conflict("matter", "text")
        earlier = MatterEarlier(matter_id=self.matter.id, client_id=self.client.id, was_version=version)
        fill(self.actor, earlier, EARLIER_TEXT, self.text)
        db.session.add(earlier)
        after = replace(after, changed_by=self.stamp.by, changed_at=self.stamp.at)
        save(self.actor, self.matter, TEXT, after, made_from=version)
        facts.changed(self.actor, self.client, self.matter, after)

    def come_to(self, stage: Stage, on: date, why: str = "", *, confirmed: bool = False) -> None:
        """The next stage, already found to follow."""
        stamp = self.stamp
        move = Move(stage=stage.code, on=on, by=stamp.by, at=stamp.at, why=why, confirmed=confirmed)
        after = replace(self.text, stage=stage.code, moves=[*self.text.moves, move])
        self.keep_text(after, self.matter.text_version)
        self.text = after

    def keep_papers(self, before: set[str], after: Papers) -> None:
        """Saves what was sent and what came; `before` are the receipt numbers that could be found until now."""
        save(self.actor, self.matter, PAPERS, after, made_from=self.matter.papers_version)
        directory.keep_numbers(
            self.actor, Lane.RECEIPTS, self.client.id, before, receipts_of(after.filings, after.notices)
        )

    def keep_dates(self, after: list[Due]) -> None:
        save(
            self.actor, self.matter, DATES, Dates(type=self.text.type, dates=after), made_from=self.matter.dates_version
        )

    def ask_for_look(self, due: Due | None) -> None:
        """Tells the other legal staff that a date waits for a second pair of eyes: the supervisors, else any."""
        if due is None or not reckoning.waits_for_look(due):
            return
        others = self.others()
        for reader in sorted(team.supervisors_among(others) or others):
            notify(self.actor, reader, NoticeKind.APPROVAL, self.client.id, code=self.client.code)

    def others(self) -> frozenset[bytes]:
        return team.eyes_on([self.client.id])[self.client.id] - {self.actor.id}


@contextmanager
def working(actor: Actor, code: str, matter_id: bytes) -> Iterator[Work]:
    """Every change of a matter passes here."""
    with recorded(actor, Act.MATTERS_WRITE) as unit:
        client = scope.visible(actor, code, Act.CLIENTS_READ, Act.MATTERS_READ)
        unit.clause = scope.allowed(actor, Act.MATTERS_WRITE, client).clause
        unit.about(client.id)
        matter = db.session.get(Matter, matter_id, populate_existing=True, with_for_update=True)
        if matter is None or matter.client_id != client.id:
            raise Missing
        with Work.on(actor, client, matter, unit) as work:
            yield work
