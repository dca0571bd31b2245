"""Restoring: two outputs of a backup and the recovery kit bring an agency back to life on an empty machine.

A key store may be newer than the records, never older: then it lacks what opens the latest of them. Whoever was
erased since stays erased: tombstones are replayed before anybody can look.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Table, delete, func, select, update

from shelter.crypto.backup import Outside, Part, read_outside
from shelter.crypto.errors import Unopenable
from shelter.crypto.kit import Kit
from shelter.db import Base, db
from shelter.db.deployment import deploy, deployment
from shelter.db.forgetting import delete_rows, destroy_keys, entomb, forget
from shelter.db.keyring import chunks
from shelter.db.keystore import KeyDek, KeyTombstone
from shelter.db.owed import Owing, owe
from shelter.db.snapshot import is_empty, lay_down
from shelter.db.transaction import write_transaction
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.stewards import backups
from shelter.stewards.backups import Header
from shelter.stewards.kit_page import opens_all
from shelter.stewards.seconds import typed_kit
from shelter.trail.details import purge_about
from shelter.trail.models import TrailDetail
from shelter.trail.proof import Head, prove
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class Sources:
    """The two files and the kit as it was typed, and what was copied off the machine beside them."""

    records: Path
    keys: Path
    kit: str
    outside: Head | None = None
    tombstones: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Prepared:
    """Both outputs belong together and the kit opens them: nothing has been written yet."""

    sources: Sources
    kit: Kit
    records: Header
    keys: Header


@dataclass(frozen=True, slots=True)
class Restored:
    """What is there again, and what was proved of it; `lost` are links that a head outside knows and the backup not."""

    rows: int
    links: int
    signed_by: int
    compartments: int
    erased_again: int
    lost: int


def revision_of(sources: Sources) -> str:
    """The migration that the backup's schema stood at. Raises Broken where the kit does not open it."""
    return _header(sources.records, _kit(sources)).revision


def prepare(sources: Sources) -> Prepared:
    """Looks before anything is written. Raises Broken."""
    kit = _kit(sources)
    records, keys = (_header(path, kit) for path in (sources.records, sources.keys))
    if (records.part, keys.part) != (Part.RECORDS, Part.KEYS):
        raise Broken("backups.swapped")
    if (records.agency, records.fingerprint) != (keys.agency, keys.fingerprint):
        raise Broken("backups.two-agencies")
    if keys.seq < records.seq:
        raise Broken("backups.keys-older")
    if keys.revision != records.revision:
        raise Broken("backups.two-versions")
    if not is_empty():
        raise Broken("backups.not-empty")
    return Prepared(sources, kit, records, keys)


def lay_down_all(ready: Prepared) -> Restored:
    """Everything in one transaction, proved before it commits. Raises Broken where anything does not hold."""
    here = deployment()
    take_place(ready)
    try:
        with write_transaction():
            rows = _lay_down(ready.sources.records, ready) + _lay_down(ready.sources.keys, ready)
            _forget_later_details(ready.records.seq)
            erased = replay(ready.sources.tombstones)
            db.session.flush()
            compartments = opens_all(ready.kit)
            outside = ready.sources.outside
            lost = max(0, outside.seq - ready.records.seq) if outside else 0
            proof = prove(None if lost else outside)
            if not proof.holds:
                raise Broken("backups.trail", values={"place": proof.broken_at})
        with recorded(None, "restored") as unit:
            unit.detail["backup"], unit.detail["link"] = ready.records.backup.hex(), ready.records.seq
    except BaseException:
        deploy(here)
        raise
    return Restored(rows, proof.links, proof.signed_by, compartments, erased, lost)


def take_place(ready: Prepared) -> None:
    """This process serves that agency from now on."""
    settings, here = ready.keys.settings, deployment()
    deploy(
        replace(
            here,
            agency=ready.records.agency,
            fingerprint=ready.records.fingerprint,
            pepper=bytes.fromhex(settings["pepper"]),
            fictional=settings.get("fictional") == "yes",
        )
    )


def _kit(sources: Sources) -> Kit:
    try:
        with sources.records.open("rb") as file:
            outside: Outside = read_outside(file)[0]
    except (OSError, Unopenable):
        raise Broken("backups.no-backup") from None
    return typed_kit(sources.kit, outside.agency, outside.kit_number)


def _header(path: Path, kit: Kit) -> Header:
    try:
        with path.open("rb") as file:
            return backups.read(file, kit).header
    except OSError:
        raise Broken("backups.no-backup") from None
    except Unopenable:
        raise Broken("backups.kit-does-not-open") from None


def _lay_down(path: Path, ready: Prepared) -> int:
    try:
        with path.open("rb") as file:
            output = backups.read(file, ready.kit)
            counted = lay_down(output.rows())
    except Unopenable:
        raise Broken("backups.cut") from None
    there = {name: db.session.scalar(select(func.count()).select_from(Base.metadata.tables[name])) for name in counted}
    if counted != (output.counts or {}) or there != counted:
        raise Broken("backups.counts")
    return sum(counted.values())


def _forget_later_details(seq: int) -> None:
    """A key store that is newer brings details of acts that the records do not know yet."""
    db.session.execute(delete(TrailDetail).where(TrailDetail.seq > seq).execution_options(synchronize_session=False))


def replay(tombstones: Iterable[bytes]) -> int:
    """Erases again everybody who was erased; returns how many data keys went.

    What a holder's key is needed for, as her name in the directory of an older key store, is owed to the next holder.
    """
    stones = {row.subject_id: row.subject_kind for row in db.session.scalars(select(KeyTombstone))}
    fresh = set(tombstones) - stones.keys()
    everybody, at = sorted(fresh | stones.keys()), now()
    if not everybody:
        return 0
    clients = Base.metadata.tables["client"]
    people = [bytes(one) for part in chunks(everybody) for one in db.session.scalars(_of(clients, part))]
    people = [one for one in people if stones.get(one, "client") == "client"]
    gone = destroy_keys(everybody, at) + _destroy_deks(everybody)
    forgotten = forget(people, at) if people else None
    delete_rows(everybody)
    for part in chunks(people):
        db.session.execute(update(clients).where(clients.c.id.in_(part)).values(state="erased", keep_until=None))
    purge_about(people)
    for what in (Owing.NAMES, Owing.RECEIPTS, Owing.FACTS):
        owe(what, people)
    entomb(sorted(fresh), "row", at)
    return gone + (forgotten.keys if forgotten else 0)


def _of(clients: Table, ids: list[bytes]) -> Any:
    return select(clients.c.id).where(clients.c.id.in_(ids))


def _destroy_deks(ids: list[bytes]) -> int:
    count = 0
    for part in chunks(ids):
        gone = delete(KeyDek).where(KeyDek.id.in_(part)).returning(KeyDek.id)
        count += len(db.session.execute(gone.execution_options(synchronize_session=False)).all())
    return count
