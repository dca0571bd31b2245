"""What is asked again at each step of an erasing: its state, a hold, whether she still stays here."""

from sqlalchemy import select

from shelter.clients.models import Client
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import open_section
from shelter.erasing.models import ABOUT, About, Erasure
from shelter.erasing.queries.due import OPEN, held
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken
from shelter.stays.models import Stay

__all__ = ["OPEN", "locked", "refuse_held", "refuse_staying"]


def locked(actor: Actor, erasure: bytes, state: str) -> tuple[Erasure, About]:
    """One in this state, locked. Raises Missing where there is none, Broken in another state."""
    row = db.session.get(Erasure, erasure, populate_existing=True, with_for_update=True)
    about = open_section(actor, row, ABOUT) if row else None
    if row is None or about is None:
        raise Missing
    if row.state != state:
        raise Broken("erasing.over")
    return row, about


def refuse_held(clients: list[Client]) -> None:
    """A hold stands against erasing and purging, whoever asks. Raises Broken."""
    if held([one.id for one in clients]):
        raise Broken("erasing.held", "scope")


def refuse_staying(clients: list[Client]) -> None:
    """The whole file of somebody who sleeps here cannot go: the desk needs to know her. Raises Broken."""
    ids = [one.id for one in clients]
    if db.session.scalar(select(Stay.id).where(Stay.client_id.in_(ids), Stay.state == "open").limit(1)):
        raise Broken("erasing.still-here", "scope")
