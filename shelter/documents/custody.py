"""The ledger of an original: what may follow what, and each line as text that anybody can count a digest over.

Pure: a paper is here, lent out, or not with us, and in one of these places only.
"""

import hashlib
import json
from collections.abc import Sequence

from shelter.documents.models import Held
from shelter.rules.broken import Broken

HERE, LENT, AWAY = "here", "lent", "away"
ACTS: dict[str, tuple[str, str]] = {
    "taken_in": (AWAY, HERE),
    "moved": (HERE, HERE),
    "seen": (HERE, HERE),
    "lent": (HERE, LENT),
    "back": (LENT, HERE),
    "returned": (HERE, AWAY),
}
"""Each act with the place it starts from and the place where the paper is afterwards."""
SIGNED = frozenset({"lent", "returned"})
"""What goes out goes out against a signature."""
STATES = {"taken_in": "agency_safe", "returned": "returned"}
"""What these acts say about where the paper is now."""


def place(lines: Sequence[Held]) -> str:
    return ACTS[lines[-1].what][1] if lines else AWAY


def open_acts(lines: Sequence[Held]) -> list[str]:
    now = place(lines)
    return [act for act, (start, _) in ACTS.items() if start == now]


def require_next(lines: Sequence[Held], line: Held) -> None:
    """Raises `Broken` for what cannot follow, or lacks what such a line needs."""
    if line.what not in ACTS:
        raise Broken("custody.unknown")
    if line.what not in open_acts(lines):
        raise Broken(f"custody.is-{place(lines)}")
    if lines and line.on < lines[-1].on:
        raise Broken("custody.before-the-last", field="on")
    if line.what in ("taken_in", *SIGNED) and not line.who:
        raise Broken("custody.who", field="who")
    if line.what == "taken_in" and not line.condition:
        raise Broken("custody.condition", field="condition")
    if line.what in SIGNED and not line.signed:
        raise Broken("custody.signed", field="signed")
    shown = [number for number, one in enumerate(lines, 1) if one.photo_digest == line.photo_digest]
    if line.photo_digest and shown:
        raise Broken("custody.shown-before", field="file", values={"line": shown[0]})


def told(number: int, line: Held) -> str:
    """A line as text, one field a row; this is what the next line's digest is counted over."""
    fields = {
        "line": number,
        "what": line.what,
        "on": line.on.isoformat(),
        "time": line.time,
        "who": line.who,
        "condition": line.condition,
        "bag": line.bag,
        "shelf": line.shelf,
        "words": line.words,
        "signed": line.signed,
        **({"drawn": json.dumps(line.strokes, separators=(",", ":"))} if line.strokes else {}),
        "photograph": line.photo_digest,
        "by": line.by.hex(),
        "written": line.at.isoformat(),
        "before": line.before,
    }
    return "".join(f"{name}: {' '.join(str(value).split())}\n" for name, value in fields.items())


def digest(number: int, line: Held) -> str:
    return hashlib.sha256(told(number, line).encode()).hexdigest()


def holds(lines: Sequence[Held]) -> bool:
    """Whether each line names the one before it."""
    known = ["", *(digest(number, line) for number, line in enumerate(lines, 1))]
    return all(line.before == known[at] for at, line in enumerate(lines))
