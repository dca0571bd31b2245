"""Whoever is not to know somebody any more keeps nothing about her: drafts, notices, copies, calendar entries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from shelter.accounts import actions as accounts
from shelter.accounts import drafts, emptying
from shelter.accounts.actions import ArrangeCover, Change, arrange_cover
from shelter.accounts.notices import NoticeKind, notify
from shelter.accounts.notices import mine as notices_of
from shelter.calendars import keeping
from shelter.calendars.ics import Words
from shelter.calendars.queries import fetched
from shelter.calendars.sealing import Entry, Marked
from shelter.clients import actions as people
from shelter.clients.queries import agency_today, card_of
from shelter.db import new_id
from shelter.db.aside import CalendarEntry, CalendarFeed, Draft, Message, SectionCopy
from shelter.legal import actions as matters
from shelter.legal.commands import AddVisit, Arrangements
from shelter.legal.models import Matter
from shelter.policy.roles import Role
from shelter.restricting import actions as restricting
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.trail.record import commit_reads, recorded
from tests.erasing.conftest import Her, her
from tests.restricting.test_restricting import ask, restricted, take_over

__all__ = ["her"]


def about_her(her: Her, who: str) -> None:
    """A page of hers opened and half a form typed, a notice in a compartment, one under her own key, a copy."""
    actor = her.world.actor(who)
    with recorded(her.world.actor("supervisor"), "told"):
        notify(her.world.actor("supervisor"), actor.id, NoticeKind.ASSIGNED, her.id, code=her.code)
    card_of(actor, her.code)
    commit_reads()
    drafts.keep(actor, f"/people/{her.code}/x", [("words", "half a sentence")])
    with recorded(None, "copied"):
        copy = SectionCopy(id=new_id(), client_id=her.id, reader_id=actor.id, ends=clock.now(), sealed=b"x")
        from shelter.db import db

        db.session.add(copy)


def kept(her: Her, who: str) -> dict[str, int]:
    """How many of each this person has."""
    from shelter.db import db

    me = her.world.members[who].id
    feeds = select(CalendarFeed.id).where(CalendarFeed.staff_id == me)
    of = {
        "drafts": select(func.count()).select_from(Draft).where(Draft.staff_id == me),
        "notices": select(func.count())
        .select_from(Message)
        .where(Message.reader_id == me, Message.client_id == her.id),
        "copies": select(func.count()).select_from(SectionCopy).where(SectionCopy.reader_id == me),
        "entries": select(func.count()).select_from(CalendarEntry).where(CalendarEntry.feed_id.in_(feeds)),
    }
    db.session.rollback()
    return {name: db.session.scalar(query) or 0 for name, query in of.items()}


NOTHING = {"drafts": 0, "notices": 0, "copies": 0, "entries": 0}


@pytest.fixture
def with_calendars(her: Her) -> Her:
    """Her advocate, and who stands in for her, keep her dates on their phones."""
    boss, advocate = her.world.actor("legal_supervisor"), her.world.actor("advocate")
    for one in (advocate, boss):
        matters.make_calendar(one)
    arrange_cover(boss, ArrangeCover(advocate.id, boss.id, agency_today(), agency_today()))
    return her


def test_a_conflict_of_interest_leaves_nothing_with_her_and_everything_with_others(with_calendars: Her) -> None:
    her = with_calendars
    for who in ("advocate", "caseworker"):
        about_her(her, who)
    assert all(kept(her, "advocate").values()), "there is something to lose"
    before = kept(her, "caseworker"), kept(her, "legal_supervisor")
    people.deny(her.world.actor("supervisor"), her.code, her.world.members["advocate"].id)
    assert kept(her, "advocate") == NOTHING
    assert (kept(her, "caseworker"), kept(her, "legal_supervisor")) == before
    told = [one.kind for one in notices_of(her.world.actor("advocate"))]
    assert NoticeKind.CALENDAR in told, "to fill it anew, and no word about whom"


def test_a_draft_of_somebody_who_never_opened_her_stays(her: Her) -> None:
    drafts.keep(her.world.actor("caseworker_two"), "/people/x", [("words", "of another")])
    people.deny(her.world.actor("supervisor"), her.code, her.world.members["caseworker_two"].id)
    assert kept(her, "caseworker_two")["drafts"] == 1


def test_drafts_end_before_a_look_is_forgotten() -> None:
    assert emptying.OPENED_LATELY > drafts.KEEP


def test_who_is_outside_a_roster_keeps_nothing_from_the_signature_on(with_calendars: Her) -> None:
    her = with_calendars
    for who in ("legal_supervisor", "advocate"):
        about_her(her, who)
    assert all(kept(her, "legal_supervisor").values())
    inside = kept(her, "advocate")
    restricting.sign(her.world.actor("steward"), ask(her))
    assert kept(her, "legal_supervisor") == NOTHING
    after = kept(her, "advocate")
    assert after["notices"] >= inside["notices"]
    assert {**after, "notices": 0} == {**inside, "notices": 0}
    about_her(her, "legal_supervisor")  # the old keys still open her until each part has gone over
    take_over(her)
    assert kept(her, "legal_supervisor") == NOTHING


@pytest.mark.parametrize("closed_by", ["a roster", "a conflict"])
def test_the_dates_come_back_to_no_phone_that_was_emptied_though_she_stands_in(
    with_calendars: Her, db: Any, closed_by: str
) -> None:
    """At the colleague's next sign-in, when a date changes, and at a fetch of whatever stands there."""
    her, day, words = with_calendars, agency_today(), Words("Deadline", "Appointment")
    advocate, boss = her.world.actor("advocate"), her.world.actor("legal_supervisor")
    hers, address = matters.make_calendar(advocate), matters.make_calendar(boss)
    assert her.code in (fetched(address, words) or "")
    if closed_by == "a roster":
        restricted(her)
    else:
        people.deny(her.world.actor("supervisor"), her.code, boss.id)
    assert kept(her, "legal_supervisor")["entries"] == 0
    advocate = her.world.actor("advocate")
    matters.keep_calendars(advocate)
    assert kept(her, "legal_supervisor")["entries"] == 0
    matter = db.session.scalars(select(Matter.id).where(Matter.client_id == her.id)).one()
    matters.add_visit(advocate, AddVisit(her.code, matter, day + timedelta(days=9), Arrangements("talk")))
    assert kept(her, "legal_supervisor")["entries"] == 0
    with recorded(None, "put there by hand"):
        keeping.tell([boss.id], [Marked(new_id(), Entry(day, her.code))], [], day)
    assert kept(her, "legal_supervisor")["entries"] == 1
    assert her.code not in (fetched(address, words) or "")
    assert her.code in (fetched(hers, words) or ""), "on the phone of her own advocate it stays"


