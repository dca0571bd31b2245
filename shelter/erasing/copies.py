"""Erasing a whole file: what was derived from it goes first, while its keys still say where; then rows and keys.

What lies under a key that the eraser lacks is owed, and done by the next colleague who holds it.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import delete, select, update

from shelter.accounts.emptying import drop_drafts, empty_calendars
from shelter.accounts.notices import NoticeKind
from shelter.accounts.occasions import when_somebody_is_here
from shelter.clients import directory, scope
from shelter.clients.directory import Lane
from shelter.clients.models import IDENTITY, Client, DoorAlert
from shelter.db import db
from shelter.db.forgetting import entomb, forget
from shelter.db.inbox import say_gone
from shelter.db.keyring import keyring_of
from shelter.db.owed import Owing, is_owed, owe, owed, settle
from shelter.db.sections import open_section
from shelter.erasing.models import Done
from shelter.files.models import FileRow
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.stays.models import Stay
from shelter.trail.details import purge_about
from shelter.trail.record import recorded

Taker = Callable[[Actor, Collection[bytes], datetime], None]
_TAKERS: list[Taker] = []
"""Rooms above this one that keep something of a person outside her own rows."""


def when_erased(taker: Taker) -> None:
    """From now on it is asked in every erasing of a whole file, in the eraser's transaction, before her rows go."""
    if taker not in _TAKERS:
        _TAKERS.append(taker)


def forget_whole(actor: Actor, people: list[Client], at: datetime) -> tuple[Done, list[bytes]]:
    """In the caller's transaction; what was done, and the files of the store that go after it."""
    ids = [one.id for one in people]
    done = Done(at=at, by=actor.id, codes=[one.code for one in people])
    done.alerts = _take_alerts(actor, people, at)
    done.waits = say_gone(actor, ids)
    done.drafts = drop_drafts(ids)
    done.books = list(db.session.scalars(select(Stay.site_id).where(Stay.client_id.in_(ids)).distinct()))
    # Which entry is hers only its owner's legal key tells: her advocates' calendars are emptied, and they are told.
    advocates = {one for client in people for one in scope.facts_of(client).advocates}
    empty_calendars(actor, None, advocates, NoticeKind.ERASED)
    for taker in _TAKERS:
        taker(actor, ids, at)
    for lane in (Lane.NAMES, Lane.PHONES, Lane.A_NUMBERS):
        directory.take_out(actor, lane, ids)
    owe(Owing.RECEIPTS, ids)
    purge_about(ids)
    files = [one for table in FileRow.__subclasses__() for one in _ids(table, ids)]
    gone = forget(ids, at)
    keyring_of(actor).reload()  # compartments of her own went with her
    done.keys, done.files = gone.keys, len(files)
    done.rows = sum(len(rows) for rows in gone.rows.values())
    for client in people:
        client.state, client.keep_until, client.merged_into = "erased", None, None
    _leave_parties(ids)
    return done, files


def _take_alerts(actor: Actor, people: list[Client], at: datetime) -> int:
    """Her alerts at the doors: only her identity says which they are."""
    rows: list[bytes] = []
    for client in people:
        identity = open_section(actor, client, IDENTITY)
        for danger in identity.dangers if identity else ():
            rows += [bytes.fromhex(one) for one in (danger.alert, *danger.elsewhere.values()) if one]
    db.session.execute(delete(DoorAlert).where(DoorAlert.id.in_(rows)).execution_options(synchronize_session=False))
    entomb(rows, "row", at)
    return len(rows)


def _ids(table: type[FileRow], clients: list[bytes]) -> list[bytes]:
    return list(db.session.scalars(select(table.id).where(table.client_id.in_(clients))))


def _leave_parties(clients: list[bytes]) -> None:
    """Nights stay counted; with whom she came does not stay."""
    db.session.execute(
        update(Stay)
        .where(Stay.client_id.in_(clients))
        .values(party_id=Stay.id)
        .execution_options(synchronize_session=False)
    )


# -- what another's key is needed for ---------------------------------------------

_LANES = {Owing.NAMES: (Lane.NAMES, Lane.PHONES, Lane.A_NUMBERS), Owing.RECEIPTS: (Lane.RECEIPTS,)}
_KEYS = {Owing.NAMES: Kind.IDENTITY, Owing.RECEIPTS: Kind.LEGAL, Owing.FACTS: Kind.PSEUDONYM}


def do_what_is_owed(actor: Actor) -> None:
    """Entries of erased people that lie under a key which this colleague holds."""
    mine = [what for what, kind in _KEYS.items() if actor.keyring.holds(kind)]
    if not mine or not is_owed(*mine):
        return
    with recorded(actor, "erased-copies-taken") as unit:
        for what in mine:
            clients = owed(what)
            unit.about(*clients)
            for lane in _LANES.get(what, ()) if clients else ():
                directory.take_out(actor, lane, clients)
            if what is Owing.FACTS and clients:
                say_gone(actor, clients)
            settle(what, clients)


when_somebody_is_here(do_what_is_owed)
