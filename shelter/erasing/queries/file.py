"""What stands about one person's file: an erasing, holds, and whether she still stays here."""

from dataclasses import dataclass

from sqlalchemy import select

from shelter.clients import scope
from shelter.db import db
from shelter.erasing.queries.due import records_of
from shelter.erasing.queries.holds import HoldView, holds_of
from shelter.erasing.queries.list import Listed, of_client
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.stays.models import Stay
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class FileView:
    """What stands about one person's file: an erasing that is open or was done, and her holds."""

    erasing: Listed | None
    holds: list[HoldView]
    staying: bool
    together: list[str]

    @property
    def held(self) -> bool:
        return any(not one.ended for one in self.holds)


def file_of(actor: Actor, code: str, act: Act) -> FileView:
    """For a page about one person, asked for under `act`. Raises Missing, Denied."""
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    note_read(actor, act, [client.id], scope.allowed(actor, act, client).clause)
    records = records_of(client)
    stays = select(Stay.id).where(Stay.client_id.in_([one.id for one in records]), Stay.state == "open").limit(1)
    return FileView(
        of_client(actor, client),
        holds_of(actor, client),
        db.session.scalar(stays) is not None,
        [one.code for one in records if one.id != client.id],
    )
