"""Reading the ledger of an original, and the evidence pack made of it."""

from dataclasses import dataclass

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.queries import PersonCard
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import open_rows, row_of
from shelter.documents import custody
from shelter.documents.models import HELD, Held, PaperHeld
from shelter.documents.queries.papers import PaperView, one
from shelter.files.packing import Member
from shelter.files.queries import FileView
from shelter.files.queries import content as file_content
from shelter.files.queries import one as file_one
from shelter.policy.actor import Actor
from shelter.policy.acts import Act


@dataclass(frozen=True, slots=True)
class Ledger:
    """`holds` says that every line names the one before; `can` are the acts that may follow."""

    card: PersonCard
    paper: PaperView
    lines: tuple[Held, ...]
    names: dict[bytes, str]
    place: str
    can: tuple[str, ...]
    holds: bool
    counsel: bool
    scans: tuple[FileView, ...]

    def digest(self, number: int) -> str:
        return custody.digest(number, self.lines[number - 1])


def ledger(actor: Actor, code: str, paper_id: bytes) -> Ledger:
    """The ledger of one paper. `Missing` outside her scope."""
    card, paper, scans = one(actor, code, paper_id)
    lines = lines_of(actor, paper.id)
    return Ledger(
        card=card,
        paper=paper,
        lines=tuple(lines),
        names=names_of(actor, {line.by for line in lines}),
        place=custody.place(lines),
        can=tuple(custody.open_acts(lines)),
        holds=custody.holds(lines),
        counsel=scope.may(actor, Act.PAPERS_COUNSEL, scope.visible(actor, code, Act.PAPERS_READ)),
        scans=tuple(scans),
    )


def lines_of(actor: Actor, paper_id: bytes) -> list[Held]:
    """The lines in their order, for a reader whose scope has been asked. Raises `Missing` where one is gone."""
    rows = db.session.scalars(select(PaperHeld).where(PaperHeld.paper_id == paper_id).order_by(PaperHeld.number)).all()
    opened = open_rows(actor, [row_of(row, HELD) for row in rows], HELD)
    lines = [line for line in opened if line]
    if len(lines) != len(rows) or [row.number for row in rows] != list(range(1, len(rows) + 1)):
        raise Missing
    return lines


def told_lines(actor: Actor, paper_id: bytes) -> list[Held]:
    """The same for her own file, which is given also where the ledger of one paper does not open."""
    try:
        return lines_of(actor, paper_id)
    except Missing:
        return []


def evidence(actor: Actor, code: str, paper_id: bytes) -> tuple[Ledger, list[Member]]:
    """What goes into the pack: the ledger as text and, of each photograph and scan, what was sent. For counsel only."""
    found = ledger(actor, code, paper_id)
    scope.allowed(actor, Act.PAPERS_COUNSEL, scope.visible(actor, code, Act.PAPERS_READ))
    text = "\n".join(custody.told(number, line) for number, line in enumerate(found.lines, 1))
    members: list[Member] = [("ledger.txt", lambda: [text.encode()])]
    for number, line in enumerate(found.lines, 1):
        if line.photo:
            members.append(_file(actor, code, line.photo, f"line-{number}"))
    for number, scan in enumerate(found.scans, 1):
        members.append(_file(actor, code, scan.id, f"scan-{number}"))
    return found, members


def _file(actor: Actor, code: str, file_id: bytes, name: str) -> Member:
    """As it was sent where that was kept; else as it is stored. Opened when its turn comes, one at a time."""
    _card, view, _earlier = file_one(actor, code, file_id)
    wanted = file_one(actor, code, view.original)[1] if view.original else view
    return f"{name}.{wanted.ending}", lambda: file_content(actor, code, wanted.id)[1]
