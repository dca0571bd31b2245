"""Adding a file to a client's papers."""

import hashlib
from dataclasses import dataclass, field

from shelter.clients import scope
from shelter.db import db
from shelter.db.sections import fill
from shelter.files import sealing, store
from shelter.files.checking import check
from shelter.files.models import FILE_ABOUT, FileAbout, StoredFile
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.clock import now
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class AddFile:
    code: str
    label: str
    content: bytes = field(repr=False)


def add(actor: Actor, command: AddFile) -> bytes:
    """Checks, seals and stores; the file's id. Nothing stays behind where any part fails."""
    checked = check(command.content)
    row: StoredFile | None = None
    try:
        with recorded(actor, Act.PAPERS_WRITE) as unit:
            client = scope.visible(actor, command.code, Act.CLIENTS_READ, Act.PAPERS_READ)
            unit.clause = scope.allowed(actor, Act.PAPERS_WRITE, client).clause
            unit.about(client.id)
            row = StoredFile(client_id=client.id)
            about = FileAbout(
                label=command.label,
                media=checked.media,
                size=len(checked.content),
                digest=hashlib.sha256(checked.content).digest(),
                added_by=actor.id,
                added_at=now(),
                active_content=checked.active_content,
            )
            fill(actor, row, FILE_ABOUT, about)
            db.session.add(row)
            sealing.write(actor, row, checked.content)
    except BaseException:
        if row is not None:
            _forget(row.id)
        raise
    return row.id


def _forget(file_id: bytes) -> None:
    """Takes back what was stored before the failure, if anything was."""
    try:
        store.delete(file_id)
    except (OSError, FileNotFoundError):
        return
