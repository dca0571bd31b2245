"""Adding to the ledger of an original; nothing in it is ever changed."""

from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from msgspec.structs import replace

from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Conflict
from shelter.db.sections import fill
from shelter.documents import custody
from shelter.documents.actions.work import writing
from shelter.documents.models import HELD, Held, PaperHeld
from shelter.documents.queries.custody import lines_of
from shelter.files.actions import put
from shelter.files.arriving import perhaps_arriving
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken
from shelter.rules.clock import now


@dataclass(frozen=True, slots=True)
class AddLine:
    """`after` is how many lines the page showed: who adds to a longer ledger is shown it first."""

    code: str
    paper: bytes
    after: int
    what: str
    on: date
    time: str = ""
    who: str = ""
    condition: str = ""
    bag: str = ""
    shelf: str = ""
    words: str = ""
    signed: str = ""
    strokes: list[list[int]] = field(default_factory=list, repr=False)
    photo: bytes | BinaryIO | None = field(default=None, repr=False)


def add_line(actor: Actor, command: AddLine) -> None:
    """One line, with its photograph, or neither. Raises `Broken` for what cannot follow, `Conflict` on an old page."""
    if command.on > agency_today():
        raise Broken("custody.future", field="on")
    coming = perhaps_arriving(f"custody {command.after + 1}", command.photo, evidence=True)
    with coming as photo, writing(actor, command.code) as work:
        paper = work.paper(command.paper)
        db.session.refresh(paper, with_for_update=True)
        lines = lines_of(actor, paper.id)
        if len(lines) != command.after:
            raise Conflict("paper_held", "line")
        line = Held(
            what=command.what,
            on=command.on,
            time=command.time,
            who=command.who,
            condition=command.condition,
            bag=command.bag,
            shelf=command.shelf,
            words=command.words,
            signed=command.signed,
            strokes=command.strokes,
            photo=photo.id if photo else b"",
            photo_digest=photo.checked.sent.hex() if photo else "",
            by=actor.id,
            at=now(),
            before=custody.digest(len(lines), lines[-1]) if lines else "",
        )
        custody.require_next(lines, line)
        if photo:
            put(actor, work.client, photo)
        row = PaperHeld(paper_id=paper.id, client_id=work.client.id, number=len(lines) + 1)
        fill(actor, row, HELD, line)
        db.session.add(row)
        if state := custody.STATES.get(command.what):
            work.save_text(paper, paper.text_version, lambda text: replace(text, state=state))
