"""Papers of one client open for writing: who may, and what stood before kept in the same transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from msgspec.structs import replace

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, open_section, save
from shelter.documents import facts
from shelter.documents.actions import packs
from shelter.documents.models import EARLIER_PAPER, PAPER_TEXT, RECOVERY, Paper, PaperEarlier, PaperText, Recovery
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.clock import now
from shelter.trail.record import Unit, recorded


@dataclass(frozen=True, slots=True)
class Work:
    """One client whose papers `actor` may write, inside one transaction."""

    actor: Actor
    client: Client
    unit: Unit

    def paper(self, paper_id: bytes) -> Paper:
        """One of her papers as it stands now. `Missing` for any other."""
        paper = db.session.get(Paper, paper_id, populate_existing=True)
        if paper is None or paper.client_id != self.client.id:
            raise Missing
        return paper

    def text(self, paper: Paper) -> PaperText:
        text = open_section(self.actor, paper, PAPER_TEXT)
        if text is None:
            raise Missing
        return text

    def stamped(self, text: PaperText) -> PaperText:
        return replace(text, changed_by=self.actor.id, changed_at=now())

    def save_text(self, paper: Paper, version: int, change: Callable[[PaperText], PaperText]) -> None:
        """New words over `version`, and the old ones beside them. Raises `Conflict`."""
        if paper.text_version != version:
            raise Conflict("paper", "text")
        before = self.text(paper)
        after = facts.followed(before, self.stamped(change(before)), agency_today())
        earlier = PaperEarlier(paper_id=paper.id, client_id=paper.client_id, was_version=version)
        fill(self.actor, earlier, EARLIER_PAPER, before)
        db.session.add(earlier)
        save(self.actor, paper, PAPER_TEXT, after, made_from=version)
        facts.changed(self.actor, self.client, paper, before, after)
        packs.keep(self.actor, self.client)

    def save_recovery(self, paper: Paper, version: int, change: Callable[[Recovery], Recovery]) -> None:
        if paper.recovery_version != version:
            raise Conflict("paper", "recovery")
        before = open_section(self.actor, paper, RECOVERY) or Recovery()
        save(self.actor, paper, RECOVERY, change(before), made_from=version)
        packs.keep(self.actor, self.client)


@contextmanager
def writing(actor: Actor, code: str, act: Act = Act.PAPERS_WRITE) -> Iterator[Work]:
    """Every write of this feature: `Missing` for a client she cannot see, `Denied` for an act she may not do."""
    with recorded(actor, act) as unit:
        client = scope.visible(actor, code, Act.CLIENTS_READ, Act.PAPERS_READ)
        unit.clause = scope.allowed(actor, act, client).clause
        unit.about(client.id)
        yield Work(actor, client, unit)
