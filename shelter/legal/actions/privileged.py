"""Notes, drafts and statements under the privilege, each change a version of its own, and the files of a matter."""

from sqlalchemy import select

from shelter.db import db, new_id
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, open_section
from shelter.files import sealing
from shelter.files.arriving import arriving
from shelter.files.checking import measured, portions
from shelter.legal.actions.work import Work, working
from shelter.legal.commands import AddLegalFile, Rewrite, Write
from shelter.legal.models import LEGAL_FILE, WRITING, LegalAbout, LegalFile, LegalWriting, Writing
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken

KINDS = frozenset({"note", "draft", "statement"})


def write(actor: Actor, command: Write) -> bytes:
    """The first version of a note, draft or statement; the id by which all its versions are found."""
    with working(actor, command.code, command.matter) as work:
        if command.kind not in KINDS:
            raise Broken("legal.choose_writing", field="kind")
        return _keep(work, command.kind, b"", 1, command, command.paper)


def rewrite(actor: Actor, command: Rewrite) -> None:
    """A further version; those before stay readable. Raises `Conflict` where somebody wrote one meanwhile."""
    with working(actor, command.code, command.matter) as work:
        latest = _latest(work, command.writing)
        if latest.number != command.version:
            raise Conflict("legal_writing", "text")
        _keep(work, latest.kind, latest.of, latest.number + 1, command, latest.paper)


def _keep(work: Work, kind: str, of: bytes, number: int, command: Write | Rewrite, paper: bytes) -> bytes:
    if not command.title:
        raise Broken("legal.say_title", field="title")
    if not command.body:
        raise Broken("legal.say_something", field="body")
    row = LegalWriting(id=new_id(), matter_id=work.matter.id, client_id=work.client.id)
    text = Writing(
        kind=kind,
        title=command.title,
        body=command.body,
        of=of or row.id,
        number=number,
        by=work.stamp.by,
        at=work.stamp.at,
        why=command.why,
        paper=paper,
    )
    fill(work.actor, row, WRITING, text)
    db.session.add(row)
    return text.of


def _latest(work: Work, writing: bytes) -> Writing:
    rows = db.session.scalars(select(LegalWriting).where(LegalWriting.matter_id == work.matter.id)).all()
    texts = [text for row in rows if (text := open_section(work.actor, row, WRITING)) and text.of == writing]
    if not texts:
        raise Missing
    return max(texts, key=lambda text: text.number)


def add_file(actor: Actor, command: AddLegalFile) -> bytes:
    """Checks, seals under the privilege and stores; nothing stays behind where any part fails."""
    coming = arriving(command.label, command.content)
    with coming as file, working(actor, command.code, command.matter) as work:
        if command.notice is not None and command.notice not in {one.id for one in work.papers().notices}:
            raise Broken("legal.choose_notice", field="notice")
        row = LegalFile(id=file.id, matter_id=work.matter.id, client_id=work.client.id)
        about = LegalAbout(**measured(file.checked, file.label, actor.id, work.stamp.at), notice=command.notice)
        fill(actor, row, LEGAL_FILE, about)
        db.session.add(row)
        sealing.write(actor, row, portions(file.checked.content))
    return file.id
