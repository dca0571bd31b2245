"""What `doctor` finds about keys, backups and the machine, without any key; and with a person's, what she opens."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from shelter.accounts.models import Staff
from shelter.census import packing
from shelter.clients.queries.agreeing import directory_agrees
from shelter.db import Base, db, running
from shelter.db.deployment import deployment
from shelter.db.deployment import settings as settings_here
from shelter.db.keyring import keyring_of
from shelter.db.keystore import Compartment, KeyDek, KeyGrant, KeyVersion
from shelter.db.lease import last_done
from shelter.db.owed import Owing, is_owed
from shelter.db.roll import current_roll
from shelter.db.sections import Sealed, Section, open_rows, row_of, take_refusals
from shelter.db.traces import may_write_anew
from shelter.documents.actions import packs
from shelter.erasing.queries import count_agreed
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.reports.agreeing import agreements
from shelter.reports.ledger import broken
from shelter.reports.runs import may_replace, runs
from shelter.rules.clock import now
from shelter.stewards import kit_page
from shelter.stewards.backing_up import LEASE
from shelter.stewards.queries import compartments
from shelter.trail.heads import HEADS, copies
from shelter.trail.models import Trail

BACKUP_AGE, CLOCK = timedelta(hours=26), timedelta(minutes=5)
LEAST_FREE = 0.05
_PORTION = 500
_OWED_BY = {
    Owing.NAMES: "a colleague who may see names signs in",
    Owing.RECEIPTS: "somebody of the legal staff signs in",
    Owing.FACTS: "a holder of the pseudonym key signs in",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at; `what_to_do` in a sentence."""

    bad: bool
    what: str
    what_to_do: str = ""


def of_keys() -> Iterator[Finding]:
    """Renewals that wait, compartments that hang by one, and rows of the key store that belong to nothing."""
    for one in compartments():
        if one.is_thin:
            yield Finding(True, f"Only {one.openers} can open {one.kind}.", "Let another colleague in.")
        if one.left is not None:
            yield Finding(False, f"{one.kind} is being renewed: {one.left} data keys to go.")
        elif one.to_renew:
            yield Finding(True, f"The key of {one.kind} waits to be renewed.", "Unbind who left.")
    yield from _strays()
    unbound = db.session.scalars(select(Staff.id).where(Staff.state == "left")).all()
    bound = sum(1 for one in unbound if one in current_roll().bindings)
    if bound:
        yield Finding(True, f"{bound} who left are still on the signed list.", "A steward unbinds them.")


def _strays() -> Iterator[Finding]:
    roll = current_roll()
    versions = select(KeyVersion.compartment_id, KeyVersion.version)
    unsigned = [row for row in db.session.execute(versions) if tuple(row) not in roll.key_versions]
    if unsigned:
        yield Finding(True, f"{len(unsigned)} keys that nobody signed.", "Somebody wrote to the database.")
    grants = db.session.execute(select(KeyGrant.compartment_id, KeyGrant.member_id))
    strangers = sum(1 for where, member in grants if member not in roll.members(where))
    if strangers:
        yield Finding(True, f"{strangers} grants to people who do not belong.", "They count for nothing.")
    nowhere = select(func.count()).select_from(KeyDek).where(KeyDek.compartment_id.not_in(select(Compartment.id)))
    if count := db.session.scalar(nowhere):
        yield Finding(True, f"{count} data keys of no compartment.", "Compare with a backup.")
    if not unsigned and not strangers and not count:
        yield Finding(False, "the key store holds nothing that belongs to nobody")


def of_erasings() -> Iterator[Finding]:
    """What was agreed and is not done yet, what holders of keys owe, and a database to be written anew."""
    if waiting := count_agreed():
        yield Finding(True, f"{waiting} erasings are agreed and not done.", "A supervisor of the site does them.")
    for owing in filter(is_owed, _OWED_BY):
        yield Finding(False, f"copies of erased people wait ({owing}): {_OWED_BY[owing]}")
    if not is_owed(Owing.VACUUM):
        yield Finding(False, "nothing of an erasing is left to be written anew")
    elif not may_write_anew():
        what = "An erasing waits for the table of keys to be written anew, which this role may not."
        yield Finding(True, what, "Run `flask --app wsgi migrate` as the owner of the tables.")
    else:
        yield Finding(False, "tick writes the database anew after an erasing")


