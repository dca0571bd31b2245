"""What she asks about her own file: to put something right, or to take it out; and what we did."""

from dataclasses import dataclass

from msgspec.structs import replace

from shelter.clients import scope
from shelter.clients.models import WISH, FileWish, Wish
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, open_section, save
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class AnswerWish:
    """`state` is done or kept; why it is kept has to be said."""

    code: str
    wish: bytes
    version: int
    state: str
    words: str


def wish(actor: Actor, code: str, what: str, words: str) -> bytes:
    """She wants something put right (`correct`) or taken out (`delete`); the id."""
    with recorded(actor, Act.CLIENTS_COPY) as unit:
        client = scope.for_change(actor, unit, code, Act.CLIENTS_COPY)
        row = FileWish(client_id=client.id)
        fill(actor, row, WISH, Wish(what=what, words=words, at=now(), by=actor.id))
        db.session.add(row)
    return row.id


def answer_wish(actor: Actor, command: AnswerWish) -> None:
    """It was done, or it stays and she was told why. Raises `Conflict` where somebody answered first."""
    if command.state == "kept" and not command.words:
        raise Broken("clients.say_why_kept", "words")
    with recorded(actor, Act.CLIENTS_COPY) as unit:
        client = scope.for_change(actor, unit, command.code, Act.CLIENTS_COPY)
        row = db.session.get(FileWish, command.wish, populate_existing=True)
        if row is None or row.client_id != client.id:
            raise Missing
        before = open_section(actor, row, WISH)
        if before is None or row.wish_version != command.version:
            raise Conflict("file_wish", "wish")
        after = replace(before, state=command.state, answer=command.words, answered_at=now(), answered_by=actor.id)
        save(actor, row, WISH, after, made_from=command.version)