def test_whoever_leaves_takes_nothing_along_and_her_phone_is_empty(with_calendars: Her, db: Any) -> None:
    her = with_calendars
    about_her(her, "advocate")
    accounts.dismiss(her.world.actor("administrator"), her.world.members["advocate"].id)
    assert kept(her, "advocate") == NOTHING
    assert not db.session.scalar(
        select(CalendarFeed.id).where(CalendarFeed.staff_id == her.world.members["advocate"].id)
    )


def test_other_work_takes_what_the_old_work_had(with_calendars: Her, db: Any) -> None:
    her, who = with_calendars, with_calendars.world.members["advocate"].id
    about_her(her, "advocate")
    version = accounts._colleague(who).house_version
    accounts.change_colleague(
        her.world.actor("administrator"),
        Change(who, version, "Ada", "Ada", "", 0, frozenset({Role.SHELTER_STAFF}), (her.world.sites["north"],)),
    )
    left = kept(her, "advocate")
    assert (left["copies"], left["entries"]) == (0, 0)


def test_two_records_of_one_person_close_both_to_whom_one_was_closed(her: Her) -> None:
    from tests.factories import clients

    other = clients.begin(her.world)
    people.deny(her.world.actor("supervisor"), other, her.world.members["advocate"].id)
    about_her(her, "advocate")
    people.merge(her.world.actor("supervisor"), other, her.code)
    assert kept(her, "advocate") == NOTHING


def test_an_advocate_with_a_conflict_does_not_stand_in_the_way_of_a_restriction(her: Her) -> None:
    people.deny(her.world.actor("supervisor"), her.code, her.world.members["advocate"].id)
    with pytest.raises(Broken):
        ask(her)
    restricted(her, "supervisor", "caseworker", "legal_supervisor")