def of_backups() -> Iterator[Finding]:
    """When the last backup was made and the last drill was held."""
    made, at = last_done(LEASE), now()
    if made is None or at - made > BACKUP_AGE:
        what = f"The last backup was made: {'never' if made is None else _minute(made)}."
        yield Finding(not deployment().fictional, what, "Start its timer, or `flask --app wsgi backup --to FOLDER`.")
    else:
        yield Finding(False, f"backup made {_minute(made)}")
    if kit_page.is_due():
        yield Finding(True, "The kit was not tried for a year.", "Restore on a spare machine, or try it on its page.")
    else:
        yield Finding(False, "the kit was tried, or the agency is young")


def of_versions() -> Finding:
    """Which processes were seen lately, each with the newest migration that its code knows."""
    seen = running.running(now())
    told = ", ".join(f"{one.name} at {one.version}" for one in seen) or "none seen lately"
    if len({one.version for one in seen}) > 1:
        what = f"Several versions run: {told}."
        return Finding(True, what, "Bring each host to the newest; until then no restriction is signed or lifted.")
    return Finding(False, f"running: {told}")


def of_heads() -> Finding:
    """Whether the head of the trail lies somewhere else: beside the database alone it proves nothing."""
    away = [copy for copy in copies() if copy.folder != deployment().folder]
    told = settings_here()
    if told.backups is None and not told.heads:
        what = "The heads of the trail are copied nowhere by themselves."
        then = f"Set SHELTER_HEADS or SHELTER_BACKUPS, or print {HEADS} every week."
        return Finding(not deployment().fictional, what, then)
    wanted = [*([] if told.backups is None else [told.backups]), *told.heads]
    copied = {copy.folder: copy.at for copy in away if copy.at is not None}
    newest = db.session.scalar(select(func.max(Trail.at)))
    late = [one for one in wanted if one not in copied or (newest and newest - copied[one] > BACKUP_AGE)]
    if late:
        last = None if any(one not in copied for one in late) else min(copied[one] for one in late)
        what = f"The head of the trail was last copied: {'never' if last is None else _minute(last)}."
        where = ", ".join(map(str, late))
        return Finding(True, what, f"Look whether {where} is mounted and may be written, and whether tick runs.")
    if damaged := sum(copy.damaged for copy in away):
        what = f"{damaged} lines of copied heads are damaged."
        return Finding(True, what, f"Give the file to the auditor, and let a new {HEADS} begin.")
    if unlike := next((copy.unlike for copy in away if copy.unlike), 0):
        what = f"The trail is not the one whose heads were copied, from link {unlike} on."
        then = f"After a restore, give that {HEADS} to the auditor and let a new one begin; else call her first."
        return Finding(True, what, then)
    return Finding(False, f"the head of the trail was copied {_minute(min(copied.values()))}")


def of_machine() -> Iterator[Finding]:
    """Disk, swap, and a clock that is behind the trail."""
    usage = shutil.disk_usage(deployment().folder)
    if usage.free < usage.total * LEAST_FREE:
        yield Finding(True, f"The disk has {usage.free >> 20} MiB left.", "Make room before the database needs it.")
    else:
        yield Finding(False, f"disk: {usage.free >> 30} GiB free")
    if _swaps():
        yield Finding(
            not deployment().fictional, "Memory may be written to a swap disk.", "`swapoff -a`, or encrypt it."
        )
    last = db.session.scalar(select(func.max(Trail.at)))
    if last is not None and last > now() + CLOCK:
        yield Finding(True, f"The clock is behind the trail, which ends {_minute(last)}.", "Set the clock.")


SWAPS = Path("/proc/swaps")


def _swaps() -> bool:

    return SWAPS.exists() and len(SWAPS.read_text().splitlines()) > 1


