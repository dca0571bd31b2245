"""Adding a file to a client's papers."""

from dataclasses import dataclass, field

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.base import new_id
from shelter.db.sections import fill
from shelter.files import sealing, store
from shelter.files.checking import Checked, check, measured
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
    checked, file_id = check(command.content), new_id()
    with store.taken_back_on_failure(file_id), recorded(actor, Act.PAPERS_WRITE) as unit:
        client = scope.visible(actor, command.code, Act.CLIENTS_READ, Act.PAPERS_READ)
        unit.clause = scope.allowed(actor, Act.PAPERS_WRITE, client).clause
        unit.about(client.id)
        put(actor, client, file_id, command.label, checked)
    return file_id


def put(actor: Actor, client: Client, file_id: bytes, label: str, checked: Checked) -> None:
    """The same within a caller's transaction, which stands inside `store.taken_back_on_failure`.

    For a feature whose own record names the file; who may is the caller's to have asked.
    """
    row = StoredFile(id=file_id, client_id=client.id)
    about = FileAbout(**measured(checked, label, actor.id, now()))
    fill(actor, row, FILE_ABOUT, about)
    db.session.add(row)
    sealing.write(actor, row, checked.content)
