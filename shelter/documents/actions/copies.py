"""A copy of a scan for somebody outside: made, then written down under a release, and only then given out."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from shelter.clients import scope
from shelter.db.errors import Conflict, Missing
from shelter.documents.actions.work import writing
from shelter.documents.queries.copies import ITEMS
from shelter.documents.queries.papers import one
from shelter.files.checking import portions
from shelter.files.marking import marked
from shelter.files.queries import FileView, content
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.releases.disclosing import Share, disclose, refusals_written
from shelter.releases.models import Copied
from shelter.releases.queries import Cover, covering


@dataclass(frozen=True, slots=True)
class GiveCopy:
    """`mark` says what stands on the copy, given to whom it goes."""

    code: str
    paper: bytes
    scan: bytes
    release: bytes
    method: str
    mark: Callable[[Cover], str] = field(repr=False)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A marked copy that was written down; it waits sealed until it is sent."""

    picture: bool
    copy: BinaryIO = field(repr=False)


def give_copy(actor: Actor, command: GiveCopy) -> Given:
    """Raises `NotCovered` where no live release names copies of this paper: then there is no copy.

    It is made before the transaction that writes it down, and sent after it.
    """
    card, paper, scans = one(actor, command.code, command.paper)
    scan = next((file for file in scans if file.id == command.scan and not file.original_of), None)
    if scan is None:
        raise Missing
    made = _made(actor, command, paper.text.kind, scan)
    copied = Copied(kind=paper.text.kind, paper=paper.id, scan=scan.id, digest=_digest(made) if made else b"")
    with refusals_written(actor), writing(actor, card.code, Act.RELEASES_DISCLOSE) as work:
        if work.text(work.paper(paper.id)).kind != copied.kind:
            raise Conflict("paper", "text")
        disclose(actor, work.unit, work.client, Share(command.release, ITEMS, command.method, command.note, copied))
        if made is None:
            raise Conflict("release", "terms")  # it began to hold while this was asked
    return Given(scan.is_picture, made)


def _made(actor: Actor, command: GiveCopy, kind: str, scan: FileView) -> BinaryIO | None:
    """The copy for whoever the release names; None where it covers no copy of this kind, which is then refused."""
    client = scope.visible(actor, command.code, Act.CLIENTS_READ, Act.PAPERS_READ)
    covers = {cover.id: cover for cover in covering(actor, client, ITEMS, paper=kind)}
    if command.release not in covers:
        return None
    found, parts = content(actor, command.code, scan.id)
    return marked(parts, found.media, command.mark(covers[command.release]))


def _digest(made: BinaryIO) -> bytes:
    hashed = hashlib.sha256()
    for portion in portions(made):
        hashed.update(portion)
    made.seek(0)
    return hashed.digest()
