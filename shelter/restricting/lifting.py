"""A restriction that a steward lifted: what is hers goes back where everybody's records lie, by who holds both keys.

Files go first, one by one, each opening at every moment; then a compartment goes over in one transaction, and is no
more. From then on exactly those open her who hold the agency's keys and have no conflict of interest. A file whose seal
does not hold opened for nobody before: it is counted, stays as unreadable as it was, and holds up nothing.
"""

import time

from sqlalchemy import delete, select

from shelter.accounts.notices import move_letters
from shelter.clients import directory
from shelter.clients.models import Client, client_subject
from shelter.db import db, fence
from shelter.db.keyring import keyring_of
from shelter.db.keystore import Compartment, KeyDek, KeyGrant, KeyVersion
from shelter.db.moving import move, require_all
from shelter.db.packed import Segment
from shelter.db.roll import current_roll
from shelter.db.running import is_older_here
from shelter.files import sealing
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.restricting.moving import NUMBERS, SLICE, can_move, enter_names, files_of, make_key
from shelter.rules.clock import now
from shelter.stewards.restricted import Own, agency_wide, compartments_of
from shelter.trail.models import Trail, TrailSubject
from shelter.trail.record import recorded, serialise

ENDED = "restriction-ended"


def waits(actor: Actor) -> bool:
    """Whether something is to go back that her keys can take; not while a version runs that would not see it go."""
    return bool(actor.keyring.restricted_clients()) and bool(_mine(actor)) and not is_older_here(now())


def go_on(actor: Actor, seconds: float | None = SLICE) -> int:
    """Takes back until the time is up, but one file at least: a large spoiled one takes the whole of each slice.

    Returns how many files and compartments.
    """
    ends, done = None if seconds is None else time.monotonic() + seconds, 0
    for own in _mine(actor) if not is_older_here(now()) else ():
        there = agency_wide()[own.kind]
        make_key(actor, own, there, "restriction-ending")
        spoiled: set[bytes] = set()
        for row in files_of(own.client, own.kind):
            if done and ends is not None and time.monotonic() >= ends:
                return done
            if not sealing.is_under(actor, row, own.id):
                continue
            if sealing.seal_anew(actor, row, there):
                done += 1
            else:
                spoiled.add(row.id)
        done += _give_up(actor, own, there, spoiled)
    return done


def count_spoiled() -> int:
    """Files of people who were given back that no key opens any more, as their seal did not hold. Raises `Away`."""
    ended = select(TrailSubject.client_id).join(Trail, Trail.seq == TrailSubject.seq).where(Trail.act == ENDED)
    count = 0
    for client in db.session.scalars(ended.distinct()).all():
        keys = {one[:8] for one in db.session.scalars(select(KeyDek.id).where(KeyDek.subject_id == client))}
        hints = [sealing.hint_of(row) for kind in Kind for row in files_of(client, kind)]
        count += sum(hint is not None and hint not in keys for hint in hints)
    return count


def _mine(actor: Actor) -> list[Own]:
    held = keyring_of(actor).held()
    return [own for own in compartments_of() if own.lifted and own.id in held and can_move(actor, own)]


def _give_up(actor: Actor, own: Own, there: bytes, spoiled: set[bytes]) -> bool:
    """One transaction; False where a colleague was faster, or a file came meanwhile: it goes with the next slice."""
    keyring = keyring_of(actor)
    with recorded(actor, ENDED, own.client) as unit, fence.everybody():
        serialise()
        unit.detail["compartment"] = own.kind
        client = db.session.get_one(Client, own.client, populate_existing=True, with_for_update=True)
        left = {row.id for row in files_of(own.client, own.kind) if sealing.is_under(actor, row, own.id)}
        gone = db.session.get(Compartment, own.id, populate_existing=True) is None
        if gone or left - spoiled:
            unit.act = "restriction-end-waits"
            return False
        numbers = {lane: directory.owned_by(actor, lane, client.id, apart=True) for lane in NUMBERS.get(own.kind, ())}
        moved, broken = move(keyring, client_subject(client.id), own.kind, own.id, there)
        move_letters(actor, client.id, own.id, there, current_roll().members(there))
        require_all(client_subject(client.id), own.kind, moved + broken)
        _delete(own.id)
        keyring.reload()
        for lane, values in numbers.items():
            directory.keep_numbers(actor, lane, client.id, set(), values)
        if own.kind is Kind.IDENTITY:
            enter_names(actor, client)
        unit.detail["sections"], unit.detail["broken"], unit.detail["spoiled_files"] = moved, broken, len(left)
    return True


def _delete(compartment: bytes) -> None:
    """Its keys stay in the signed list, and open nothing any more."""
    for table in (KeyDek, KeyGrant, KeyVersion, Segment):
        db.session.execute(delete(table).where(table.compartment_id == compartment))
    db.session.execute(delete(Compartment).where(Compartment.id == compartment))
    db.session.flush()
