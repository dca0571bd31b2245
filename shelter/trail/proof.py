"""Proving the trail without any key: the first bad link is named, and rows that were put back are found.

A chain alone cannot show that its tail was cut or everything rolled back together; a head copied off
the machine can.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.crypto.signing import verify
from shelter.db import db
from shelter.db.deployment import deployment
from shelter.db.roll import current_roll, signers_keys
from shelter.db.sections import Write
from shelter.trail.chain import GENESIS, Link
from shelter.trail.models import Trail, TrailSignature, TrailSubject, TrailWrite

PORTION = 2000
_COLUMNS = (
    Trail.seq, Trail.prev, Trail.hash, Trail.at, Trail.actor_id, Trail.act, Trail.clause, Trail.detail_hash,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """A place of the chain as copied off the machine."""

    seq: int
    hash: bytes

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Reads `seq:hash in hex`. Raises ValueError for anything else."""
        seq, _, digest = text.strip().partition(":")
        return cls(int(seq), bytes.fromhex(digest))

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash.hex()}"


@dataclass(frozen=True, slots=True)
class Proof:
    """What the chain shows: `broken_at` is the first bad link (0 when all hold), `why` a short code."""

    links: int
    head: Head | None
    signed_by: int = 0
    broken_at: int = 0
    why: str = ""

    @property
    def holds(self) -> bool:
        return not self.why


def head() -> Head | None:
    """The newest link."""
    row = db.session.execute(select(Trail.seq, Trail.hash).order_by(Trail.seq.desc()).limit(1)).first()
    return Head(row.seq, row.hash) if row else None


def prove(outside: Head | None = None) -> Proof:
    """Walks the whole chain. `outside` is a head copied earlier: a cut or rewritten tail differs from it."""
    before, links = GENESIS, 0
    for link, stored in _links():
        links += 1
        why = _fault(link, stored, links, before, outside)
        if why:
            return Proof(links, None, broken_at=links, why=why)
        before = stored
    if outside is not None and outside.seq > links:
        return Proof(links, None, broken_at=links + 1, why="tail-cut")
    stray = _stray(links)
    if stray:
        return Proof(links, None, broken_at=stray, why="stray-rows")
    return _with_signatures(Proof(links, Head(links, before) if links else None))


def _fault(link: Link, stored: bytes, place: int, before: bytes, outside: Head | None) -> str:
    if link.seq != place:
        return "missing-link"
    if link.prev != before:
        return "out-of-order"
    if link.hash() != stored:
        return "edited"
    if outside is not None and outside.seq == place and outside.hash != stored:
        return "rewritten"
    return ""


def _links() -> Iterator[tuple[Link, bytes]]:
    """Every link with the hash stored beside it, in portions, in the order of the chain."""
    after = -1
    while True:
        rows = db.session.execute(select(*_COLUMNS).where(Trail.seq > after).order_by(Trail.seq).limit(PORTION)).all()
        if not rows:
            return
        subjects, writes = _beside(after, rows[-1][0])
        for seq, prev, digest, at, actor, act, clause, detail in rows:
            yield Link(seq, prev, at, actor, act, clause, detail, subjects.get(seq, ()), writes.get(seq, ())), digest
        after = rows[-1][0]


def _beside(after: int, last: int) -> tuple[dict[int, list[bytes]], dict[int, list[Write]]]:
    subjects: dict[int, list[bytes]] = defaultdict(list)
    for seq, client in db.session.execute(
        select(TrailSubject.seq, TrailSubject.client_id).where(TrailSubject.seq > after, TrailSubject.seq <= last)
    ):
        subjects[seq].append(client)
    writes: dict[int, list[Write]] = defaultdict(list)
    for row in db.session.execute(
        select(TrailWrite.__table__)
        .where(TrailWrite.seq > after, TrailWrite.seq <= last)
        .order_by(TrailWrite.seq, TrailWrite.no)
    ):
        writes[row.seq].append(Write(row.table_name, row.row_id, row.section, row.version, row.digest))
    return subjects, writes


def _stray(links: int) -> int:
    """The place of rows that belong to no link, beyond the end of the chain; 0 where there are none."""
    for table in (TrailSubject, TrailWrite):
        found = db.session.scalar(select(table.seq).where(table.seq > links).limit(1))
        if found:
            return found
    return 0


def _with_signatures(proof: Proof) -> Proof:
    """Counts people whose signature over a link holds; a signature that does not hold breaks the proof."""
    if deployment().fingerprint is None or proof.head is None:
        return proof
    roll, people = current_roll(), set()
    rows = db.session.execute(
        select(TrailSignature.seq, TrailSignature.user_id, TrailSignature.signature, func.coalesce(Trail.hash, b""))
        .outerjoin(Trail, Trail.seq == TrailSignature.seq)
        .order_by(TrailSignature.seq)
    )
    for seq, user, signature, digest in rows:
        if not digest or not _holds(signers_keys(roll, user), signature, seq, digest):
            return Proof(proof.links, None, broken_at=seq, why="signature")
        people.add(user)
    return Proof(proof.links, proof.head, len(people))


def _holds(keys: tuple[bytes, ...], signature: bytes, seq: int, digest: bytes) -> bool:
    for key in keys:
        try:
            verify(key, signature, Label.SIGN_TRAIL_HEAD, deployment().agency, [seq, digest])
        except Unopenable:
            continue
        return True
    return False
