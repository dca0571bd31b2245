"""An alert at the door stands where she sleeps: it follows her stays, in the transaction that changes them.

Which alerts are hers stands in her identity alone. Where the desk, who opens no identity, ends a stay, the next
colleague who does lets them follow.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, or_, select

from shelter.accounts.occasions import when_somebody_is_here
from shelter.clients import scope
from shelter.clients.models import ALERT, IDENTITY, Alert, Client, Danger, DoorAlert
from shelter.db import db
from shelter.db.keyring import chunks
from shelter.db.owed import Owing, is_owed, owe, owed, settle
from shelter.db.sections import fill, open_section, save
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.stays import changes
from shelter.stays.models import Stay, StayBed
from shelter.stays.queries import sites_now
from shelter.trail.record import recorded

_MOVES = frozenset({"admitted", "brought", "moved", "left", "undone"})


def follow(actor: Actor, change: changes.StayChange) -> None:
    """Called for each change of stays."""
    if change.kind not in _MOVES:
        return
    for part in chunks(change.clients):
        for client in db.session.scalars(select(Client).where(Client.id.in_(part))).all():
            if actor.keyring.holds(Kind.IDENTITY, client.id):
                _follow(actor, client)
            else:
                owe(Owing.ALERTS, [client.id])


def follow_those_left(actor: Actor) -> None:
    """What the desk's own changes left: done for whomever this person's keys and no conflict of interest reach."""
    if not actor.keyring.holds(Kind.IDENTITY) or not is_owed(Owing.ALERTS):
        return
    reached = select(Client).where(Client.id.in_(owed(Owing.ALERTS)), scope.within_keys(actor, Act.CLIENTS_READ))
    if not (clients := db.session.scalars(reached).all()):
        return
    with recorded(actor, "alerts-followed") as unit:
        for client in clients:
            unit.about(client.id)
            _follow(actor, client)
        settle(Owing.ALERTS, [client.id for client in clients])


def _follow(actor: Actor, client: Client) -> None:
    identity = open_section(actor, client, IDENTITY)
    dangers = [danger for danger in identity.dangers if danger.alert] if identity else []
    if identity is None or not dangers:
        return
    sleeps = _sleeps_at(client) - {client.site_id}
    changed = [_stand_at(actor, danger, sleeps) for danger in dangers]
    if any(changed):
        save(actor, client, IDENTITY, identity, client.identity_version)


def _sleeps_at(client: Client) -> frozenset[bytes]:
    """The sites of her stays that are not over."""
    first = min((site.night.first for site in sites_now()), default=date.min)
    running = or_(StayBed.until_day.is_(None), StayBed.until_day > first)
    query = select(Stay.site_id).join(StayBed, StayBed.stay_id == Stay.id).where(Stay.client_id == client.id, running)
    return frozenset(db.session.scalars(query.where(Stay.state != "undone")))


def _stand_at(actor: Actor, danger: Danger, sites: Iterable[bytes]) -> bool:
    """One alert at each of these sites and at no other but that of her file; whether anything changed."""
    wanted = {site.hex(): site for site in sites}
    gone = {site: row for site, row in danger.elsewhere.items() if site not in wanted}
    db.session.execute(delete(DoorAlert).where(DoorAlert.id.in_([bytes.fromhex(row) for row in gone.values()])))
    first = db.session.get(DoorAlert, bytes.fromhex(danger.alert))
    value = open_section(actor, first, ALERT) if first else None
    missing = wanted.keys() - danger.elsewhere.keys()
    new = {site: _copy(actor, wanted[site], value) for site in missing} if value else {}
    danger.elsewhere = {site: row for site, row in danger.elsewhere.items() if site not in gone} | new
    return bool(new or gone)


def _copy(actor: Actor, site: bytes, value: Alert) -> str:
    row = DoorAlert(site_id=site)
    fill(actor, row, ALERT, value)
    db.session.add(row)
    return row.id.hex()


changes.listen(follow)
when_somebody_is_here(follow_those_left)
