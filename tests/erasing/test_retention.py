"""What the clock marks and purges, what a hold keeps from it, and what the dry run counts."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from shelter.clients import actions as people
from shelter.clients.models import Client, DoorAlert
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.aside import Message
from shelter.db.keystore import KeyDek
from shelter.db.owed import Owing, owed
from shelter.db.sections import INVENTORY
from shelter.db.transaction import write_transaction
from shelter.desk.actions import books, requests
from shelter.desk.alerts import follow_those_left
from shelter.desk.models import DoorEntry, HandOver, IncidentReport, RequestTurnedAway
from shelter.erasing import actions, queries, upkeep
from shelter.erasing.actions import Ask, EndHold, PutHold
from shelter.erasing.models import Erasure
from shelter.plans.actions import CloseCase, ReopenCase, close_case, reopen_case
from shelter.referrals.actions import Close, close
from shelter.referrals.models import DroppedReferral
from shelter.rules.clock import frozen, now
from shelter.rules.limits import limits
from shelter.rules.retention import last_keep_until, load_retention, retention
from shelter.rules.rulefile import BadRuleFile
from shelter.stays.actions import Admit, Leave, admit, leave
from shelter.trail.models import Trail, TrailDetail
from shelter.trail.proof import prove
from shelter.trail.record import recorded
from tests.factories import referrals
from tests.factories.agency import World
from tests.factories.clients import begin, client_id
from tests.factories.stays import make_beds, stay_of, tonight


def run(*duties: Any) -> None:
    for duty in duties or upkeep.DUTIES:
        with write_transaction():
            duty(now())


def closed(world: World, year: int) -> str:
    code = begin(world)
    close_case(world.actor("caseworker"), CloseCase(code, date(year, 5, 1), "moved"))
    return code


def marked() -> dict[str, tuple[str, str]]:
    rows = db.session.execute(select(Client.code, Erasure.state, Erasure.scope).join(Client))
    return {row[0]: (row[1], row[2]) for row in rows}


def test_closed_files_are_marked_and_nothing_of_them_is_opened(world: World, db: Any) -> None:
    this = agency_today().year
    codes = {back: closed(world, this - back) for back in (0, 3, 4, 7, 8)}
    run()
    assert marked() == {
        codes[4]: ("due", "narrative"),
        codes[7]: ("due", "narrative"),
        codes[8]: ("due", "whole"),
    }
    run()
    assert len(marked()) == 3, "twice is once"
    assert queries.waiting(world.actor("supervisor")).due == 3
    assert queries.waiting(world.actor("caseworker")).due == 0


def test_the_dry_run_says_what_another_rule_would_mark(world: World, db: Any) -> None:
    this = agency_today().year
    for back in (5, 6, 8):
        closed(world, this - back)
    run()
    found, held = queries.rules(world.actor("steward"))
    whole = next(one for one in found if one.kept.code == "whole")
    assert dict(whole.tried) == {5: 2, 6: 1, 7: 1, 8: 0}
    assert held == 0


def test_a_case_begun_again_or_held_is_marked_no_more(world: World, db: Any) -> None:
    this = agency_today().year
    again, held = closed(world, this - 9), closed(world, this - 9)
    run()
    assert set(marked()) == {again, held}
    reopen_case(world.actor("caseworker"), ReopenCase(again, "she came back"))
    actions.put_hold(world.actor("supervisor"), PutHold(held, "audit", "", agency_today() + timedelta(days=30)))
    run()
    assert marked() == {}
    assert queries.rules(world.actor("steward"))[1] == 1


def test_what_is_let_be_is_asked_again_in_a_year(world: World, db: Any) -> None:
    code = closed(world, agency_today().year - 9)
    run()
    due = db.session.scalars(select(Erasure.id)).one()
    db.session.rollback()
    actions.drop(world.actor("supervisor"), due)
    run()
    assert {one.state for one in db.session.scalars(select(Erasure))} == {"dropped"}
    db.session.rollback()
    with frozen(datetime(agency_today().year + 1, 1, 2, tzinfo=UTC) + timedelta(days=1)):
        run()
        assert marked()[code][0] == "due"


def test_a_hold_asks_to_be_looked_at_on_its_day(world: World, db: Any) -> None:
    code = begin(world)
    actions.put_hold(world.actor("supervisor"), PutHold(code, "claim", "words", agency_today() + timedelta(days=2)))
    assert queries.to_review(world.actor("supervisor")) == []
    db.session.rollback()
    with frozen(now() + timedelta(days=3)):
        assert [one.code for one in queries.to_review(world.actor("supervisor"))] == [code]
        assert queries.to_review(world.actor("caseworker")) == []


def test_notices_go_by_the_clock_but_not_those_of_somebody_held(world: World, db: Any) -> None:
    from shelter.clients.actions import send_message

    free, held = begin(world), begin(world)
    for code in (free, held):
        send_message(world.actor("caseworker"), code, world.members["supervisor"].id, "words")
    actions.put_hold(world.actor("supervisor"), PutHold(held, "claim", "", agency_today() + timedelta(days=30)))
    with frozen(now() + timedelta(days=200)):
        run()
        kept = db.session.scalars(select(Message.client_id).where(Message.client_id.is_not(None))).all()
        assert set(kept) == {client_id(held)}
        purged = db.session.scalars(select(Trail.act).where(Trail.act == "purged")).all()
        assert len(purged) == 1
        assert prove().holds


def test_a_closed_referral_goes_with_its_key_when_its_month_is_over(world: World, db: Any) -> None:
    token = referrals.address(world)
    referrals.leave(token)
    referrals.leave(token)
    waits, shut = referrals.dropped()
    db.session.rollback()
    close(world.actor("caseworker"), Close(shut.id, "other", "not for us"))
    run()
    rows = {row.id: row.keep_until for row in db.session.scalars(select(DroppedReferral))}
    assert rows[waits.id] is None
    assert rows[shut.id] > agency_today() + timedelta(days=limits()["dropped_days"].default)
    db.session.rollback()
    with frozen(datetime.combine(rows[shut.id], datetime.min.time(), UTC) + timedelta(days=2)):
        run()
        assert list(db.session.scalars(select(DroppedReferral.id))) == [waits.id]
        assert db.session.scalars(select(KeyDek).where(KeyDek.subject_id == shut.id)).all() == []


def test_details_of_the_trail_go_after_years_and_the_proof_holds(world: World, db: Any) -> None:
    with recorded(world.actor("caseworker"), "tried") as unit:
        unit.detail["words"] = "a search"
    assert db.session.scalars(select(TrailDetail.seq)).all()
    db.session.rollback()
    with frozen(now() + timedelta(days=366 * limits()["detail_years"].default)):
        run()
        first = db.session.scalars(select(Trail.seq).where(Trail.act == "purged")).one()
        assert [one for one in db.session.scalars(select(TrailDetail.seq)) if one < first] == []
        assert prove().holds


def test_an_alert_follows_a_stay_that_the_desk_ended(world: World, db: Any) -> None:
    from shelter.clients.actions import save_danger
    from shelter.clients.parts import SaveDanger

    code = begin(world)
    save_danger(world.actor("supervisor"), SaveDanger(code, 0, "", ("Mortimer",), description="scar"))
    with recorded(None, "sites"):
        from shelter.accounts.models import StaffSite

        for who in ("caseworker", "desk"):
            db.session.add(StaffSite(staff_id=world.members[who].id, site_id=world.sites["south"]))
    admit(world.actor("caseworker"), Admit(code, make_beds(world, "south")["A"], tonight()))
    sites = lambda: set(db.session.scalars(select(DoorAlert.site_id)))  # noqa: E731
    assert sites() == {world.sites["north"], world.sites["south"]}
    stay = stay_of(code)
    db.session.rollback()
    leave(world.actor("desk"), Leave(code, stay.id, tonight(), stay.days_version))
    assert owed(Owing.ALERTS) == [client_id(code)]
    db.session.rollback()
    follow_those_left(world.actor("caseworker"))
    assert sites() == {world.sites["north"]}
    assert owed(Owing.ALERTS) == []


def test_the_rules_read_as_data_and_a_rule_without_a_number_is_refused(tmp_path: Path) -> None:
    assert {one.limit for one in retention()} <= set(limits())
    assert last_keep_until(date(2026, 6, 1), 7, 7) == date(2026, 1, 1)
    assert last_keep_until(date(2026, 6, 1), 7, 3) == date(2030, 1, 1)
    bad = tmp_path / "retention.toml"
    bad.write_text('[[kind]]\ncode = "x"\nlabel = "x"\nlimit = "nobody_knows"\nby = "clock"\n')
    with pytest.raises(BadRuleFile):
        load_retention(bad)


def test_asking_takes_over_what_was_due(world: World, db: Any) -> None:
    code = closed(world, agency_today().year - 9)
    run()
    asked = actions.ask(world.actor("supervisor"), Ask(code, "whole", "time"))
    assert marked() == {code: ("asked", "whole")}
    assert db.session.get_one(Erasure, asked).about is not None


def write_books(world: World) -> None:
    """A note for the next shift, somebody at the door, and something that happened."""
    desk, site = world.actor("desk"), world.sites["north"]
    books.hand_over(desk, site, "the lamp is out", "all asleep")
    books.write_door(desk, books.Came(site, "visitor", "the plumber", "", ()))
    owner = world.members["caseworker"].id
    fall = books.Report(
        site, "accident", agency_today(), None, "slipped", (), "", police=False, child=False, owner=owner
    )
    books.report(desk, fall)


def in_books() -> list[int]:
    models = (HandOver, DoorEntry, IncidentReport)
    return [db.session.scalar(select(func.count()).select_from(one)) or 0 for one in models]


def test_books_of_a_house_go_by_whole_months_and_reports_stay_longer(world: World, db: Any) -> None:
    write_books(world)
    run()
    days, years = limits()["book_days"].default, limits()["incident_years"].default
    with frozen(now() + timedelta(days=days)):
        run()
        assert in_books() == [1, 1, 1], "its month is not over"
    with frozen(now() + timedelta(days=days + 32)):
        counted = {one.kept.code: dict(one.tried) for one in queries.rules(world.actor("steward"))[0]}
        db.session.rollback()
        assert counted["books"] == {days // 2: 2, days: 2, days * 2: 0}, "the dry run counts what will go"
        assert counted["incidents"][years] == 0
        run()
        assert in_books() == [0, 0, 1]
        write_books(world)
        run()
        assert in_books() == [1, 1, 2], "the books go on"
    with frozen(now() + timedelta(days=366 * years + 32)):
        run()
        assert in_books() == [0, 0, 1]
        assert prove().holds


def test_books_stay_while_somebody_who_stayed_there_is_held(world: World, db: Any) -> None:
    code, beds = begin(world), make_beds(world)
    admit(world.actor("caseworker"), Admit(code, beds["A"], tonight()))
    write_books(world)
    run()
    review = agency_today() + timedelta(days=600)
    hold = actions.put_hold(world.actor("supervisor"), PutHold(code, "claim", "", review))
    with frozen(now() + timedelta(days=500)):
        run()
        assert in_books() == [1, 1, 1]
        actions.end_hold(world.actor("supervisor"), EndHold(code, hold, 1, "settled"))
        run()
        assert in_books() == [0, 0, 1]


def turn_away(world: World) -> None:
    requests.turn_away(world.actor("desk"), requests.TurnAway(world.sites["north"], agency_today(), 1, 2, "full", ""))


def test_requests_turned_away_go_by_whole_months_with_their_keys(world: World, db: Any) -> None:
    turn_away(world)
    run()
    (first,) = db.session.scalars(select(RequestTurnedAway.id)).all()
    assert db.session.scalars(select(KeyDek).where(KeyDek.subject_id == first)).all()
    years = limits()["request_years"].default
    db.session.rollback()
    with frozen(now() + timedelta(days=365 * years - 1)):
        turn_away(world)
        run()
        assert len(db.session.scalars(select(RequestTurnedAway.id)).all()) == 2, "its time is not over"
    db.session.rollback()
    with frozen(now() + timedelta(days=366 * years + 32)):
        run()
        (kept,) = db.session.scalars(select(RequestTurnedAway.id)).all()
        assert kept != first
        assert db.session.scalars(select(KeyDek).where(KeyDek.subject_id == first)).all() == []
        assert db.session.scalars(select(KeyDek).where(KeyDek.subject_id == kept)).all()
        assert prove().holds


def test_every_sealed_section_has_a_rule_of_how_long_it_is_kept() -> None:
    """Each names a kind of `retention.toml`, or what else ends it: none is kept for no reason."""
    ends = {
        "client-file": "the file", "item": "its own end", "agency": "changed by the agency", "site": "the site",
        "published": "never: what was published stays published", "staff": "the account", "trail": "with the trail",
        "until-completed": "completed", "until-served": "served",
    }  # fmt: skip
    kinds = {one.code for one in retention()}
    assert {section.retention for section in INVENTORY.values()} - kinds - set(ends) == set()


def in_tables() -> Counter[Any]:
    tables = (Message, DroppedReferral, HandOver, DoorEntry, IncidentReport, RequestTurnedAway)
    found = {one: db.session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}
    db.session.rollback()
    return Counter(found)


@pytest.mark.parametrize("days", [0, 40, 100, 200, 400, 3000])
def test_the_dry_run_counts_what_the_clock_then_takes(world: World, db: Any, days: int) -> None:
    code = begin(world)
    people.send_message(world.actor("caseworker"), code, world.members["supervisor"].id, "words")
    token = referrals.address(world)
    referrals.leave(token)
    shut = referrals.dropped()[0].id
    db.session.rollback()
    close(world.actor("caseworker"), Close(shut, "other", "not for us"))
    write_books(world)
    turn_away(world)
    run()
    with frozen(now() + timedelta(days=days)):
        rules, _ = queries.rules(world.actor("steward"))
        found = {one.kept.code: dict(one.tried)[one.value] for one in rules if one.kept.by == "clock"}
        before = in_tables()
        run(upkeep.purge)
        gone = before - in_tables()
        assert found["notices"] == gone[Message]
        assert found["dropped"] == gone[DroppedReferral]
        assert found["books"] == gone[HandOver] + gone[DoorEntry]
        assert found["incidents"] == gone[IncidentReport]
        assert found["requests"] == gone[RequestTurnedAway]
