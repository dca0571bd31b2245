"""Invented people as records: identity, desk card, household, worker, stay, and what the fact ledger is told."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from shelter.cli.demo.founding import FictionalAgency
from shelter.cli.demo.nights import Party
from shelter.cli.demo.persons import Person
from shelter.cli.demo.staff import ZONE
from shelter.clients import directory
from shelter.clients import facts as client_facts
from shelter.clients.models import (
    DESK_CARD,
    IDENTITY,
    Assignment,
    Birth,
    Client,
    ContactRule,
    DeskCard,
    Household,
    HouseholdMember,
    Identity,
)
from shelter.db import db, new_id
from shelter.db.sections import fill
from shelter.policy.actor import Actor
from shelter.rules.clock import today
from shelter.rules.codes import new_code
from shelter.stays import facts as stay_facts
from shelter.stays.models import ROOM, Room, Stay, StayBed

CASEWORKERS = (
    ("caseworker-lark-42", "caseworker-wren-43"),
    ("caseworker-dove-44",),
    ("caseworker-finch-45",),
)


SOURCES = ("police", "sheriff", "task_force", "hotline", "hospital", "hotel", "self", "partner")


@dataclass(frozen=True, slots=True)
class Guest:
    """One person of the fictional agency, with the stay she came for."""

    client: Client
    identity: Identity
    person: Person
    party: Party
    stay: Stay

    @property
    def here(self) -> bool:
        return self.party.left is None


def enter(
    actor: Actor, agency: FictionalAgency, luck: random.Random, drawn: Sequence[Party], rooms: list[list[int]]
) -> list[Guest]:
    """Every person of every party, in the caller's transaction."""
    drafts = [
        (party, person, Client(code=new_code(), site_id=agency.sites[party.site]), _identity(luck, party, person))
        for party in drawn
        for person in party.people
    ]
    directory.keep_many(actor, [(client.id, identity) for _, _, client, identity in drafts])
    guests: list[Guest] = []
    for party in drawn:
        here = [draft for draft in drafts[len(guests) : len(guests) + len(party.people)] if draft[0] is party]
        guests += _party(actor, agency, luck, party, rooms[party.room], here)
    db.session.flush()
    tell_facts(actor, guests)
    return guests


def tell_facts(actor: Actor, guests: list[Guest]) -> None:
    """What every caseworker's change would have told the ledger by now."""
    told = [(guest.client.id, guest.client.identity_version, guest.identity) for guest in guests]
    client_facts.changed_many(actor, told)
    stay_facts.changed(actor, [guest.stay.id for guest in guests])


def _party(
    actor: Actor,
    agency: FictionalAgency,
    luck: random.Random,
    party: Party,
    room: list[int],
    drafts: list[tuple[Party, Person, Client, Identity]],
) -> list[Guest]:
    worker = agency.keys[luck.choice(CASEWORKERS[party.site])].user_id
    household, together = Household(), new_id()
    if len(drafts) > 1:
        db.session.add(household)
    guests = []
    for place, (_, person, client, identity) in enumerate(drafts):
        fill(actor, client, IDENTITY, identity)
        fill(actor, client, DESK_CARD, _desk_card(person))
        stay = Stay(
            client_id=client.id,
            site_id=agency.sites[party.site],
            party_id=together,
            head=place == 0,
            state="ended" if party.left else "open",
        )
        fill(actor, stay, ROOM, _room(luck, party))
        db.session.add_all((client, stay))
        db.session.flush()
        db.session.add(Assignment(client_id=client.id, staff_id=worker, kind="case"))
        db.session.add(
            StayBed(
                stay_id=stay.id,
                bed_number=room[party.places[place]],
                from_day=party.arrived,
                until_day=party.left,
            )
        )
        if len(drafts) > 1:
            db.session.add(HouseholdMember(household_id=household.id, client_id=client.id, head=place == 0))
        guests.append(Guest(client, identity, person, party, stay))
    return guests


def _identity(luck: random.Random, party: Party, person: Person) -> Identity:
    told = luck.random()
    exact = Birth(precision="exact", year=person.born, month=person.month, day=person.day)
    about = Birth(precision="approximate", year=person.born)
    return Identity(
        working_name=person.working_name,
        legal_name=person.legal_name,
        aliases=list(person.aliases),
        birth=exact if told < 0.8 else about if told < 0.97 else Birth(precision="declined"),
        pronouns=person.pronouns,
        languages=list(person.languages),
        contact=[] if person.is_child or luck.random() < 0.3 else [_contact(luck, party)],
        referral_source=luck.choice(SOURCES),
        relationship_to_head="child" if person.is_child else "self",
        since=party.arrived,
    )


def _contact(luck: random.Random, party: Party) -> ContactRule:
    """A number from the range kept for fiction (555-0100 to 555-0199)."""
    confirmed = (party.left or today(ZONE)) - timedelta(days=luck.randint(1, 45))
    return ContactRule(
        channel="text",
        allowed="allowed",
        value=f"+1 213 555 01{luck.randint(0, 99):02d}",
        hours_from=time(9),
        hours_to=time(17),
        say="it is the dentist",
        code_word=luck.choice(("lemon", "bicycle", "garden", "blue door")),
        confirmed=max(confirmed, party.arrived),
    )


def _desk_card(person: Person) -> DeskCard:
    return DeskCard(
        working_name=person.working_name,
        pronouns=person.pronouns,
        languages=list(person.languages),
        room_needs=list(person.room_needs),
        allergies=person.allergies,
    )


def _room(luck: random.Random, party: Party) -> Room:
    if party.left is not None:
        return Room()
    return Room(expected_exit=today(ZONE) + timedelta(days=luck.randint(2, 40)))
