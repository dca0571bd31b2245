"""The rooms and beds of the three fictional sites."""

from shelter.cli.demo.founding import FictionalAgency
from shelter.cli.demo.nights import ROOMS
from shelter.db import db
from shelter.stays.models import Bed, Unit

LETTERS = "ABCDEFGH"


def furnish(agency: FictionalAgency) -> list[list[int]]:
    """Units and beds, in the caller's transaction; the bed numbers of each room of ROOMS."""
    numbers, next_number = [], 1
    for position, (site, name, places, family) in enumerate(ROOMS):
        unit = Unit(site_id=agency.sites[site], name=name, position=position)
        db.session.add(unit)
        db.session.flush()
        room = list(range(next_number, next_number + places))
        next_number += places
        db.session.add_all(
            Bed(
                number=number,
                site_id=agency.sites[site],
                unit_id=unit.id,
                label=LETTERS[place],
                kind="family_room" if family else "single",
                offers="ground_floor accessible" if position % 5 == 0 else "",
            )
            for place, number in enumerate(room)
        )
        numbers.append(room)
    db.session.flush()
    return numbers
