"""Filling the fictional agency: three years of people, nights, plans, matters and papers that never were."""

import random
from collections.abc import Callable

from shelter.cli.demo import (
    around_stays,
    beds,
    care,
    casework,
    desk,
    law,
    outside,
    paperwork,
    people,
    registers,
    sheets,
)
from shelter.cli.demo.founding import FictionalAgency
from shelter.cli.demo.nights import parties
from shelter.cli.demo.staff import ZONE
from shelter.rules.clock import today
from shelter.trail.record import recorded

SEED = 25
SUPERVISOR = "supervisor-fern-41"
COUNSEL = "counsel-eagle-52"


def fill_agency(agency: FictionalAgency, say: Callable[[str], object]) -> None:
    """Everything a page or a report of the fictional agency shows, in a few large transactions."""
    luck, day = random.Random(SEED), today(ZONE)
    drawn = list(parties(luck, day))
    actor = agency.actor(SUPERVISOR)
    with recorded(actor, "demo:people") as unit:
        rooms = beds.furnish(agency)
        guests = people.enter(actor, agency, luck, drawn, rooms)
        unit.about(*(guest.client.id for guest in guests))
    say(f"  {len(guests)} people, {sum(guest.here for guest in guests)} of them in the beds tonight")
    with recorded(actor, "demo:casework") as unit:
        unit.about(*casework.plan(actor, agency, luck, guests, day), *casework.papers(actor, agency, luck, guests, day))
    with recorded(actor, "demo:stays") as unit:
        unit.about(*around_stays.agree(actor, agency, luck, guests, day))
    say("  plans, papers and what is agreed around stays")
    with recorded(actor, "demo:outside") as unit:
        unit.about(*outside.releases(actor, random.Random(SEED), guests, day))
    outside.left_by_partners(actor)
    say("  releases, referrals, and what partners left")
    with recorded(actor, "demo:care") as unit:
        unit.about(*care.everyday(actor, agency, luck, guests, day))
    say("  notes, services, appointments and safety plans")
    paperwork.work(agency, guests, day, SUPERVISOR, COUNSEL)
    law.matters(agency, luck, guests, day)
    say("  legal matters")
    desk.nights(agency, guests)
    say("  the night desk")
    sheets.left_waiting(actor, guests)
    registers.fill(agency, guests, day)
    say("  a demand, a breach, and a file to be erased")
