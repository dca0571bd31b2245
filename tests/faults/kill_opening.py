"""kill -9 at any moment of what changes who opens somebody: restricting her, lifting it, a copy of a part.

The store of files works in threads, which do not come along when a process forks: whatever touches it, here also what
looks at it, has a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from shelter.accounts.taking_in import take_in_grants
from shelter.clients import directory
from shelter.copies import actions as copies
from shelter.copies import queries
from shelter.copies.actions import Give
from shelter.copies.models import CopyGiven
from shelter.db.aside import SectionCopy
from shelter.db.errors import Missing, NoKey, Spoiled
from shelter.db.sections import INVENTORY, take_refusals
from shelter.files import sealing
from shelter.policy.kinds import HOLDERS, RESTRICTABLE, Kind
from shelter.restricting import actions, lifting, moving
from shelter.stewards.restricted import compartments_of
from shelter.trail.proof import prove
from shelter.trail.record import recorded
from shelter.trail.rows import wrong_rows
from tests.erasing.conftest import LEGAL_NAME, Her, scanned, written
from tests.factories.agency import CAST
from tests.faults.conftest import Killer
from tests.restricting.test_lifting import EVERYBODY, asked, each
from tests.restricting.test_restricting import CHOSEN, OUTSIDE, ask, take_over


@pytest.fixture
def her(world: Any, db: Any, killer: Killer) -> Her:
    found = written(world, db)
    killer.spare(lambda: [scanned(found) for _ in range(3)])
    return found


def look_anew(her: Her) -> None:
    """As if everybody signed in: what was sealed to her is hers."""
    with recorded(None, "in"):
        for member in her.world.members.values():
            take_in_grants(member.keys)


def sound(her: Her, db: Any, killer: Killer, before: dict[str, dict[Any, Any]]) -> None:
    """Each part of her is whole for exactly those who hold where it lies now, and unreadable for everybody else."""
    look_anew(her)
    own = {one.kind for one in compartments_of([her.id]) if one.born}
    now = each(her)
    for who in EVERYBODY:
        hers = {
            key: value
            for key, value in before[who].items()
            if who in CHOSEN or INVENTORY[key[0], key[2]].kind not in own
        }
        assert now[who] == hers, (who, own)
    take_refusals()  # what the others asked for and did not get
    for who in EVERYBODY:
        if CAST[who][0] & HOLDERS[Kind.IDENTITY]:
            hits = {hit.client_id for hit in directory.by_name(her.world.actor(who), LEGAL_NAME)}
            assert (her.id in hits) == (who in CHOSEN or Kind.IDENTITY not in own), who
    assert wrong_rows() == []
    assert prove().holds
    db.session.rollback()
    killer.spare(lambda: scans_open(her))


def scans_open(her: Her) -> None:
    """At every moment for those who keep her, and once all has gone over for nobody else."""
    rows = moving.files_of(her.id, Kind.DOCUMENTS)
    assert len(rows) == 3
    (own,) = [one for one in compartments_of([her.id]) if one.kind is Kind.DOCUMENTS] or [None]
    for who in EVERYBODY:
        if not CAST[who][0] & HOLDERS[Kind.DOCUMENTS]:
            continue
        for row in rows:
            if who in CHOSEN or own is None:
                assert len(b"".join(sealing.chunks(her.world.actor(who), row))) > 100
            elif own.done and not own.lifted:
                with pytest.raises((NoKey, Spoiled, Missing)):
                    b"".join(sealing.chunks(her.world.actor(who), row))


def lift_all(her: Her) -> None:
    for who in CHOSEN:
        lifting.go_on(her.world.actor(who), None)


def test_restricting_somebody_and_lifting_it(
    her: Her, db: Any, killer: Killer, rounds: Callable[[int, int], int]
) -> None:
    before = each(her)
    assert all(before[who] for who in (*CHOSEN, "legal_supervisor", "caseworker_two"))

    def over() -> None:
        take_over(her)

    def back() -> None:
        lift_all(her)

    actions.sign(her.world.actor("steward"), ask(her))
    killer.measure(over)
    over_lasts = killer.lasts
    actions.sign(her.world.actor("steward"), asked(her))
    killer.measure(back)
    back_lasts = killer.lasts
    sound(her, db, killer, before)
    for _ in range(rounds(3, 40)):
        actions.sign(her.world.actor("steward"), ask(her))
        killer.lasts = over_lasts
        for _ in range(2):
            killer.run(over)
            sound(her, db, killer, before)
        killer.spare(over)
        assert {one.kind for one in compartments_of([her.id]) if one.done} == RESTRICTABLE
        sound(her, db, killer, before)
        actions.sign(her.world.actor("steward"), asked(her))
        killer.lasts = back_lasts
        for _ in range(2):
            killer.run(back)
            sound(her, db, killer, before)
        killer.spare(back)
        assert compartments_of([her.id]) == []
        sound(her, db, killer, before)
    assert killer.killed


def test_a_copy_of_a_part_is_there_whole_or_not_at_all(
    app: Flask, world: Any, db: Any, killer: Killer, rounds: Callable[[int, int], int]
) -> None:
    her = written(world, db)
    reader = world.members["advocate"].id
    with app.test_request_context():

        def give() -> None:
            lines, _ = queries.to_copy(world.actor("caseworker"), her.code, "plan")
            copies.give(
                world.actor("caseworker"),
                Give(her.code, "plan", frozenset(one.key for one in lines), reader, "form", "a form", 3),
            )

        def take_back() -> None:
            for copy in db.session.scalars(select(SectionCopy.id)).all():
                copies.take_back(world.actor("supervisor"), her.code, copy)

        killer.measure(give)
        for _ in range(rounds(6, 120)):
            killer.run(give)
            each_copy_is_whole(her, db)
        killer.run(take_back)
        each_copy_is_whole(her, db)
        killer.spare(take_back)
        assert queries.given_to_me(world.actor("advocate")) == []
        each_copy_is_whole(her, db)
        assert db.session.scalar(select(func.count()).select_from(CopyGiven)), "that they were given stays"


def each_copy_is_whole(her: Her, db: Any) -> None:
    """Every row of words belongs to a copy that was given, opens for its reader, and for nobody else."""
    db.session.rollback()
    given = set(db.session.scalars(select(CopyGiven.id)))
    words = set(db.session.scalars(select(SectionCopy.id)))
    assert words <= given
    assert len(queries.to_review(her.world.actor("supervisor"))) == len(given)
    assert {one.id for one in queries.given_to_me(her.world.actor("advocate"))} == words
    for copy in words:
        assert "water" in " ".join(line.words for line in queries.opened(her.world.actor("advocate"), copy).lines)
        for who in (*OUTSIDE, "supervisor"):
            with pytest.raises(Missing):
                queries.opened(her.world.actor(who), copy)
    assert wrong_rows() == []
    assert prove().holds
    db.session.rollback()