def _minute(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


def with_key_of(actor: Actor) -> Iterator[Finding]:
    """Opens every section that she holds a key for, and says which seals do not hold."""
    opened, refused = 0, 0
    for model, section in _sections():
        compartment = keyring_of(actor).find(section.kind)
        if compartment is None or compartment not in keyring_of(actor).held():
            continue
        for rows in _portions(model, section):
            sealed = [row_of(row, section) for row in rows]
            mine = [one for one in sealed if keyring_of(actor).holds(section.kind, one.subject.client)]
            values = open_rows(actor, mine, section)
            opened += sum(1 for value in values if value is not None)
            for each in take_refusals():
                refused += 1
                yield Finding(True, f"{each.table} {each.row_id.hex()[:8]}: the seal of {each.section} does not hold.")
    yield Finding(bool(refused), f"{opened} sections open with your keys, {refused} do not")
    yield from _stores(actor)


def _stores(actor: Actor) -> Iterator[Finding]:
    """The packed stores against the records they were made from, as far as her keys reach."""
    names = directory_agrees(actor)
    anew = packs.mend(actor) if keyring_of(actor).holds(Kind.DOCUMENTS) else None
    gone = packing.mend(actor) if keyring_of(actor).holds(Kind.SHELTER) else None
    take_refusals()  # said above, section by section
    if gone is not None:
        yield Finding(False, f"packed nights of leave agree with the rooms; {gone} segments are to be made anew")
    if anew is not None:
        yield Finding(False, f"the lists of papers agree with the papers; {anew} were made anew")
    if names is not None and names.holds:
        yield Finding(False, f"the directory of names agrees with the records: {names.entries} entries")
    elif names is not None:
        what = f"directory of names: {names.missing} missing, {names.different} different, {names.stray} stray"
        yield Finding(True, what, "Save the names of records that search does not find once more.")
    yield from _missing_of_ledgers(actor)
    if keyring_of(actor).holds(Kind.FACTS):
        for each in agreements(actor):
            what = f"{each.what}: {each.records} records, {each.facts} in the ledger of facts"
            yield Finding(not each.holds, what, "The next holder of facts folds what waits; then run this again.")


def _missing_of_ledgers(actor: Actor) -> Iterator[Finding]:
    """Segments that do not open, by who has to tell them anew."""
    for ledger in (Kind.FACTS, Kind.EXACT):
        if keyring_of(actor).holds(ledger):
            for origin, count in broken(actor, ledger).items():
                what = f"ledger of {ledger.value}: {count} segments of what {origin} tells do not open"
                yield Finding(True, what, f"Nothing is counted until a holder of {origin} runs tell-anew {origin}.")
            yield from _told_anew(actor, ledger)


def _told_anew(actor: Actor, ledger: Kind) -> Iterator[Finding]:
    """What waits of what sources told anew, and what keeps it from being folded."""
    for run in runs(actor, ledger):
        told = f"ledger of {ledger.value}: what {run.origin} told anew"
        if not run.is_whole:
            there = (
                f"{len(run.facts)} of {run.expected}" if run.expected >= 0 else f"{len(run.facts)}, without the end,"
            )
            yield Finding(True, f"{told} is not whole: {there} facts are there", f"Run tell-anew {run.origin} again.")
        elif not may_replace(actor, run, ledger):
            what = f"{told} waits: a lost part may hold counts whose records are no more"
            then = f"Bring a backup back whose ledger opens, or run tell-anew {run.origin} --give-up-lost."
            yield Finding(True, what, then)
        else:
            yield Finding(False, f"{told} waits to be folded by a holder of {ledger.value}")


def _sections() -> Iterator[tuple[Any, Section[Any]]]:
    for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__name__):
        if issubclass(mapper.class_, Sealed):
            for section in mapper.class_.sections.values():
                yield mapper.class_, section


def _portions(model: Any, section: Section[Any]) -> Iterator[list[Any]]:
    after = b""
    while True:
        query = select(model).where(model.id > after, getattr(model, section.name).is_not(None))
        rows = list(db.session.scalars(query.order_by(model.id).limit(_PORTION)))
        if not rows:
            return
        yield rows
        after = rows[-1].id
        db.session.expunge_all()
