"""Facts on their way to a director: under a pseudonym, signed, counted once, and closed to everybody else."""

from typing import Any

import pytest
from sqlalchemy import func, select

from shelter.db.errors import NoKey
from shelter.db.inbox import Coded, emit
from shelter.db.packed import Inbox, Segment
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.reports.folding import fold
from shelter.reports.ledger import current
from shelter.trail.record import recorded
from tests.factories.agency import World


def coded(client: bytes, version: int = 1, **values: str | int) -> Coded:
    return Coded(
        client=client,
        table="client",
        row=client,
        section="identity",
        origin=Kind.IDENTITY,
        version=version,
        what="person",
        values=values,
        deleted=not values,
    )


def say(world: World, *facts: Coded, who: str = "caseworker") -> None:
    with recorded(world.actor(who), Act.CLIENTS_UPDATE):
        emit(world.actor(who), facts)


def fold_all(world: World) -> None:
    with recorded(world.actor("director"), Act.REPORTS_SEE):
        fold(world.actor("director"))


def values(world: World) -> list[dict[str, str | int]]:
    return [fact.values for fact in current(world.actor("director"))]


def test_a_director_reads_what_a_caseworker_sent_under_a_pseudonym(world: World) -> None:
    client = b"c" * 16
    say(world, coded(client, born=1990))
    (fact,) = current(world.actor("director"))
    assert fact.values == {"born": 1990}
    assert client not in (fact.person, fact.source)


@pytest.mark.parametrize("who", ["caseworker", "advocate", "desk", "administrator", "auditor", "steward"])
def test_nobody_else_reads_the_ledger(world: World, who: str) -> None:
    say(world, coded(b"c" * 16, born=1990))
    with pytest.raises(NoKey):
        current(world.actor(who))


@pytest.mark.parametrize("who", ["director", "preparer", "administrator", "volunteer"])
def test_who_reads_facts_can_never_send_one(world: World, who: str) -> None:
    with pytest.raises(NoKey):
        say(world, coded(b"c" * 16, born=1990), who=who)


def test_the_newest_version_counts_before_and_after_folding(world: World, db: Any) -> None:
    say(world, coded(b"c" * 16, 1, born=1990))
    fold_all(world)
    say(world, coded(b"c" * 16, 2, born=1991), coded(b"d" * 16, 1, born=1980))
    assert sorted(values(world), key=str) == [{"born": 1980}, {"born": 1991}]
    fold_all(world)
    assert sorted(values(world), key=str) == [{"born": 1980}, {"born": 1991}]
    assert db.session.scalar(select(func.count()).select_from(Inbox)) == 0
    versions = db.session.scalars(select(Segment.version).where(Segment.store == "facts")).all()
    assert versions == [1, 1], "what was folded lately is written once"


def test_an_older_version_that_comes_late_changes_nothing(world: World) -> None:
    say(world, coded(b"c" * 16, 5, born=1991))
    say(world, coded(b"c" * 16, 2, born=1990))
    assert values(world) == [{"born": 1991}]


def test_a_deleted_record_is_counted_no_more(world: World) -> None:
    say(world, coded(b"c" * 16, 1, born=1990))
    fold_all(world)
    say(world, coded(b"c" * 16, 2))
    assert values(world) == []


def test_a_forged_fact_is_not_counted(world: World, db: Any) -> None:
    say(world, coded(b"c" * 16, born=1990))
    row = db.session.scalars(select(Inbox)).one()
    db.session.add(Inbox(compartment_id=row.compartment_id, ck_version=row.ck_version, sealed=row.sealed))
    db.session.add(Inbox(compartment_id=row.compartment_id, ck_version=row.ck_version, sealed=bytes(300)))
    db.session.commit()
    assert values(world) == [{"born": 1990}]


def test_the_inbox_tells_nothing_of_whom_or_when(world: World) -> None:
    assert set(Inbox.__table__.columns.keys()) == {"id", "compartment_id", "ck_version", "sealed"}
