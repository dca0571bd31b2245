"""A source tells the ledgers anew: what was lost is there again, what is nowhere goes, and a part replaces nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select, update

from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db.errors import Spoiled
from shelter.db.inbox import FIRST
from shelter.db.packed import Inbox, Segment
from shelter.erasing import actions as erasing
from shelter.erasing.actions import Ask
from shelter.policy.acts import Act
from shelter.policy.errors import Denied
from shelter.policy.kinds import Kind
from shelter.reports import anew, folding
from shelter.reports.agreeing import agreements
from shelter.reports.folding import fold
from shelter.reports.ledger import broken, current, shelf_of
from shelter.rules.broken import Broken
from shelter.services import actions as services
from shelter.services.actions import EnterService
from shelter.stays.actions import Leave, leave
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.factories.clients import begin, client_id
from tests.factories.reports import mixed, tell
from tests.factories.stays import make_beds, resident, stay_of
from tests.reports.test_ledger import coded, say

WHO = {Kind.FACTS: "director", Kind.EXACT: "preparer"}


def fold_all(world: World) -> None:
    for kind, who in WHO.items():
        with recorded(world.actor(who), Act.REPORTS_SEE):
            while fold(world.actor(who), kind):
                pass


def told(world: World, kind: Kind = Kind.FACTS) -> list[tuple[Any, ...]]:
    facts = current(world.actor(WHO[kind]), kind)
    return sorted((fact.what, fact.source, fact.person, fact.version, sorted(fact.values.items())) for fact in facts)


def spoil(world: World, db: Any, origin: Kind, kind: Kind = Kind.FACTS) -> None:
    shelf = shelf_of(world.actor(WHO[kind]), origin.value, kind)
    hurt = update(Segment).where(Segment.store == kind.value, Segment.scope_id == shelf.scope)
    db.session.execute(hurt.values(sealed=bytes(500), version=Segment.version + 1))
    db.session.commit()


@pytest.mark.parametrize("origin", [Kind.IDENTITY, Kind.SHELTER])
def test_a_part_that_was_lost_is_told_anew(
    world: World, db: Any, monkeypatch: pytest.MonkeyPatch, origin: Kind
) -> None:
    monkeypatch.setattr(folding, "MOST_YOUNG", 1)
    beds = make_beds(world)
    for bed in ("A", "B"):
        resident(world, beds[bed])
    fold_all(world)
    before = {kind: told(world, kind) for kind in WHO}
    assert before[Kind.FACTS]
    spoil(world, db, origin)
    with pytest.raises(Broken):
        told(world)
    assert broken(world.actor("director"), Kind.FACTS) == {origin.value: 1}
    counted = anew.tell(world.actor("supervisor"), origin)
    assert counted[Kind.FACTS] > 0
    fold_all(world)
    assert broken(world.actor("director"), Kind.FACTS) == {}
    assert {kind: told(world, kind) for kind in WHO} == before
    assert db.session.scalars(select(Inbox.id)).all() == []


def test_what_stands_in_no_record_goes(world: World) -> None:
    resident(world, make_beds(world)["A"])
    before = told(world)
    tell(world, *mixed(3))
    fold_all(world)
    for origin in (Kind.IDENTITY, Kind.SHELTER):
        anew.tell(world.actor("supervisor"), origin)
    fold_all(world)
    assert told(world) == before
    assert all(one.holds for one in agreements(world.actor("director")))


def test_a_change_that_comes_meanwhile_stays(world: World) -> None:
    resident(world, make_beds(world)["A"])
    anew.tell(world.actor("supervisor"), Kind.IDENTITY)
    tell(world, *mixed(2))
    after = told(world)
    fold_all(world)
    assert told(world) == after


def test_a_part_of_what_was_told_anew_replaces_nothing(world: World, db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    resident(world, make_beds(world)["A"])
    tell(world, *mixed(3))
    fold_all(world)
    before = told(world)
    monkeypatch.setattr("shelter.db.inbox.BATCH", 1)
    anew.tell(world.actor("supervisor"), Kind.IDENTITY)
    batches: dict[bytes, list[bytes]] = {}
    for row, ledger in db.session.execute(select(Inbox.id, Inbox.compartment_id).order_by(Inbox.id)):
        assert row[: len(FIRST)] == FIRST
        batches.setdefault(ledger, []).append(row)
    assert [len(some) > 1 for some in batches.values()] == [True, True]
    db.session.execute(delete(Inbox).where(Inbox.id.in_([some[0] for some in batches.values()])))
    db.session.commit()
    fold_all(world)
    assert told(world) == before
    left = set(db.session.scalars(select(Inbox.id)))
    assert left == {row for some in batches.values() for row in some[1:]}, "it waits"


def test_nothing_is_told_where_a_record_does_not_open(world: World, db: Any) -> None:
    resident(world, make_beds(world)["A"])
    fold_all(world)
    db.session.execute(update(Client).where(Client.identity.is_not(None)).values(identity=bytes(300)))
    db.session.commit()
    with pytest.raises(Spoiled):
        anew.tell(world.actor("supervisor"), Kind.IDENTITY)
    assert db.session.scalars(select(Inbox.id)).all() == []


def test_who_was_erased_is_told_of_no_more(world: World) -> None:
    beds = make_beds(world)
    hers = resident(world, beds["A"])
    resident(world, beds["B"], called="Sol")
    stay = stay_of(hers)
    leave(world.actor("caseworker"), Leave(hers, stay.id, agency_today(), stay.days_version))
    fold_all(world)
    asked = erasing.ask(world.actor("supervisor"), Ask(hers, "whole", "she-asked"))
    erasing.agree(world.actor("steward"), asked)
    erasing.erase(world.actor("supervisor"), asked)
    fold_all(world)
    before = {kind: told(world, kind) for kind in WHO}
    anew.tell(world.actor("supervisor"), Kind.SHELTER)
    fold_all(world)
    assert {kind: told(world, kind) for kind in WHO} == before
    assert all(one.holds for one in agreements(world.actor("director")))


def test_what_waits_of_a_telling_goes_with_whom_it_tells_of(
    world: World, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one that never came to its end nothing is folded: it would lie there with her in it."""
    hers = resident(world, make_beds(world)["A"])
    stay = stay_of(hers)
    leave(world.actor("caseworker"), Leave(hers, stay.id, agency_today(), stay.days_version))
    fold_all(world)
    with monkeypatch.context() as small:
        small.setattr("shelter.db.inbox.BATCH", 1)
        anew.tell(world.actor("supervisor"), Kind.IDENTITY)
    rows = db.session.scalars(select(Inbox).order_by(Inbox.id)).all()
    last = {row.compartment_id: row.id for row in rows}
    db.session.execute(delete(Inbox).where(Inbox.id.in_(last.values())))
    db.session.commit()
    asked = erasing.ask(world.actor("supervisor"), Ask(hers, "whole", "she-asked"))
    erasing.agree(world.actor("steward"), asked)
    erasing.erase(world.actor("supervisor"), asked)
    fold_all(world)
    assert db.session.scalars(select(Inbox.id)).all() == []


