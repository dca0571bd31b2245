"""Taking a restricted client's records into her own compartments, by somebody who holds both keys.

A compartment goes over in one transaction: its key, every section, what she is found by, notices about her; from then
on nobody else opens any of it. Files follow one by one, and the old data keys go with the last.
"""

import time
from collections.abc import Callable, Collection

from sqlalchemy import select

from shelter.accounts.emptying import take_about
from shelter.accounts.models import Staff
from shelter.accounts.notices import move_letters
from shelter.clients import directory, scope
from shelter.clients.directory import Lane
from shelter.clients.models import IDENTITY, Assignment, Client, client_subject
from shelter.db import db, deks, fence
from shelter.db.forgetting import unpack
from shelter.db.keyring import keyring_of
from shelter.db.moving import forget_keys, move, require_all
from shelter.db.sections import open_section, save
from shelter.files import sealing
from shelter.files.models import FileRow
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.stewards.restricted import Own, agency_wide, compartments_of, give_birth
from shelter.trail.record import recorded, serialise

SLICE = 0.5
"""Seconds of somebody's own request that sealing files anew takes at most."""
NUMBERS = {Kind.IDENTITY: (Lane.PHONES, Lane.A_NUMBERS), Kind.LEGAL: (Lane.RECEIPTS,)}


Taker = Callable[[Actor, Collection[bytes], Kind], None]
_TAKERS: list[Taker] = []
"""Rooms above this one that keep something of a person where everybody's lies, outside her own rows."""


def when_restricted(taker: Taker) -> None:
    """From now on it is asked as a compartment of somebody's goes over, in that transaction."""
    if taker not in _TAKERS:
        _TAKERS.append(taker)


def begin(actor: Actor) -> int:
    """Every compartment that waits for a member and whose old key she holds too; returns how many went over."""
    return sum(_take_over(actor, own) for own in compartments_of() if not own.born and can_move(actor, own))


def waits(actor: Actor) -> bool:
    """Whether files are still to be sealed anew by somebody who holds what she holds."""
    return bool(actor.keyring.restricted_clients()) and bool(_half(actor))


def go_on(actor: Actor, seconds: float | None = SLICE) -> int:
    """Seals files anew until the time is up; returns how many. With the last one the old data keys go."""
    ends, done = None if seconds is None else time.monotonic() + seconds, 0
    for own in _half(actor):
        here = agency_wide()[own.kind]
        make_key(actor, own, own.id, "restricted-files-begun")
        for row in files_of(own.client, own.kind):
            if ends is not None and time.monotonic() >= ends:
                return done
            done += sealing.is_under(actor, row, here) and sealing.seal_anew(actor, row, own.id)
        with recorded(actor, "restricted-files-done", own.client) as unit:
            serialise()
            unit.detail["compartment"] = own.kind
            forget_keys(own.client, here)
    return done


def make_key(actor: Actor, own: Own, place: bytes, act: str) -> None:
    """A data key of hers where her files go, kept before a file is under it: the store rolls nothing back.

    Her own key may have been renewed since her sections went over, and then none of its newest version is there.
    """
    subject, keyring = client_subject(own.client), keyring_of(actor)
    if not deks.standing(keyring, [subject], place):
        with recorded(actor, act, own.client) as unit:
            unit.detail["compartment"] = own.kind
            deks.to_seal(keyring, subject, place)


def empty_for_others(actor: Actor, client: bytes) -> None:
    """What people outside her rosters hold for themselves alone (notices, drafts, copies, calendars) goes."""
    inside = {one for own in compartments_of([client]) for one in own.members}
    outside = set(db.session.scalars(select(Staff.id))) - inside
    take_about(actor, client, outside, scope.facts_of(db.session.get_one(Client, client)).advocates)


def files_of(client: bytes, kind: Kind) -> list[FileRow]:
    """Every file of hers whose chunks are sealed with what lives in this kind of compartment, whoever asks."""
    found: list[FileRow] = []
    with fence.everybody():
        for model in FileRow.__subclasses__():
            if model.sections["about"].kind is kind:
                found += db.session.scalars(select(model).where(model.client_id == client))
    return found


def _half(actor: Actor) -> list[Own]:
    keyring = keyring_of(actor)
    half = (own for own in compartments_of() if own.born and own.left and not own.lifted)
    return [own for own in half if own.id in keyring.held() and can_move(actor, own)]


def can_move(actor: Actor, own: Own) -> bool:
    """Whether she belongs to it and holds the agency's key of its kind too."""
    return actor.id in own.members and keyring_of(actor).holds(own.kind)


def _take_over(actor: Actor, own: Own) -> bool:
    """One transaction; False where a colleague was faster."""
    keyring = keyring_of(actor)
    with recorded(actor, "restricted-moved", own.client) as unit, fence.everybody():
        serialise()
        unit.detail["compartment"] = own.kind
        client = db.session.get_one(Client, own.client, populate_existing=True, with_for_update=True)
        if any(one.born for one in compartments_of([own.client]) if one.id == own.id):
            unit.act = "restricted-left-to-another"
            return False
        here = keyring.compartment(own.kind)
        enter = _taken_out(actor, client, own.kind)
        give_birth(actor, own.id)
        moved, broken = move(keyring, client_subject(client.id), own.kind, here, own.id)
        enter()
        move_letters(actor, client.id, here, own.id, own.members)
        empty_for_others(actor, client.id)
        _leave(client.id, own)
        require_all(client_subject(client.id), own.kind, moved + broken)
        forget_keys(client.id, here, _still_named(client.id, own.kind))
        unit.detail["sections"], unit.detail["broken"] = moved, broken
    return True


def _still_named(client: bytes, kind: Kind) -> set[bytes]:
    hints = (sealing.hint_of(row) for row in files_of(client, kind))
    return {hint for hint in hints if hint is not None}


def _taken_out(actor: Actor, client: Client, kind: Kind) -> Callable[[], None]:
    """Out of the agency's directory; what is returned enters her in her own, once that has a key."""
    numbers = {lane: directory.owned_by(actor, lane, client.id) for lane in NUMBERS.get(kind, ())}
    for lane, values in numbers.items():
        if values:
            directory.take_out(actor, lane, [client.id])
    if kind is Kind.IDENTITY:
        directory.take_out(actor, Lane.NAMES, [client.id])
    if kind is Kind.SHELTER:
        unpack([client.id])
    for taker in _TAKERS:
        taker(actor, [client.id], kind)

    def enter() -> None:
        for lane, values in numbers.items():
            directory.keep_numbers(actor, lane, client.id, set(), values)
        if kind is Kind.IDENTITY:
            enter_names(actor, client)

    return enter


def enter_names(actor: Actor, client: Client) -> None:
    """Her names into the directory of where her record lies now."""
    db.session.refresh(client)
    identity = open_section(actor, client, IDENTITY)
    if identity is not None:
        directory.keep_names(actor, client.id, identity)
        save(actor, client, IDENTITY, identity, client.identity_version)


def _leave(client: bytes, own: Own) -> None:
    """Who belongs no longer is not assigned either."""
    kinds = {Kind.ADVOCACY: "case", Kind.LEGAL: "legal"}
    if own.kind in kinds:
        rows = db.session.scalars(
            select(Assignment).where(Assignment.client_id == client, Assignment.kind == kinds[own.kind])
        )
        for row in rows:
            if row.staff_id not in own.members:
                db.session.delete(row)
