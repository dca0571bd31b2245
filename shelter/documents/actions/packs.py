"""The papers of each client once more, in short and in one message, so that a list opens one message a person.

A pack holds nothing that the papers do not hold, lies in their compartment under the same data key and is never needed:
what it says of a paper counts only while the paper stands at the version that it was taken from, and a paper that no
pack knows is opened itself.
"""

from collections.abc import Sequence
from typing import TypeVar

import msgspec
from sqlalchemy import Select, delete, select

from shelter.accounts.occasions import Slices, in_slices
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import Sealed, Section, fill, row_of, save
from shelter.documents.models import (
    IN_SHORT,
    PAPER_TEXT,
    RECOVERY,
    Listed,
    Paper,
    PaperPack,
    PapersInShort,
)
from shelter.documents.queries.short import in_short, stands
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.trail.record import recorded

R = TypeVar("R", bound=Sealed)
T = TypeVar("T", bound=msgspec.Struct)
PACKED, PORTION = "papers-packed", 100
"""What the trail calls it where nothing else was done, and clients whose packs are made in one transaction."""
_all_packed: set[bytes] = set()
"""For whom no pack was missing when it was last asked; only saves asking again and may be lost at any time."""


def keep(actor: Actor, client: Client) -> None:
    """Makes her pack say what her papers say, in the transaction that changed one, under the lock of her record.

    Nothing is written where it says so already; what was behind, or does not open, is made anew from the papers. Who
    has no paper has no pack.
    """
    db.session.flush()
    db.session.refresh(client, with_for_update=True)
    papers = _as_they_are(select(Paper).where(Paper.client_id == client.id))
    if not papers:
        _forget(client)
        return
    pack, held = _held(actor, client)
    known = {one.id: one for one in held.papers} if held else {}
    behind = [paper for paper in papers if not stands(known.get(paper.id), paper)]
    known |= _taken(actor, behind)
    value = PapersInShort(
        papers=[known[paper.id] for paper in sorted(papers, key=_id) if stands(known.get(paper.id), paper)]
    )
    if pack is None:
        pack = PaperPack(client_id=client.id)
        fill(actor, pack, IN_SHORT, value)
        db.session.add(pack)
    elif held != value:
        save(actor, pack, IN_SHORT, value, made_from=pack.short_version)
    db.session.flush()


def are_missing(actor: Actor) -> bool:
    """Whether people of her scope have papers and no pack yet, as those from before there were packs."""
    if actor.id in _all_packed:
        return False
    if db.session.scalar(_unpacked(actor).limit(1)) is None:
        _all_packed.add(actor.id)
    return actor.id not in _all_packed


def make_those_missing(actor: Actor) -> None:
    """A portion of them, in a transaction of its own."""
    found = db.session.scalars(_unpacked(actor).order_by(Client.id).limit(PORTION)).all()
    with recorded(actor, PACKED, *(client.id for client in found)):
        for client in found:
            keep(actor, client)


def mend(actor: Actor) -> int:
    """Makes anew each pack of her scope that does not say what the papers say; how many those were."""
    here = scope.scope(actor, Act.PAPERS_READ)
    papers = _as_they_are(select(Paper).join(Client, Client.id == Paper.client_id).where(here))
    packs = _as_they_are(select(PaperPack).join(Client, Client.id == PaperPack.client_id).where(here))
    taken = _taken(actor, papers)
    true: dict[bytes, list[Listed]] = {paper.client_id: [] for paper in papers}
    for paper in sorted(papers, key=_id):
        if paper.id in taken:
            true[paper.client_id].append(taken[paper.id])
    said = {pack.client_id: held for pack, held in zip(packs, _opened(actor, packs, IN_SHORT), strict=True)}
    wrong = [one for one in true.keys() | said.keys() if said.get(one) != PapersInShort(papers=true.get(one, []))]
    for client in db.session.scalars(select(Client).where(Client.id.in_(wrong)).order_by(Client.id)).all():
        with recorded(actor, PACKED, client.id):
            _forget(client)
            keep(actor, client)
    return len(wrong)


def _unpacked(actor: Actor) -> Select[Client]:
    papers, packs = select(Paper.client_id), select(PaperPack.client_id)
    return select(Client).where(scope.scope(actor, Act.PAPERS_READ), Client.id.in_(papers), Client.id.not_in(packs))


def _held(actor: Actor, client: Client) -> tuple[PaperPack | None, PapersInShort | None]:
    """Her pack and what it says; one whose seal does not hold is taken out, since nothing can be carried on from it."""
    for pack in _as_they_are(select(PaperPack).where(PaperPack.client_id == client.id)):
        if held := _opened(actor, [pack], IN_SHORT)[0]:
            return pack, held
        _forget(client)
    return None, None


def _forget(client: Client) -> None:
    gone = delete(PaperPack).where(PaperPack.client_id == client.id)
    db.session.execute(gone.execution_options(synchronize_session="fetch"))


def _taken(actor: Actor, papers: Sequence[Paper]) -> dict[bytes, Listed]:
    """In short, those of them that open as a whole."""
    texts, ways = _opened(actor, papers, PAPER_TEXT), _opened(actor, papers, RECOVERY)
    opened = zip(papers, texts, ways, strict=True)
    return {row.id: in_short(row, text, way) for row, text, way in opened if text and (way or row.recovery is None)}


def _opened(actor: Actor, rows: Sequence[Sealed], section: Section[T]) -> list[T | None]:
    return open_each(actor, [row_of(row, section) for row in rows], section).values


def _id(paper: Paper) -> bytes:
    return paper.id


def _as_they_are(query: Select[R]) -> Sequence[R]:
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


in_slices(Slices(are_missing, make_those_missing))
