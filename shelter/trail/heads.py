"""Heads of the chain: signed by people, who cannot be imitated later, and copied to where no intruder here reaches."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from shelter.crypto.labels import Label
from shelter.crypto.signing import sign
from shelter.db import db
from shelter.db.deployment import deployment, settings
from shelter.db.transaction import abandon
from shelter.rules.clock import now
from shelter.trail.models import Trail, TrailSignature
from shelter.trail.proof import Head, head

HEADS = "heads.txt"
"""The file to which heads are copied, a line each."""
_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})(?:\s|$)")
_DAY = re.compile(r"\d{4}-\d\d-\d\dT")
_PORTION, _LONGEST = 500, 200


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of heads. `at` is when the last one came, None without such a file; `damaged` lines are no heads.

    `unlike` is the place of the first head that the chain does not have: 0 where it has them all.
    """

    folder: Path
    at: datetime | None
    heads: int = 0
    damaged: int = 0
    unlike: int = 0


def sign_head(user_id: bytes, signing_private: bytes) -> None:
    """Signs the newest committed link, in the caller's transaction."""
    last = db.session.execute(select(Trail.seq, Trail.hash).order_by(Trail.seq.desc()).limit(1)).first()
    if last is None or db.session.get(TrailSignature, (last.seq, user_id)) is not None:
        return
    signature = sign(signing_private, Label.SIGN_TRAIL_HEAD, deployment().agency, [last.seq, last.hash])
    db.session.add(TrailSignature(seq=last.seq, user_id=user_id, signature=signature))


def places() -> list[Path]:
    """Where heads go: the data folder, the folder of backups, and those of `SHELTER_HEADS` (a mount of another host).

    A head beside the database alone proves nothing. A folder that is not there is a disk that is not mounted: nothing
    is made in its place.
    """
    told = settings()
    away = [*([told.backups] if told.backups is not None else []), *told.heads]
    return [deployment().folder, *(folder for folder in away if folder.is_dir())]


def copy_head(folder: Path) -> None:
    """Appends the newest link of the trail to a file, on a line of its own even after one that was cut off."""
    newest = head()
    if newest is None:
        return
    path = folder / HEADS
    end = _end_of(path)
    if end.rstrip().endswith(str(newest)):
        return
    torn = "" if end.endswith("\n") or not end else "\n"
    with path.open("a") as file:
        file.write(f"{torn}{now().isoformat(timespec='seconds')} {newest}\n")
    if end and not end.splitlines()[-1].startswith(now().date().isoformat()):
        _thin(path)


def _thin(path: Path) -> None:
    """With the first head of a day: of each day before, the last head is left, which proves those before it.

    That is so while the chain has them all: a file with another head or a damaged line is evidence, and stays whole.
    """
    found = _kept(path.parent)
    if found.damaged or found.unlike:
        return
    lines = path.read_text().splitlines(keepends=True)
    left = {line[:10] if _DAY.match(line) else line: line for line in lines}
    anew = path.with_suffix(".new")
    try:
        anew.write_text("".join(left.values()))
        anew.replace(path)
    finally:
        anew.unlink(missing_ok=True)


def _end_of(path: Path) -> str:
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LONGEST))
        return file.read().decode(errors="replace")


def of_lines(text: str) -> tuple[Head, ...]:
    """The heads in what somebody kept: lines of `heads.txt`, or the command of a printed page. Raises ValueError."""
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        place = _HEAD.search(line)
        if place is None:
            raise ValueError(line)
        found.append(Head(int(place[1]), bytes.fromhex(place[2])))
    return tuple(found)


def first_unlike(heads: Iterable[Head]) -> int:
    """The place of the first of these heads that the chain does not have, 0 where it has them all.

    Begins a reading of its own: a head copied a moment ago may be newer than what this session has seen so far.
    """
    abandon()
    wanted, unlike = sorted(heads, key=lambda one: one.seq), 0
    for start in range(0, len(wanted), _PORTION):
        some = wanted[start : start + _PORTION]
        query = select(Trail.seq, Trail.hash).where(Trail.seq.in_({one.seq for one in some}))
        stored = {row.seq: row.hash for row in db.session.execute(query)}
        unlike = unlike or next((one.seq for one in some if stored.get(one.seq) != one.hash), 0)
    return unlike


def copies() -> list[Kept]:
    """What lies in each of the places now. A line that was cut off by a full disk is counted, not believed."""
    return [_kept(folder) for folder in places()]


def _kept(folder: Path) -> Kept:
    path = folder / HEADS
    if not path.exists():
        return Kept(folder, None)
    heads: list[Head] = []
    damaged = 0
    with path.open(errors="replace") as lines:
        for line in lines:
            try:
                heads += of_lines(line)
            except ValueError:
                damaged += 1
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Kept(folder, at, len(heads), damaged, first_unlike(heads))
