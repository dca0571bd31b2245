"""Invented case work of every day: notes, services, calls, appointments, safety plans and coded answers."""

import random
from datetime import UTC, date, datetime, time, timedelta

from shelter.cli.demo.founding import FictionalAgency
from shelter.cli.demo.people import Guest
from shelter.clients import facts as client_facts
from shelter.clients.models import HAPPENED, HERSELF, ClientCoded, Happened, Herself
from shelter.db import db
from shelter.db.sections import fill
from shelter.notes.models import NOTE_TEXT, Note, NoteText
from shelter.plans.models import (
    APPOINTMENT,
    PLAN_TEXT,
    SAFETY,
    Appointment,
    AppointmentText,
    Plan,
    PlanText,
    Review,
    SafetyPlan,
    SafetyText,
)
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.services import facts as service_facts
from shelter.services.models import ADVOCACY, COUNT, CountText, NobodysCount, Service, ServiceText

_A_QUARTER = 90
"""Days of services and calls, so that a quarter that is over has some of them."""
NOTES = (
    ("case", "She wants to see the school before her daughter starts. We go on Tuesday.", ("client", "interpreter")),
    ("case", "Called the housing office: two rooms will be free next month.", ("partner",)),
    ("case", "Bus card and a winter coat. She asked for a map with the market on it.", ("client",)),
    ("counselling", "Sleeps better since the light in the hall stays on. Wants to go on next week.", ("client",)),
)
GIVEN = (
    "case_management",
    "transport",
    "counselling",
    "safety_planning",
    "interpreting",
    "food_and_clothes",
    "support_group",
)
COMING = (
    ("meeting", "Clinic", time(10), "asked", "nobody_yet", "not_needed"),
    ("meeting", "School office", time(9, 30), "confirmed", "confirmed", "not_needed"),
    ("follow_up", "Ask how the first class was", None, "not_needed", "not_needed", "not_needed"),
    ("meeting", "Bank", time(14), "confirmed", "confirmed", "nobody_yet"),
)
SAFETY_LINES = {
    "signs": ["A grey van near the stop", "Calls without a number"],
    "out": ["Bus 14 from the back door", "Not alone on Fridays"],
    "phone": ["New number for school only"],
    "take": ["The blue bag", "Medicine, keys, the drawing"],
    "calm": ["The song from home", "Cold water on the hands"],
}


def everyday(actor: Actor, agency: FictionalAgency, luck: random.Random, guests: list[Guest], day: date) -> set[bytes]:
    """The work of the last weeks for everybody who is here, and counts that belong to nobody; whom it is about."""
    here = [guest for guest in guests if guest.here and not guest.person.is_child]
    for guest in here:
        _notes(actor, luck, guest, day)
        _plans(actor, luck, guest, day)
    _services(actor, luck, here, day)
    _coded(actor, luck, here)
    _counts(actor, agency, luck, day)
    left = [guest for guest in guests if not guest.here and not guest.person.is_child]
    _before(actor, random.Random(len(left)), left)
    db.session.flush()
    return {guest.client.id for guest in (*here, *left)}


def _since(guest: Guest, luck: random.Random, day: date, back: int = 21) -> date:
    """A day of the last three weeks, or of further `back`, on which she was here."""
    return max(guest.party.arrived, day - timedelta(days=luck.randint(1, back)))


def _at(day: date) -> datetime:
    return datetime.combine(day, time(18), UTC)


def _notes(actor: Actor, luck: random.Random, guest: Guest, day: date) -> None:
    chosen = luck.sample(NOTES, luck.randint(1, 3))
    days = sorted(_since(guest, luck, day) for _ in chosen)
    for place, ((kind, words, present), on) in enumerate(zip(chosen, days, strict=True), 1):
        note = Note(client_id=guest.client.id, place=place)
        text = NoteText(
            kind=kind,
            words=words,
            on=on,
            by=actor.id,
            at=_at(on),
            minutes=luck.choice((15, 30, 45)),
            present=list(present),
        )
        fill(actor, note, NOTE_TEXT, text)
        db.session.add(note)


