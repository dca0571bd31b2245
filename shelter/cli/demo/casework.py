"""Invented plans and papers: goals as somebody might say them, steps, and passports on their way back."""

import random
import secrets
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from shelter.cli.demo.founding import FictionalAgency
from shelter.cli.demo.people import Guest
from shelter.db import db
from shelter.db.inbox import emit
from shelter.db.sections import fill
from shelter.documents import facts as paper_facts
from shelter.documents.actions import packs
from shelter.documents.known import Known
from shelter.documents.models import PAPER_TEXT, Paper, PaperText
from shelter.plans import facts as plan_facts
from shelter.plans.models import GOAL_TEXT, Change, Goal, GoalText, Step
from shelter.policy.actor import Actor

GOALS = (
    ("housing", "A room with a door I can lock", ("Look at two rooms together", "Ask the housing office for the form")),
    ("documents", "I want my passport back", ("Write down where she last saw it", "Ask counsel before anybody calls")),
    ("work", "Work where they pay me", ("Make a list of what I can do", "Practise one interview")),
    ("children", "School for my daughter, close by", ("Call the school about papers", "Visit the school with her")),
    ("health", "Sleep through a night", ("See the doctor who speaks my language", "Try the quiet room")),
    ("education", "Read English well enough for the bus", ("Join the class on Tuesdays",)),
    ("community", "Speak to my mother again, safely", ("Talk about a safe way to call",)),
    ("money", "An account in my own name", ("Ask the bank which papers it takes",)),
)
HOLDERS = (
    ("with_trafficker", "The man who drove her", "Long Beach"),
    ("with_employer", "The owner of the restaurant", "Riverside"),
    ("with_trafficker", "A cousin of his", "Las Vegas"),
    ("lost", "", "On the bus"),
    ("in_hand", "", ""),
)


def plan(actor: Actor, agency: FictionalAgency, luck: random.Random, guests: list[Guest], day: date) -> set[bytes]:
    """Goals and steps of everybody who is here, and of some who left; the clients they are about."""
    about: set[bytes] = set()
    set_down = []
    for guest in guests:
        if guest.person.is_child or not (guest.here or luck.random() < 0.12):
            continue
        for area, words, steps in luck.sample(GOALS, luck.randint(1, 3)):
            set_down.append((guest.client, *_goal(actor, luck, guest, day, area, words, steps)))
        about.add(guest.client.id)
    db.session.flush()
    emit(actor, [plan_facts.of_goal(*one) for one in set_down if one[2].reached_on])
    return about


def _goal(
    actor: Actor, luck: random.Random, guest: Guest, day: date, area: str, words: str, steps: tuple[str, ...]
) -> tuple[Goal, GoalText]:
    made = _moment(guest.party.arrived + timedelta(days=luck.randint(1, 6)), luck)
    state = "active" if guest.here else luck.choice(("reached", "reached", "set-aside"))
    text = GoalText(
        words=words,
        area=area,
        language="",
        state=state,
        reached_on=guest.party.left if state == "reached" else None,
        steps=[_step(actor, luck, guest, day, what, made) for what in steps],
        changed_by=actor.id,
        changed_at=made,
    )
    goal = Goal(client_id=guest.client.id)
    fill(actor, goal, GOAL_TEXT, text)
    db.session.add(goal)
    return goal, text


def _step(actor: Actor, luck: random.Random, guest: Guest, day: date, what: str, made: datetime) -> Step:
    done = not guest.here or luck.random() < 0.4
    changes = [Change(at=made, by=actor.id, what="made")]
    if done:
        changes.append(Change(at=made + timedelta(days=luck.randint(1, 12)), by=actor.id, what="done"))
    return Step(
        id=secrets.token_hex(4),
        what=what,
        owner=luck.choice(("client", "staff", "client", "partner")),
        due=day + timedelta(days=luck.randint(-4, 21)) if guest.here else guest.party.left,
        state="done" if done else "open",
        changes=changes,
    )


def _moment(day: date, luck: random.Random) -> datetime:
    return datetime.combine(day, time(luck.randint(16, 23), luck.randint(0, 59)), UTC)


def papers(actor: Actor, agency: FictionalAgency, luck: random.Random, guests: list[Guest], day: date) -> set[bytes]:
    """Passports of people who came from elsewhere: who has them, and where they were last seen."""
    about: set[bytes] = set()
    written = []
    for guest in guests:
        if guest.person.is_child or guest.person.country == "USA" or luck.random() > (0.7 if guest.here else 0.1):
            continue
        state, holder, place = luck.choice(HOLDERS)
        seen = guest.party.arrived - timedelta(days=luck.randint(10, 300))
        text = PaperText(
            kind="foreign_passport",
            country=guest.person.country,
            printed_name=guest.person.legal_name.upper(),
            state="returned" if state != "in_hand" and guest.party.left else state,
            held_by="" if guest.party.left else holder,
            seen_when=Known(year=seen.year, month=seen.month, approximate=True) if place else None,
            seen_where=place,
            seen_by="she herself" if place else "",
            **_course(state, guest),
            changed_by=actor.id,
            changed_at=_moment(guest.party.arrived, luck),
        )
        paper = Paper(client_id=guest.client.id)
        fill(actor, paper, PAPER_TEXT, text)
        db.session.add(paper)
        written.append((guest.client, paper, text))
        about.add(guest.client.id)
    db.session.flush()
    told = [paper_facts.of_paper(*one) for one in written]
    emit(actor, [one for one in told if not one.deleted])
    for client, _paper, _text in written:
        packs.keep(actor, client)
    return about


def _course(state: str, guest: Guest) -> dict[str, Any]:
    """Since when a paper is not with her, as she told it when she came, and that it came back before she left."""
    if state == "in_hand":
        return {}
    arrived = guest.party.arrived
    gone = {"missing_on": arrived, "withheld_on": None if state == "lost" else arrived}
    back = {"back_on": guest.party.left, "back_how": "replaced" if state == "lost" else "recovered"}
    return gone | (back if guest.party.left else {})
