"""Somebody has seen that a paper runs out."""

from dataclasses import dataclass

from msgspec.structs import replace

from shelter.db.errors import Missing
from shelter.documents.actions.work import writing
from shelter.documents.models import Recovery
from shelter.policy.actor import Actor
from shelter.rules.clock import now
from shelter.rules.papers.expiry import Reminded


@dataclass(frozen=True, slots=True)
class SeenExpiry:
    """`before` is the reminder that was shown; `version` that of the ways back, with which it is kept."""

    code: str
    paper: bytes
    version: int
    before: int


def seen_expiry(actor: Actor, command: SeenExpiry) -> None:
    """The reminder goes from the lists of everybody who acts; the next one comes on its day. Raises `Conflict`."""
    with writing(actor, command.code) as work:
        paper = work.paper(command.paper)
        expires = work.text(paper).expires
        ends = expires.whole if expires else None
        if ends is None:
            raise Missing

        def seen(recovery: Recovery) -> Recovery:
            return replace(recovery, reminded=Reminded(ends=ends, before=command.before, by=actor.id, at=now()))

        work.save_recovery(paper, command.version, seen)
