"""Who belongs around a client: her household, the colleagues who work with her, those who may not."""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import delete, select

from shelter.accounts.emptying import take_about
from shelter.accounts.notices import NoticeKind, notify
from shelter.accounts.queries import staff_at
from shelter.clients import parts, scope
from shelter.clients.actions.record import new_client
from shelter.clients.models import IDENTITY, Assignment, Birth, Client, Denial, Household, HouseholdMember, Identity
from shelter.clients.queries import named
from shelter.clients.queries.colleagues import CASE_ROLES, readers_of
from shelter.db import db, new_id
from shelter.db.errors import Missing
from shelter.db.sections import open_section
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.trail.record import recorded

# -- household -----------------------------------------------------------------------


def add_member(actor: Actor, command: parts.AddMember) -> str:
    """Somebody who came with her, as a client of her own whom the same colleagues work with; returns the code."""
    with recorded(actor, Act.CLIENTS_CREATE) as unit:
        head = scope.for_change(actor, unit, command.code, Act.CLIENTS_UPDATE)
        require(actor, Act.CLIENTS_CREATE)
        identity = Identity(
            birth=Birth(**asdict(command.birth)),
            relationship_to_head=command.relationship,
            minor_consent=command.minor_consent,
            minor_consent_note=command.minor_consent_note,
            skipped=dict(command.skipped),
        )
        member = new_client(actor, head.site_id, command.answers, identity)
        unit.about(member.id)
        working = db.session.scalars(
            select(Assignment.staff_id).where(Assignment.client_id == head.id, Assignment.kind == "case")
        )
        for staff in {*working, actor.id}:
            db.session.add(Assignment(client_id=member.id, staff_id=staff, kind="case"))
        denied = db.session.scalars(select(Denial.staff_id).where(Denial.client_id == head.id))
        db.session.add_all(Denial(client_id=member.id, staff_id=staff) for staff in denied)
        _join(_household_of(head), member.id)
    return member.code


def join_household(actor: Actor, code: str, other_code: str) -> None:
    """Somebody who has a record already belongs to this household. `Broken` where she is in one."""
    with recorded(actor, Act.CLIENTS_UPDATE) as unit:
        head = scope.for_change(actor, unit, code, Act.CLIENTS_UPDATE)
        try:
            other = scope.for_change(actor, unit, other_code, Act.CLIENTS_UPDATE)
        except Missing:
            raise Broken("clients.no_such_code", "other_code") from None
        if db.session.scalar(select(HouseholdMember.client_id).where(HouseholdMember.client_id == other.id)):
            raise Broken("clients.in_a_household", "other_code")
        _join(_household_of(head), other.id)
        db.session.flush()
        named.told(actor, other, Identity(), open_section(actor, other, IDENTITY) or Identity())


def leave_household(actor: Actor, code: str, member_code: str) -> None:
    with recorded(actor, Act.CLIENTS_UPDATE) as unit:
        head = scope.for_change(actor, unit, code, Act.CLIENTS_UPDATE)
        member = scope.for_change(actor, unit, member_code, Act.CLIENTS_UPDATE)
        household = _household_of(head)
        db.session.execute(
            delete(HouseholdMember).where(
                HouseholdMember.household_id == household, HouseholdMember.client_id == member.id
            )
        )


def _household_of(client: Client) -> bytes:
    """Her household, made now with her at its head if she has none."""
    found = db.session.scalar(select(HouseholdMember.household_id).where(HouseholdMember.client_id == client.id))
    if found is not None:
        return found
    household = Household(id=new_id())
    db.session.add(household)
    db.session.flush()
    db.session.add(HouseholdMember(household_id=household.id, client_id=client.id, head=True))
    return household.id


def _join(household: bytes, client_id: bytes) -> None:
    db.session.add(HouseholdMember(household_id=household, client_id=client_id, head=False))


# -- who works with her ----------------------------------------------------------------


def assign(actor: Actor, code: str, staff_id: bytes) -> None:
    """A caseworker of her site works with her from now on, and is told. `Broken` for anybody else."""
    with recorded(actor, Act.CLIENTS_ASSIGN) as unit:
        client = scope.for_change(actor, unit, code, Act.CLIENTS_ASSIGN)
        sites = frozenset({client.site_id}) if client.site_id else actor.sites
        if staff_id not in staff_at(sites, CASE_ROLES):
            raise Broken("clients.not_at_this_site", "staff")
        if db.session.get(Denial, (client.id, staff_id)) is not None:
            raise Broken("clients.conflict_of_interest", "staff")
        if db.session.get(Assignment, (client.id, staff_id, "case")) is None:
            db.session.add(Assignment(client_id=client.id, staff_id=staff_id, kind="case"))
            if staff_id != actor.id:
                notify(actor, staff_id, NoticeKind.ASSIGNED, client.id, code=client.code)


def unassign(actor: Actor, code: str, staff_id: bytes) -> None:
    with recorded(actor, Act.CLIENTS_ASSIGN) as unit:
        client = scope.for_change(actor, unit, code, Act.CLIENTS_ASSIGN)
        _delete_assignments(client.id, [staff_id], "case")


def deny(actor: Actor, code: str, staff_id: bytes) -> None:
    """A conflict of interest: this colleague may not open this client, whatever else would allow it."""
    with recorded(actor, Act.CLIENTS_ASSIGN) as unit:
        client = scope.for_change(actor, unit, code, Act.CLIENTS_ASSIGN)
        if db.session.get(Denial, (client.id, staff_id)) is None:
            db.session.add(Denial(client_id=client.id, staff_id=staff_id))
            take_about(actor, client.id, [staff_id], scope.facts_of(client).advocates)
        _delete_assignments(client.id, [staff_id], "case")


def allow_again(actor: Actor, code: str, staff_id: bytes) -> None:
    with recorded(actor, Act.CLIENTS_ASSIGN) as unit:
        client = scope.for_change(actor, unit, code, Act.CLIENTS_ASSIGN)
        db.session.execute(delete(Denial).where(Denial.client_id == client.id, Denial.staff_id == staff_id))


def _delete_assignments(client_id: bytes, staff: Iterable[bytes], kind: str) -> None:
    db.session.execute(
        delete(Assignment).where(
            Assignment.client_id == client_id, Assignment.staff_id.in_(list(staff)), Assignment.kind == kind
        )
    )


def send_message(actor: Actor, code: str, reader_id: bytes, text: str) -> None:
    """A short sealed message about her to a colleague who may open her record too; `Missing` for another."""
    with recorded(actor, Act.MESSAGES_SEND) as unit:
        client = scope.visible(actor, code, Act.CLIENTS_READ, Act.RESIDENTS_SEE)
        unit.clause = scope.allowed(actor, Act.MESSAGES_SEND, client).clause
        unit.about(client.id)
        if reader_id not in readers_of(actor, client):
            raise Missing
        notify(actor, reader_id, NoticeKind.MESSAGE, client.id, code=client.code, text=text)
