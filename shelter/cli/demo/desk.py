"""What the night desks of the fictional agency wrote last: a roll half called, notes, an arrival, who waits."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from shelter.cli.demo.founding import FictionalAgency
from shelter.cli.demo.people import Guest
from shelter.cli.demo.staff import ZONE
from shelter.desk import actions
from shelter.desk.actions import Arrival, Came, KeepOut, KeepThing, PutOnList, Report, Ticking, ToKnow, Turn, TurnAway
from shelter.rules.clock import frozen, now, today
from shelter.rules.rollcall import Seen
from shelter.rules.sitetime import local_to_utc
from shelter.stays.queries import default_day, free_beds

DESK = "desk-otter-61"
WAITING_DESK = "desk-beaver-62"
"""At the second site, where nobody sleeps in before the conflict check."""
WAITING_CASEWORKER = "caseworker-dove-44"
SUPERVISOR = "supervisor-fern-41"
CASEWORKER = "caseworker-lark-42"
_DAY = timedelta(days=1)


def nights(agency: FictionalAgency, guests: list[Guest]) -> None:
    """Everything through the same use-cases as the pages, at the first site; at the second somebody waits for a bed."""
    home = agency.sites[0]
    here = [guest for guest in guests if guest.here and guest.party.site == 0]
    with frozen(now() - timedelta(hours=9)):
        _books(agency, home, here)
    _roll(agency, here)
    _belongings(agency, here)
    _requests(agency, home)
    _arrival(agency)
    _waits_for_the_check(agency, agency.sites[1])


def _roll(agency: FictionalAgency, here: list[Guest]) -> None:
    desk = agency.actor(DESK)
    night = default_day(desk)
    for place, guest in enumerate(here[: len(here) * 2 // 3]):
        seen = Seen.AWAY if place == 3 else Seen.LEAVE if place == 6 else Seen.HERE
        pressed = now() - (timedelta(hours=3) if seen is Seen.AWAY else timedelta(minutes=1))
        if guest.party.arrived <= night:
            actions.tick(desk, Ticking(guest.client.code, night, seen, pressed))


def _books(agency: FictionalAgency, home: bytes, here: list[Guest]) -> None:
    desk, supervisor, day = agency.actor(DESK), agency.actor(SUPERVISOR), today(ZONE)
    actions.hand_over(
        desk,
        home,
        "The boiler ticks; somebody comes on Monday at nine. Spare key is back on its hook.",
        "Family room 1 was up until two, all calm now. Room 3 asks not to be woken before eight.",
    )
    actions.put_on_call(
        supervisor, Turn(home, agency.actor(CASEWORKER).id, day, day + 6 * _DAY, "555 0142", "Lives ten minutes away")
    )
    slipped = Report(
        site=home,
        kind="injury",
        day=day - _DAY,
        hour=time(21, 30),
        words="Slipped on the wet stairs behind the kitchen. Iced the wrist, no doctor wanted. Mopped the stairs.",
        people=(here[0].client.code,),
        injuries="a sore wrist",
        police=False,
        child=False,
        owner=supervisor.id,
    )
    actions.report(desk, slipped)
    actions.write_door(desk, Came(home, "repair", "Aldo, Bright Plumbing", "boiler", ()))
    actions.write_door(desk, Came(home, "partner", "Ms Tran of the clinic", "to see somebody", (here[1].client.code,)))
    actions.keep_out(
        desk,
        KeepOut(
            home, ("Casimir Oblonsky",), "Tall, limps, green jacket", "Followed a resident home twice", day + 60 * _DAY
        ),
    )


def _belongings(agency: FictionalAgency, here: list[Guest]) -> None:
    desk = agency.actor(DESK)
    actions.keep(desk, KeepThing(here[0].client.code, "mail", "a letter in a brown envelope", "desk drawer"))
    actions.keep(desk, KeepThing(here[2].client.code, "medication", "a blue box", "cupboard, shelf 2"))
    child = next((guest for guest in here if guest.person.is_child), here[4])
    actions.know(
        desk,
        child.client.code,
        0,
        ToKnow(
            school="Elm Street, grade 2",
            picks_up="only her mother",
            custody="A court order until March: not to the father.",
        ),
    )


def _requests(agency: FictionalAgency, home: bytes) -> None:
    desk, day = agency.actor(DESK), today(ZONE)
    for back, reason in ((1, "capacity"), (4, "capacity"), (9, "not_eligible"), *_earlier_requests()):
        actions.turn_away(desk, TurnAway(home, day - back * _DAY, 1, back % 3, reason, "the county line"))
    actions.put_on_list(
        desk, PutOnList(home, "Bea", 1, 2, ("ground_floor",), "soon", "text", "555 0177", "it is the dentist")
    )
    actions.put_on_list(desk, PutOnList(home, "Neri", 1, 0, (), "now", "she_calls"))


def _earlier_requests() -> Iterator[tuple[int, str]]:
    """A few every month of the last year: how long ago, and why."""
    for back in range(20, 365, 4):
        yield back, "capacity" if back % 3 else "declined" if back % 2 else "not_eligible"


def _arrival(agency: FictionalAgency) -> None:
    """Somebody who came at three this morning, where a bed was free."""
    desk = agency.actor(DESK)
    at = local_to_utc(datetime.combine(today(ZONE), time(3, 10)), ZONE)
    with frozen(min(at, now())):
        beds = free_beds(desk)
        if beds:
            told = Arrival(
                beds=(beds[0].id,),
                arrived=default_day(desk),
                working_name="Marisol",
                allergies="penicillin",
                alerts=("quiet",),
                legal_name="Marisol Etxeberria Luna",
                danger_names=("Casimir Oblonsky",),
                danger="He drives up and down the street at night.",
                at_door="Tall, limps, green jacket, grey pick-up",
            )
            actions.take_arrival(desk, told)


def _waits_for_the_check(agency: FictionalAgency, site: bytes) -> None:
    """A house that lets nobody sleep in before the check: a mother and her son, just written down, their beds held."""
    supervisor, desk, day = agency.actor(SUPERVISOR), agency.actor(WAITING_DESK), today(ZONE)
    actions.let_sleep_in(supervisor, site, may=False)
    turn = Turn(site, agency.actor(WAITING_CASEWORKER).id, day, day + 6 * _DAY, "555 0143", "Rings twice")
    actions.put_on_call(supervisor, turn)
    beds = free_beds(desk)[:2]
    if len(beds) == 2:
        told = Arrival(
            beds=(beds[0].id, beds[1].id),
            arrived=default_day(desk),
            working_name="Ilse",
            companions=("Jori",),
            legal_name="Ilse Marchetti Vann",
            danger_names=("Dorian Vann",),
        )
        with frozen(now() - timedelta(minutes=12)):
            actions.take_arrival(desk, told)
