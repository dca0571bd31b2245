"""Erasing a whole file: two people, every copy, nothing left to carve, and counts that go on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from shelter.accounts import drafts
from shelter.cli.tick import tick_once
from shelter.clients import directory, scope
from shelter.clients.actions import merge
from shelter.clients.directory import Lane
from shelter.clients.models import Client, DoorAlert, HouseholdMember
from shelter.clients.queries import agency_today
from shelter.clients.queries.agreeing import directory_agrees
from shelter.db import Base, db, traces
from shelter.db.aside import CalendarEntry, Draft, Message
from shelter.db.deployment import deployment
from shelter.db.errors import Missing
from shelter.db.forgetting import CODE_AND_DAYS, HERS, NOT_CONTENT
from shelter.db.keystore import KeyDek, KeyTombstone
from shelter.db.owed import Owing, is_owed, owed
from shelter.db.pseudonyms import known_by
from shelter.db.sections import INVENTORY
from shelter.erasing import actions, queries
from shelter.erasing.actions import Ask, EndHold, PutHold
from shelter.erasing.copies import do_what_is_owed
from shelter.files.models import StoredFile
from shelter.policy.acts import Act
from shelter.policy.errors import Denied
from shelter.policy.kinds import Kind
from shelter.reports import ledger
from shelter.reports.agreeing import agreements
from shelter.reports.columns import facts_in
from shelter.reports.folding import fold
from shelter.rules.broken import Broken
from shelter.stays.actions import Leave, leave
from shelter.stays.models import Stay
from shelter.trail.models import TrailDetail, TrailSubject
from shelter.trail.proof import prove
from shelter.trail.record import recorded
from shelter.trail.rows import wrong_rows
from tests.erasing.conftest import LEGAL_NAME, Her, erased
from tests.factories.agency import World
from tests.factories.clients import begin, client_id
from tests.factories.stays import days_of, make_beds, resident, stay_of


def ciphertexts(client: bytes) -> list[bytes]:
    """Everything sealed in rows that are hers, and every wrap of her keys."""
    found = list(db.session.scalars(select(KeyDek.sealed).where(KeyDek.subject_id == client)))
    for table_name, section in INVENTORY:
        if table_name in NOT_CONTENT:
            continue
        table = Base.metadata.tables[table_name]
        hers = [table.c[name] == client for name in HERS if name in table.c]
        hers += [table.c.id == client] if table_name == "client" else []
        for condition in hers:
            found += [one for one in db.session.scalars(select(table.c[section]).where(condition)) if one]
    db.session.commit()
    return found


def in_files(needles: list[bytes]) -> list[bytes]:
    """Which of these lie in the database's own files; a piece from the middle of each is looked for."""
    place = Path(str(db.engine.url.database))
    content = b"".join(path.read_bytes() for path in sorted(place.parent.glob(f"{place.name}*")))
    return [one for one in needles if one[len(one) // 2 : len(one) // 2 + 24] in content]


def test_no_row_of_hers_is_left_in_any_table(her: Her) -> None:
    assert len(ciphertexts(her.id)) > 20
    erased(her)
    left = {
        table.name: db.session.scalar(select(func.count()).select_from(table).where(table.c[name] == her.id))
        for table in Base.metadata.sorted_tables
        for name in HERS
        if name in table.c and table.name not in NOT_CONTENT | CODE_AND_DAYS
    }
    assert not {name for name, count in left.items() if count}
    assert ciphertexts(her.id) == []
    assert db.session.get(KeyTombstone, her.id) is not None
    assert db.session.get_one(Client, her.id).state == "erased"


def test_nobody_reaches_her_and_nobody_finds_her(her: Her) -> None:
    other = begin(her.world, called="Other")
    erased(her)
    for who in ("caseworker", "supervisor", "advocate", "legal_supervisor"):
        actor = her.world.actor(who)
        with pytest.raises(Missing):
            scope.visible(actor, her.code, *Act)
        assert directory.by_name(actor, LEGAL_NAME) == []
        assert directory.by_number(actor, Lane.PHONES, "+12135550143") == []
        assert directory.by_number(actor, Lane.A_NUMBERS, "200300400") == []
        db.session.rollback()
    assert scope.visible(her.world.actor("caseworker"), other, Act.CLIENTS_READ)
    found = directory_agrees(her.world.actor("supervisor"))
    assert found
    assert found.holds


def test_what_was_derived_goes_with_her(her: Her) -> None:
    worker = her.world.actor("caseworker")
    drafts.keep(worker, f"/people/{her.code}/notes/new", [("words", "half a sentence")])
    assert db.session.scalars(select(DoorAlert)).all()
    names = [deployment().files / one.id.hex()[:2] / one.id.hex() for one in db.session.scalars(select(StoredFile))]
    stored = [path for path in deployment().files.rglob("*") if path.is_file()]
    assert len(names) == len(stored) == 1
    db.session.rollback()
    erased(her)
    for model in (DoorAlert, Message, Draft, CalendarEntry, HouseholdMember):
        left = db.session.scalars(select(model)).all()
        assert [one for one in left if getattr(one, "client_id", None) is not None or model is not Message] == []
    assert [path for path in deployment().files.rglob("*") if path.is_file()] == []
    details = select(TrailDetail.seq).join(TrailSubject, TrailSubject.seq == TrailDetail.seq)
    assert db.session.scalars(details.where(TrailSubject.client_id == her.id)).all() == []
    assert prove().holds
    assert wrong_rows() == []


def test_nothing_can_be_carved_from_the_file(her: Her, database_kind: str) -> None:
    if database_kind != "sqlite":
        erased(her)
        assert traces.write_anew()
        assert not is_owed(Owing.VACUUM)
        return
    needles = ciphertexts(her.id)
    assert len(in_files(needles)) == len(needles), "before it all lies there"
    erased(her)
    assert in_files(needles) == [], "without waiting for anything"
    assert traces.write_anew()
    assert in_files(needles) == []


def test_tick_writes_the_file_anew(her: Her, app: Any) -> None:
    erased(her)
    assert is_owed(Owing.VACUUM)
    db.session.rollback()
    tick_once(app)
    assert not is_owed(Owing.VACUUM)
    assert prove().holds


def test_coded_facts_count_at_once_no_more_and_go_from_both_ledgers_when_they_are_folded(her: Her) -> None:
    other = begin(her.world, called="Sol")
    preparer, director = her.world.actor("preparer"), her.world.actor("director")
    readers = ((director, Kind.FACTS), (preparer, Kind.EXACT))
    for actor, kind in readers:
        _folded(actor, kind)
        assert ledger.current(actor, kind)
    db.session.rollback()
    known = known_by(her.world.actor("supervisor"), [her.id, client_id(other)])
    person = {client: pseudonym for pseudonym, client in known.items()}
    asked = erased(her)
    for actor, kind in readers:
        assert person[her.id] not in {fact.person for fact in ledger.current(actor, kind)}, "from the first moment"
    assert person[client_id(other)] in {fact.person for fact in ledger.current(director)}, "others count as before"
    db.session.rollback()
    for actor, kind in readers:
        assert "ledgers" in queries.certificate(her.world.actor("steward"), asked).open_tasks, "until both are folded"
        _folded(actor, kind)
        found = ledger.everything(actor, kind)
        held = {fact.person for part in (*found.settled, *found.young) for fact in facts_in(part)}
        assert not found.loose
        assert person[her.id] not in held, "and carved from no segment"
    assert all(one.holds for one in agreements(director))
    db.session.rollback()
    assert "ledgers" not in queries.certificate(her.world.actor("steward"), asked).open_tasks


def _folded(actor: Any, kind: Kind) -> None:
    with recorded(actor, "folded"):
        while fold(actor, kind):
            pass


def test_receipt_numbers_wait_for_somebody_of_the_legal_staff(her: Her) -> None:
    asked, steward = erased(her), her.world.actor("steward")
    assert owed(Owing.RECEIPTS) == [her.id]
    assert "receipts" in queries.certificate(steward, asked).open_tasks
    db.session.rollback()
    do_what_is_owed(her.world.actor("caseworker"))
    assert owed(Owing.RECEIPTS) == [her.id], "who has no legal key does nothing"
    db.session.rollback()
    do_what_is_owed(her.world.actor("advocate"))
    assert owed(Owing.RECEIPTS) == []


def refused(message: str, act: Any) -> None:
    with pytest.raises(Broken) as broken:
        act()
    assert broken.value.message_key == message
    db.session.rollback()


def test_it_takes_two_and_a_steward(her: Her) -> None:
    supervisor, steward = her.world.actor("supervisor"), her.world.actor("steward")
    for who in ("caseworker", "advocate", "legal_supervisor"):
        with pytest.raises(Denied):
            actions.ask(her.world.actor(who), Ask(her.code, "whole", "other"))
    asked = actions.ask(supervisor, Ask(her.code, "whole", "she-asked"))
    refused("erasing.over", lambda: actions.erase(supervisor, asked))
    refused("erasing.asked-already", lambda: actions.ask(supervisor, Ask(her.code, "whole", "other")))
    with pytest.raises(Denied):
        actions.agree(supervisor, asked)
    actions.agree(steward, asked)
    for who in ("steward", "caseworker", "stranger", "director"):
        with pytest.raises(Missing):
            actions.erase(her.world.actor(who), asked)
    assert ciphertexts(her.id)
    actions.erase(supervisor, asked)
    refused("erasing.over", lambda: actions.erase(supervisor, asked))


def test_a_hold_stands_against_each_step(her: Her) -> None:
    world, later = her.world, agency_today() + timedelta(days=90)
    put = PutHold(her.code, "demand", "the county has asked", later)
    supervisor = world.actor("supervisor")
    asked = actions.ask(supervisor, Ask(her.code, "narrative", "other"))
    hold = actions.put_hold(world.actor("advocate"), put)
    refused("erasing.held", lambda: actions.agree(world.actor("steward"), asked))
    actions.end_hold(world.actor("legal_supervisor"), EndHold(her.code, hold, 1, "withdrawn"))
    actions.agree(world.actor("steward"), asked)
    second = actions.put_hold(world.actor("legal_supervisor"), put)
    refused("erasing.held", lambda: actions.erase(supervisor, asked))
    actions.end_hold(supervisor, EndHold(her.code, second, 1, "settled"))
    actions.drop(supervisor, asked)
    actions.put_hold(supervisor, put)
    refused("erasing.held", lambda: actions.ask(supervisor, Ask(her.code, "whole", "other")))


def test_who_stays_here_keeps_her_file_and_nights_stay_counted(world: World, db: Any) -> None:
    code = resident(world, make_beds(world)["A"])
    hers = Her(world, code, client_id(code))
    refused("erasing.still-here", lambda: actions.ask(world.actor("supervisor"), Ask(code, "whole", "other")))
    stay = stay_of(code)
    leave(world.actor("caseworker"), Leave(code, stay.id, agency_today(), stay.days_version))
    days = days_of(code)
    erased(hers)
    kept = db.session.scalars(select(Stay)).one()
    assert (kept.client_id, kept.room, kept.party_id) == (hers.id, None, kept.id)
    assert days_of(code) == days


def test_two_records_of_one_person_go_together(her: Her) -> None:
    other = begin(her.world, called="Zeph")
    merge(her.world.actor("supervisor"), other, her.code)
    refused("erasing.merged", lambda: actions.ask(her.world.actor("supervisor"), Ask(other, "whole", "other")))
    asked = erased(her)
    about = queries.certificate(her.world.actor("steward"), asked).listed.about
    assert about
    assert about.done
    assert sorted(about.done.codes) == sorted([her.code, other])
    for code in (her.code, other):
        row = db.session.get_one(Client, client_id(code))
        assert (row.state, row.identity, row.merged_into) == ("erased", None, None)
