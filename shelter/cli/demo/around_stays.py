"""Invented agreements around stays: limits of the houses, who may come, more time, answers for funders, calls after."""

import random
from datetime import UTC, date, datetime, time, timedelta

from shelter.answers.models import ANSWERS, Answers, StayAnswers
from shelter.cli.demo.founding import FictionalAgency
from shelter.cli.demo.people import Guest
from shelter.course.models import (
    AFTERWARDS,
    EXPECTED,
    MORE_TIME,
    Afterwards,
    Call,
    Coming,
    Expected,
    Extension,
    FollowUp,
    MoreTime,
    Turn,
)
from shelter.db import db
from shelter.db.sections import fill
from shelter.policy.actor import Actor
from shelter.rules.afterwards import follow_up_days
from shelter.rules.interview import Stage
from shelter.stays.models import LEAVING, HouseRules, Leaving, StayExit

LIMIT = 60
"""Nights of a stay in the first two houses; the third has no limit."""
REASONS = ("School ends in a month", "The landlord moves the day", "Her sister arrives in spring")
LIVED = ("family", "friends", "outside", "hotel", "rental", "other_shelter")
WENT = ("own_rental_subsidy", "family_for_good", "transitional", "friends_for_now", "no_talk")
LATELY = 150  # days, in which somebody who left may be called


def agree(actor: Actor, agency: FictionalAgency, luck: random.Random, guests: list[Guest], day: date) -> set[bytes]:
    """In the caller's transaction; the clients it is about."""
    for site in agency.sites[:2]:
        db.session.add(HouseRules(site_id=site, hold_minutes=90, stay_limit=LIMIT))
    about: set[bytes] = set()
    for guest in guests:
        if guest.person.is_child or not guest.stay.head:
            if guest.here:
                _came_along(actor, guest)
                about.add(guest.client.id)
            continue
        if guest.here:
            _here(actor, luck, guest, day)
        elif guest.party.left and guest.party.left > day - timedelta(days=LATELY):
            _left(actor, luck, guest, guest.party.left)
        else:
            continue
        about.add(guest.client.id)
    db.session.flush()
    return about


def _here(actor: Actor, luck: random.Random, guest: Guest, day: date) -> None:
    arrived = guest.party.arrived
    turns = [
        Turn(state=state, at=_moment(arrived - timedelta(days=before), 11), by=actor.id)
        for state, before in (("referred", 4), ("screened", 2), ("accepted", 1))
    ]
    coming = Coming(client_id=guest.client.id, site_id=guest.stay.site_id)
    words = Expected(state="accepted", day=arrived, people=len(guest.party.people), referred_by="hotline", turns=turns)
    fill(actor, coming, EXPECTED, words)
    db.session.add(coming)
    if luck.random() < 0.8:
        _answers(actor, luck, guest, Stage.ENTRY, arrived + timedelta(days=1))
    if (day - arrived).days > LIMIT - 10:
        asked = MoreTime(
            until=arrived + timedelta(days=LIMIT + 45),
            reason=luck.choice(REASONS),
            asked_by=actor.id,
            asked_at=_moment(day - timedelta(days=3), 10),
        )
        row = Extension(client_id=guest.client.id, stay_id=guest.stay.id)
        fill(actor, row, MORE_TIME, asked)
        db.session.add(row)


def _left(actor: Actor, luck: random.Random, guest: Guest, left: date) -> None:
    words = Leaving(
        destination=luck.choice(WENT),
        safety_plan=luck.choice(("together", "together", "has_her_own")),
        safe_after="yes",
        exit_talk=luck.choice(("held", "offered")),
        keep="usual",
    )
    row = StayExit(stay_id=guest.stay.id, client_id=guest.client.id)
    fill(actor, row, LEAVING, words)
    db.session.add(row)
    _answers(actor, luck, guest, Stage.ENTRY, guest.party.arrived)
    if luck.random() < 0.5:
        calls = [Call(days=days, due=due) for days, due in follow_up_days(left)]
        after = FollowUp(client_id=guest.client.id, stay_id=guest.stay.id)
        agreed = Afterwards(left=left, agreed_at=_moment(left, 9), agreed_by=actor.id, calls=calls)
        fill(actor, after, AFTERWARDS, agreed)
        db.session.add(after)


def _answers(actor: Actor, luck: random.Random, guest: Guest, stage: Stage, on: date) -> None:
    chosen = {
        "living_situation": [luck.choice(LIVED)],
        "disabling": [luck.choice(("yes", "no", "no"))],
        "survivor": ["yes"],
        "fleeing": [luck.choice(("yes", "no"))],
        "any_income": ["no"],
        "any_benefit": ["yes"],
        "benefit": ["SNAP"],
    }
    _kept(actor, guest, stage, on, chosen, {"violence_when": "prefers_not", "disability": "not_today"})


def _kept(
    actor: Actor, guest: Guest, stage: Stage, on: date, chosen: dict[str, list[str]], skipped: dict[str, str]
) -> None:
    words = Answers(stage=stage, on=on, chosen=chosen, skipped=skipped, by=actor.id, at=_moment(on, 15))
    row = StayAnswers(client_id=guest.client.id, stay_id=guest.stay.id)
    fill(actor, row, ANSWERS, words)
    db.session.add(row)


def _came_along(actor: Actor, guest: Guest) -> None:
    """What is asked of a child, and of somebody grown who heads no household."""
    grown = {} if guest.person.is_child else {"survivor": ["yes"], "any_income": ["no"], "any_benefit": ["no"]}
    chosen = {"disabling": ["no"], "any_insurance": ["yes"], "insurance": ["Medicaid"]} | grown
    _kept(actor, guest, Stage.ENTRY, guest.party.arrived + timedelta(days=1), chosen, {})


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 30), UTC)
