"""Money for one person: what was asked, what each fund still has for her, and what waits for a supervisor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import PersonCard, agency_today, card
from shelter.clients.queries.card import identities
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import row_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.services import Fund
from shelter.services.models import MONEY, Assistance, MoneyText
from shelter.settings.queries import limit
from shelter.settings.servicelist import service_list
from shelter.trail.record import note_read

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class MoneyView:
    """One payment as shown; `names` are those who asked, decided and paid."""

    id: bytes
    version: int
    text: MoneyText
    names: dict[bytes, str]
    code: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True)
class Purse:
    """What one fund still has for one person, in cents: `left` of this year, and over what somebody is asked."""

    fund: Fund
    a_year: int
    left: int
    approval_over: int


def money_of(actor: Actor, code: str) -> tuple[PersonCard, list[MoneyView], list[Purse]]:
    """Her payments, newest first, and her purses."""
    client = _readable(actor, code)
    views = _views(actor, _rows(client))
    purses = [_purse(fund, [view.text for view in views]) for fund in service_list().funds.values() if not fund.retired]
    return card(actor, client), views, purses


def one_payment(actor: Actor, code: str, payment: bytes) -> tuple[PersonCard, MoneyView]:
    client = _readable(actor, code)
    row = db.session.get(Assistance, payment)
    if row is None or row.client_id != client.id:
        raise Missing
    views = _views(actor, [row])
    if not views:
        raise Missing
    return card(actor, client), views[0]


def purse_of(actor: Actor, client: Client, fund: Fund) -> Purse:
    """The same for an action that has found the client itself."""
    return _purse(fund, [view.text for view in _views(actor, _rows(client))])


def waiting_money(actor: Actor) -> list[MoneyView]:
    """What waits for her yes or no, of everybody in her scope; her own questions are not among them."""
    found = db.session.execute(
        select(Assistance, Client)
        .join(Client, Client.id == Assistance.client_id)
        .where(Assistance.waiting.is_(True), scope.scope(actor, Act.MONEY_APPROVE))
    ).all()
    clients = {client.id: client for _, client in found}
    views = {view.id: view for view in _views(actor, [row for row, _ in found])}
    asked = [
        (views[row.id], client)
        for row, client in found
        if row.id in views and views[row.id].text.state == "asked" and views[row.id].text.by != actor.id
    ]
    note_read(actor, Act.MONEY_APPROVE, clients)
    people = identities(actor, list({client.id: client for _, client in asked}.values()))
    return [
        MoneyView(
            one.id,
            one.version,
            one.text,
            one.names,
            client.code,
            people[client.id].working_name if client.id in people else "",
        )
        for one, client in sorted(asked, key=lambda pair: pair[0].text.at)
    ]


def _purse(fund: Fund, texts: Sequence[MoneyText]) -> Purse:
    """Everything of the last twelve months that was not refused counts, also what is only asked for."""
    since, (a_year, approval_over) = agency_today() - YEAR, _limits(fund)
    spent = sum(
        text.cents
        for text in texts
        if text.fund == fund.code and text.on > since and text.state in ("asked", "agreed", "paid")
    )
    return Purse(fund, a_year, max(a_year - spent, 0), approval_over)


def _readable(actor: Actor, code: str) -> Client:
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.MONEY_ASK)
    decision = scope.allowed(actor, Act.MONEY_ASK, client)
    note_read(actor, Act.MONEY_ASK, [client.id], decision.clause)
    return client


def _rows(client: Client) -> Sequence[Assistance]:
    return db.session.scalars(select(Assistance).where(Assistance.client_id == client.id)).all()


def _views(actor: Actor, rows: Sequence[Assistance]) -> list[MoneyView]:
    opened = open_each(actor, [row_of(row, MONEY) for row in rows], MONEY).values
    pairs = [(row, text) for row, text in zip(rows, opened, strict=True) if text]
    people = {one for _, text in pairs for one in (text.by, text.decided_by, text.paid_by) if one}
    names = names_of(actor, people)
    views = [MoneyView(row.id, row.money_version, text, names) for row, text in pairs]
    return sorted(views, key=lambda view: view.text.at, reverse=True)


def _limits(fund: Fund) -> tuple[int, int]:
    """In cents: for one person in a year, and over which somebody is asked."""
    a_year, over = fund.limits or (limit(fund.per_person_a_year), limit(fund.approval_over))
    return a_year * 100, over * 100