def test_what_was_deleted_stays_so_though_its_first_version_comes_late(world: World) -> None:
    resident(world, make_beds(world)["A"])
    before = told(world)
    say(world, coded(b"c" * 16, 2))
    fold_all(world)
    anew.tell(world.actor("supervisor"), Kind.IDENTITY)
    say(world, coded(b"c" * 16, 1, born=1990))
    fold_all(world)
    assert told(world) == before


@pytest.mark.parametrize("folded", [True, False], ids=["folded", "waiting"])
def test_what_was_done_stays_at_the_site_where_she_was_then(world: World, db: Any, folded: bool) -> None:
    code = begin(world, called="Lin")
    lives_at(world, db, code, "north")
    services.enter(world.actor("caseworker"), EnterService((code,), "transport", agency_today(), 45))
    if folded:
        fold_all(world)
    before = {kind: told(world, kind) for kind in WHO}
    assert {values["site"] for values in services_in(before)} == {world.sites["north"].hex()}
    lives_at(world, db, code, "south")
    anew.tell(world.actor("supervisor"), Kind.ADVOCACY)
    fold_all(world)
    assert {kind: told(world, kind) for kind in WHO} == before


def lives_at(world: World, db: Any, code: str, site: str) -> None:
    db.session.execute(update(Client).where(Client.id == client_id(code)).values(site_id=world.sites[site]))
    db.session.commit()


def services_in(found: dict[Kind, list[tuple[Any, ...]]]) -> list[dict[str, Any]]:
    return [dict(values) for facts in found.values() for what, *_, values in facts if what == "service"]


@pytest.mark.parametrize("who", ["caseworker", "director", "preparer", "desk", "administrator", "auditor"])
def test_only_supervisors_tell_anew(world: World, who: str) -> None:
    with pytest.raises(Denied):
        anew.tell(world.actor(who), Kind.SHELTER)
