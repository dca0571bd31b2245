"""Copies of a paper for somebody outside: who could receive one, and who has."""

from dataclasses import dataclass
from datetime import datetime

from shelter.clients import scope
from shelter.documents.queries.papers import one
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.releases.queries import Cover, all_of, covering

ITEMS = ("name", "paper_copies")
"""What a recipient of a copy learns: her name, and what is printed on the paper."""


@dataclass(frozen=True, slots=True)
class CopyView:
    """A copy that left: to whom, by which way, by whom; `digest` is the SHA-256 of the copy, in hex."""

    to: str
    release: bytes
    method: str
    note: str
    scan: bytes
    digest: str
    by: str
    at: datetime


def covers(actor: Actor, code: str, paper_id: bytes) -> list[Cover]:
    """The releases that hold and name copies of this kind of paper. `Missing` outside the reader's scope."""
    _card, paper, _scans = one(actor, code, paper_id)
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.PAPERS_READ)
    return covering(actor, client, ITEMS, paper=paper.text.kind)


def copies(actor: Actor, code: str, paper_id: bytes) -> list[CopyView]:
    """The copies of this paper that were given out, the latest first."""
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.PAPERS_READ)
    found = [
        CopyView(
            to=shared.organisation,
            release=view.id,
            method=shared.method,
            note=shared.note,
            scan=shared.copied.scan,
            digest=shared.copied.digest.hex(),
            by=view.names.get(shared.by, ""),
            at=shared.at,
        )
        for view in all_of(actor, client) or ()
        for shared in view.shared
        if shared.copied and shared.copied.paper == paper_id
    ]
    return sorted(found, key=lambda copy: copy.at, reverse=True)
