"""The matter itself: opened for an advocate, its scope and parties, the stage it has come to."""

from dataclasses import asdict, dataclass

from msgspec.structs import replace

from shelter.accounts.notices import NoticeKind, notify
from shelter.clients import scope
from shelter.clients.models import Assignment, Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Conflict
from shelter.db.sections import fill
from shelter.lawbook import queries as lawbook
from shelter.legal import facts, team
from shelter.legal.actions.phones import Phones
from shelter.legal.actions.work import working
from shelter.legal.commands import ChangeMatter, MoveStage, OpenMatter
from shelter.legal.models import DATES, PAPERS, TEXT, Agreement, Compared, Dates, Matter, MatterText, Move, Papers
from shelter.legal.queries.parties import near_parties
from shelter.legal.reckoning import Stamp, require_past
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.roles import Role
from shelter.rules import identifiers
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.matters import MatterType
from shelter.trail.record import recorded


def open_matter(actor: Actor, command: OpenMatter) -> bytes:
    """A new matter and, where a supervisor opens it, the advocate who will work on it; its id. Raises `Broken`."""
    with recorded(actor, Act.MATTERS_OPEN) as unit:
        client = scope.visible(actor, command.code, Act.CLIENTS_READ, Act.MATTERS_READ)
        unit.clause = scope.allowed(actor, Act.MATTERS_OPEN, client).clause
        unit.about(client.id)
        return Opening(actor, client, command).put().id


@dataclass(frozen=True, slots=True)
class Opening:
    """A matter about to be opened in the caller's transaction; who may is hers to have asked."""

    actor: Actor
    client: Client
    command: OpenMatter

    def text(self) -> MatterText:
        """What it begins with. Raises `Broken` for what the form refuses, somebody near to a party among it."""
        actor, client, command = self.actor, self.client, self.command
        stamp = Stamp(actor.id, now(), agency_today())
        require_past(command.opened_on, stamp, "opened_on")
        lead = _lead(actor, client, command.lead)
        compared = _compared(actor, client, command.adverse, command.cleared, stamp)
        return _first_text(command, lawbook.matter_type(command.type), lead, stamp, compared)

    def put(self) -> Matter:
        actor, client, text = self.actor, self.client, self.text()
        matter = Matter(client_id=client.id)
        fill(actor, matter, TEXT, text)
        fill(actor, matter, PAPERS, Papers())
        fill(actor, matter, DATES, Dates(type=text.type))
        db.session.add(matter)
        facts.changed(actor, client, matter, text)
        assign(actor, client, text.lead)
        return matter


def _lead(actor: Actor, client: Client, chosen: bytes | None) -> bytes:
    """A supervisor names somebody; an advocate opens her own, or one for the colleague she covers."""
    if actor.has(Role.LEGAL_SUPERVISOR):
        lead = chosen or actor.id
        if lead not in {one.id for one in team.possible_leads(actor, client.id)}:
            raise Broken("legal.choose_advocate", field="lead")
        return lead
    advocates = scope.facts_of(client).advocates
    return actor.id if actor.id in advocates else min(advocates & actor.covers)


def _first_text(command: OpenMatter, kind: MatterType, lead: bytes, stamp: Stamp, compared: Compared) -> MatterText:
    stage = kind.first_stages()[0].code
    return MatterText(
        type=kind.code,
        stage=stage,
        opened_on=command.opened_on,
        lead=lead,
        protected=kind.protected,
        scope=command.scope,
        adverse=list(command.adverse),
        a_number=_a_number(command.a_number),
        compared=[compared],
        moves=[Move(stage=stage, on=command.opened_on, by=stamp.by, at=stamp.at)],
        changed_by=stamp.by,
        changed_at=stamp.at,
    )


def _compared(actor: Actor, client: Client, adverse: tuple[str, ...], cleared: str, stamp: Stamp) -> Compared:
    """The parties against everybody this agency serves. Raises `Broken` where somebody near stands uncleared.

    Who may not know whose name it is cannot clear it either: that is the legal supervisor's.
    """
    near = near_parties(actor, client, adverse)
    if near and any(not one.code for one in near):
        raise Broken("legal.conflict_for_supervisor", field="adverse")
    if near and not cleared:
        raise Broken("legal.conflict_near", field="cleared")
    return Compared(at=stamp.at, by=stamp.by, near=len(near), cleared=cleared if near else "")


def _a_number(typed: str) -> str:
    return identifiers.a_number(typed) if typed else ""


def assign(actor: Actor, client: Client, lead: bytes) -> None:
    """She works for her from now on, with her dates on her phone, and is told."""
    if db.session.get(Assignment, (client.id, lead, "legal")) is None:
        db.session.add(Assignment(client_id=client.id, staff_id=lead, kind="legal"))
        Phones(client).begin(actor, lead)
        if lead != actor.id:
            notify(actor, lead, NoticeKind.ASSIGNED, client.id, code=client.code)


def change_matter(actor: Actor, command: ChangeMatter) -> None:
    """Scope, adverse parties, A-number. Raises `Conflict` where somebody saved first."""
    with working(actor, command.code, command.matter) as work:
        compared, agreed, stamp = work.text.compared, command.agreed, work.stamp
        if set(command.adverse) - set(work.text.adverse):
            compared = [*compared, _compared(actor, work.client, command.adverse, command.cleared, stamp)]
        require_past(agreed.retainer_on, stamp, "retainer_on")
        require_past(agreed.closing_on, stamp, "closing_on")
        if agreed.closing_on and agreed.retainer_on and agreed.closing_on < agreed.retainer_on:
            raise Broken("legal.closed_before_retained", field="closing_on")
        after = replace(
            work.text,
            scope=command.scope,
            adverse=list(command.adverse),
            a_number=_a_number(command.a_number),
            compared=compared,
            agreement=Agreement(**asdict(agreed)),
        )
        work.keep_text(after, command.version)


def move_stage(actor: Actor, command: MoveStage) -> None:
    """Raises `Broken` for a stage that does not follow, or a day before the last move or after today.

    Raises `Conflict` where somebody else moved it first.
    """
    with working(actor, command.code, command.matter) as work:
        if len(work.text.moves) != command.version:
            raise Conflict("matter", "text")
        stage = work.kind.require_follows(work.text.stage, command.stage)
        require_past(command.on, work.stamp, "on")
        if command.on < work.text.moves[-1].on:
            raise Broken("legal.before_last_stage", field="on")
        if stage.confirm and not (command.confirmed or command.why):
            raise Broken("legal.stage_unconfirmed", field="confirmed")
        work.come_to(stage, command.on, command.why, confirmed=command.confirmed)
