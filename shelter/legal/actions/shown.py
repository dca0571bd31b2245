"""Dates that leave the privilege because an advocate says so: kept for her caseworker, following the matter's own."""

from collections.abc import Iterable

from msgspec.structs import replace
from sqlalchemy import select

from shelter.clients.models import Client
from shelter.db import db
from shelter.db.sections import fill, open_section, save
from shelter.legal.models import SHOWN, Due, LegalShown, ShownDate, ShownDates
from shelter.policy.actor import Actor


class Board:
    """What is shown of one client, read and kept in the caller's transaction."""

    def __init__(self, actor: Actor, client: Client) -> None:
        self.actor, self.client = actor, client
        self.row = db.session.scalar(select(LegalShown).where(LegalShown.client_id == client.id))
        found = open_section(actor, self.row, SHOWN) if self.row else None
        self.dates = list(found.dates) if found else []

    def keep(self, dates: Iterable[ShownDate]) -> None:
        value = ShownDates(dates=sorted(dates, key=lambda one: one.day))
        if self.row is not None:
            save(self.actor, self.row, SHOWN, value, made_from=self.row.dates_version)
            return
        self.row = LegalShown(client_id=self.client.id)
        fill(self.actor, self.row, SHOWN, value)
        db.session.add(self.row)

    def follow(self, matter: bytes, dates: Iterable[Due]) -> None:
        """Brings what is shown of a matter up to its dates: a day that moved moves, one that is over goes."""
        known = {due.id: due for due in dates}
        kept = [after for one in self.dates if (after := _after(one, matter, known)) is not None]
        if kept != self.dates:
            self.keep(kept)


def _after(one: ShownDate, matter: bytes, known: dict[bytes, Due]) -> ShownDate | None:
    if one.matter != matter:
        return one
    due = known.get(one.due)
    while due is not None and due.end is not None:
        due = known.get(due.end.next or b"")
    if due is None:
        return None
    time = due.visit.time if due.visit else ""
    place = due.visit.place if due.visit and one.place else ""
    return replace(one, due=due.id, day=due.day, time=time, place=place)
