"""Money for one person: asked for, agreed to by somebody else where the fund says so, paid with a receipt."""

from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from msgspec.structs import replace

from shelter.accounts.notices import NoticeKind, notify
from shelter.accounts.queries import staff_at
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, open_section, save
from shelter.files.actions import put as put_file
from shelter.files.arriving import perhaps_arriving
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.services import facts
from shelter.services.actions.given import put
from shelter.services.models import MONEY, Assistance, MoneyText, ServiceText
from shelter.services.queries.money import purse_of
from shelter.settings.servicelist import service_list
from shelter.trail.record import Unit, recorded

SERVICE = "emergency_money"
"""What a payment counts as; the entry is made with it, so that nobody enters it twice."""


@dataclass(frozen=True, slots=True)
class AskMoney:
    code: str
    fund: str
    what: str
    cents: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class DecideMoney:
    code: str
    payment: bytes
    version: int
    agreed: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class PayMoney:
    """`scan` is the photograph of the receipt, None where there is none."""

    code: str
    payment: bytes
    version: int
    on: date
    receipt: str
    scan: bytes | BinaryIO | None = field(default=None, repr=False)


def ask_money(actor: Actor, command: AskMoney) -> bytes:
    """The id of the payment: agreed at once where it is small and within the limit, else a supervisor is asked."""
    fund = service_list().funds.get(command.fund)
    if fund is None or fund.retired:
        raise Broken("services.unknown-fund", field="fund")
    if command.what not in fund.needs:
        raise Broken("services.not-from-this-fund", field="what")
    with recorded(actor, Act.MONEY_ASK) as unit:
        client = _client(actor, unit, command.code, Act.MONEY_ASK)
        purse = purse_of(actor, client, fund)
        over = command.cents > purse.left
        asked = over or command.cents > purse.approval_over
        text = MoneyText(
            what=command.what,
            cents=command.cents,
            fund=command.fund,
            on=agency_today(),
            by=actor.id,
            at=now(),
            words=command.words,
            state="asked" if asked else "agreed",
            over=over,
        )
        row = Assistance(client_id=client.id, waiting=asked)
        fill(actor, row, MONEY, text)
        db.session.add(row)
        if asked:
            _ask_supervisors(actor, client)
    return row.id


def decide_money(actor: Actor, command: DecideMoney) -> None:
    """Yes or no by somebody who did not ask; beyond the fund's limit, or for a no, with a reason."""
    with recorded(actor, Act.MONEY_APPROVE) as unit:
        client = _client(actor, unit, command.code, Act.MONEY_APPROVE)
        row, text = _one(actor, client, command.payment, command.version)
        if text.state != "asked":
            raise Broken("services.decided-already")
        if text.by == actor.id:
            raise Broken("services.not-your-own")
        if not command.why and (text.over or not command.agreed):
            raise Broken("services.say-why", field="why")
        state = "agreed" if command.agreed else "refused"
        text = replace(text, state=state, decided_by=actor.id, decided_at=now(), decided_why=command.why)
        save(actor, row, MONEY, text, made_from=command.version)
        row.waiting = False
        notify(actor, text.by, NoticeKind.APPROVAL, client.id, code=client.code)


def pay_money(actor: Actor, command: PayMoney) -> None:
    """Paid, with a receipt; the service it counts as is entered in the same transaction."""
    if command.on > agency_today():
        raise Broken("services.future", field="on")
    with perhaps_arriving("receipt", command.scan) as scan, recorded(actor, Act.MONEY_ASK) as unit:
        client = _client(actor, unit, command.code, Act.MONEY_ASK)
        row, text = _one(actor, client, command.payment, command.version)
        if text.state != "agreed":
            raise Broken("services.not-agreed")
        if scan:
            put_file(actor, client, scan)
        kept = scan.id if scan else b""
        text = replace(text, state="paid", paid_on=command.on, paid_by=actor.id, receipt=command.receipt, scan=kept)
        save(actor, row, MONEY, text, made_from=command.version)
        facts.paid(actor, client, row, text)
        entry = ServiceText(what=SERVICE, on=command.on, by=actor.id, at=now(), fund=text.fund)
        db.session.refresh(client, with_for_update=True)
        facts.given(actor, [(client, put(actor, client, Kind.ADVOCACY, entry), Kind.ADVOCACY, entry)])


def _client(actor: Actor, unit: Unit, code: str, act: Act) -> Client:
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.MONEY_ASK)
    unit.clause = scope.allowed(actor, act, client).clause
    unit.about(client.id)
    return client


def _one(actor: Actor, client: Client, payment: bytes, version: int) -> tuple[Assistance, MoneyText]:
    row = db.session.get(Assistance, payment, populate_existing=True)
    text = open_section(actor, row, MONEY) if row and row.client_id == client.id else None
    if row is None or text is None:
        raise Missing
    if row.money_version != version:
        raise Conflict("assistance", "money")
    return row, text


def _ask_supervisors(actor: Actor, client: Client) -> None:
    sites = frozenset({client.site_id}) if client.site_id else actor.sites
    denied = scope.facts_of(client).denied
    for reader in sorted(set(staff_at(sites, frozenset({Role.SUPERVISOR}))) - denied - {actor.id}):
        notify(actor, reader, NoticeKind.APPROVAL, client.id, code=client.code)