def _services(actor: Actor, luck: random.Random, here: list[Guest], day: date) -> None:
    told = []
    for guest in here:
        for place, what in enumerate(luck.sample(GIVEN, 3), 1):
            row = Service(client_id=guest.client.id, place=place)
            on = _since(guest, luck, day, back=_A_QUARTER)
            text = ServiceText(what=what, on=on, by=actor.id, at=_at(on), minutes=luck.choice((20, 30, 60)))
            fill(actor, row, ADVOCACY, text)
            db.session.add(row)
            told.append((guest.client, row, Kind.ADVOCACY, text))
    db.session.flush()
    service_facts.given(actor, told)


def _plans(actor: Actor, luck: random.Random, guest: Guest, day: date) -> None:
    kind, what, at, interpreter, transport, childcare = luck.choice(COMING)
    row = Appointment(client_id=guest.client.id)
    text = AppointmentText(
        what=what,
        on=day + timedelta(days=luck.randint(0, 9)),
        by=actor.id,
        changed_at=_at(day),
        kind=kind,
        at=at,
        interpreter=interpreter,
        transport=transport,
        childcare=childcare,
        goes_along=luck.choice(("", "Rosa", "a volunteer")),
    )
    fill(actor, row, APPOINTMENT, text)
    db.session.add(row)
    plan = Plan(client_id=guest.client.id)
    seen = Review(on=_since(guest, luck, day), by=actor.id, at=_at(day), words="It goes on as agreed.")
    fill(actor, plan, PLAN_TEXT, PlanText(reviews=[seen]))
    db.session.add(plan)
    if luck.random() < 0.7:
        arrived = Review(on=guest.party.arrived, by=actor.id, at=_at(guest.party.arrived), words="arrival")
        safety = SafetyPlan(client_id=guest.client.id)
        pocket = ["Bus 14, back door", "Call M. and say: the cake is ready"]
        text_of = SafetyText(
            parts=SAFETY_LINES,
            pocket=pocket,
            changed_by=actor.id,
            changed_at=_at(guest.party.arrived),
            reviews=[arrived],
        )
        fill(actor, safety, SAFETY, text_of)
        db.session.add(safety)


def _coded(actor: Actor, luck: random.Random, guests: list[Guest]) -> None:
    told = []
    for guest in guests:
        row = ClientCoded(client_id=guest.client.id)
        labor = luck.random() < 0.55
        happened = Happened(
            trafficking_status="actual",
            trafficking_kind="labor" if labor else "sex",
            exploitation=["forced_labour"] if labor else ["sexual"],
            control=luck.sample(["debt_bondage", "withholds_documents", "threats_of_law", "takes_earnings"], 2),
            victimisations=["trafficking_labor" if labor else "trafficking_sex"],
            changed_by=actor.id,
        )
        herself = Herself(sex_asked="female", country=guest.person.country, changed_by=actor.id)
        fill(actor, row, HAPPENED, happened)
        fill(actor, row, HERSELF, herself)
        db.session.add(row)
        told.append((guest.client, row, happened, herself))
    db.session.flush()
    client_facts.answered(actor, told)


def _before(actor: Actor, luck: random.Random, left: list[Guest]) -> None:
    """Of people who are gone: what they told and the services of their stay, for reports of earlier quarters."""
    _coded(actor, luck, left)
    told = []
    for guest in left:
        for place, what in enumerate(luck.sample(GIVEN, luck.randint(1, 2)), 1):
            row = Service(client_id=guest.client.id, place=place)
            text = ServiceText(what=what, on=guest.party.arrived, by=actor.id, at=_at(guest.party.arrived), minutes=30)
            fill(actor, row, ADVOCACY, text)
            db.session.add(row)
            told.append((guest.client, row, Kind.ADVOCACY, text))
    db.session.flush()
    service_facts.given(actor, told)


def _counts(actor: Actor, agency: FictionalAgency, luck: random.Random, day: date) -> None:
    for place in range(1, 7):
        on = day - timedelta(days=luck.randint(0, _A_QUARTER))
        row = NobodysCount(site_id=agency.sites[0], place=place)
        flags = luck.choice((["anonymous"], ["repeat"], ["third_party", "anonymous"], []))
        text = CountText(kind="call", on=on, by=actor.id, at=_at(on), flags=list(flags), minutes=luck.randint(5, 40))
        fill(actor, row, COUNT, text)
        db.session.add(row)
        service_facts.counted(actor, row, text)
