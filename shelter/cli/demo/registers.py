"""What the fictional agency shows of its registers: a subpoena half answered, a telephone lost, a file to be erased."""

from datetime import date, timedelta

from shelter.cli.demo.founding import FictionalAgency
from shelter.cli.demo.people import Guest
from shelter.demands import actions as demands
from shelter.demands.actions import Answer, Arrived, Change, Found, Notice, Tell
from shelter.erasing import actions as erasing
from shelter.erasing.actions import Ask
from shelter.rules.clock import now

DESK, DIRECTOR, SUPERVISOR = "desk-otter-61", "director-river-31", "supervisor-fern-41"
LONG_GONE = timedelta(days=200)


def fill(agency: FictionalAgency, guests: list[Guest], day: date) -> None:
    """Each through the same use-cases as the pages."""
    _subpoena(agency, next(one.client.code for one in guests if one.here and not one.person.is_child), day)
    _lost_telephone(agency)
    gone = (one for one in guests if one.party.left is not None and day - one.party.left > LONG_GONE)
    erasing.ask(agency.actor(SUPERVISOR), Ask(next(gone).client.code, "narrative", "she-asked"))


def _subpoena(agency: FictionalAgency, code: str, day: date) -> None:
    wants = "All notes and records about her stay since March."
    arrived = Arrived("subpoena", "County Superior Court, Department 12", wants, "26-4471", "no", day, None)
    demand = demands.arrived(agency.actor(DESK), arrived)
    due, counsel = day + timedelta(days=9), "Harbor Legal Aid"
    demands.answer(agency.actor(SUPERVISOR), Answer(demand, 1, wants, "26-4471", "no", due, counsel, day))
    demands.add_person(agency.actor(SUPERVISOR), demand, code)
    told = "She knows, and has a plan for the day of the hearing."
    demands.tried_notice(agency.actor(SUPERVISOR), Notice(demand, code, 1, "in_person", "yes", told))


def _lost_telephone(agency: FictionalAgency) -> None:
    found = now() - timedelta(hours=5)
    what = "A work telephone was left on a bus. It was locked; its contacts hold first names."
    breach = demands.found(agency.actor(DIRECTOR), Found("lost", what, found, False))
    letter = "A locked telephone of ours was lost for two hours. It was wiped from afar."
    demands.change_breach(agency.actor(DIRECTOR), Change(breach, 1, what, "Wiped from afar after two hours.", letter))
    called = Tell(breach, 2, "funder", found + timedelta(hours=3), "By telephone, report 118")
    demands.told(agency.actor(DIRECTOR), called)
