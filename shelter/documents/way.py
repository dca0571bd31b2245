"""One way back to a paper, as it was when it was begun: its steps, what happened to each, and who is waited for.

Pure: the rules say which steps are open; here nobody is asked whether she may.
"""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from shelter.rules.broken import Broken
from shelter.rules.papers import Step, WayBack

OWNERS = ("client", "client_with_staff", "staff", "legal", "office")
"""Who takes a step: she, she with staff, staff, her legal team, or an office that is waited for."""
PAYERS = ("nobody", "agency", "client", "partner", "other")
OUTCOMES = ("done", "left_out")
LEFT_OPEN = "unasked"
"""Whom a gate waits for before anybody has asked counsel."""
USUAL = {"Client": "client", "Client with staff": "client_with_staff", "Legal advocate": "legal", "Office": "office"}


class Event(msgspec.Struct, kw_only=True, frozen=True):
    """What happened to a step, only ever added to.

    `what` is asked, answered, arranged, done, left_out or reopened; `on` the day it happened; `words` the
    question, the answer or the result; `cost` in cents; `asked` the colleagues whom a question went to.
    """

    what: str
    at: datetime
    by: bytes
    on: date | None = None
    words: str = ""
    cost: int | None = None
    paid_by: str = ""
    asked: list[bytes] = []
    go_ahead: bool = False
    owner: str = ""
    due: date | None = None


class WayStep(msgspec.Struct, kw_only=True):
    """A step as the rules had it, who takes it and by when; `state` is open, done or left_out."""

    code: str
    label: str
    gate: bool = False
    advice: str = ""
    owner: str = "staff"
    due: date | None = None
    state: str = "open"
    events: list[Event] = []

    def last(self, what: str) -> Event | None:
        """The newest event of a sort since the step was last opened again."""
        for event in reversed(self.events):
            if event.what == what:
                return event
            if event.what == "reopened":
                return None
        return None


class Taken(msgspec.Struct, kw_only=True):
    """A way back that was begun. `version` is the day from which the rules held that it was copied from."""

    way: str
    label: str
    paper: str
    where: str
    version: date
    source: str
    steps: list[WayStep]
    begun_by: bytes
    begun_at: datetime
    evidence: list[str] = []
    cost: str = ""
    waiver: str = ""
    usual_time: str = ""
    advice: str = ""
    ended_at: datetime | None = None
    ended_by: bytes = b""
    ended_why: str = ""

    @property
    def finished(self) -> bool:
        return all(step.state != "open" for step in self.steps)

    @property
    def active(self) -> bool:
        return self.ended_at is None and not self.finished


def begin(way: WayBack, *, by: bytes, at: datetime) -> Taken:
    """A copy of the way, so that a new version of the rules changes nothing that was begun under the old one."""
    steps = [
        WayStep(
            code=step.code, label=step.label, gate=step.gate, advice=step.advice, owner=USUAL.get(step.who, "staff")
        )
        for step in way.steps
    ]
    return Taken(
        way=way.code,
        label=way.label,
        paper=way.paper,
        where=way.where,
        version=way.effective_from,
        source=way.source,
        steps=steps,
        begun_by=by,
        begun_at=at,
        evidence=list(way.evidence),
        cost=way.cost,
        waiver=way.waiver,
        usual_time=way.usual_time,
        advice=way.advice,
    )


def open_steps(taken: Taken) -> Sequence[str]:
    """Codes of the steps that can be taken now; none behind a gate that is closed."""
    return [step.code for step in _as_rule(taken).open_steps(_closed(taken))]


def changed(taken: Taken, code: str, event: Event) -> Taken:
    """The way after an event on one step. Raises `Broken`; `KeyError` for a step this way never had."""
    step = {step.code: step for step in taken.steps}[code]
    if event.what != "arranged":
        _as_rule(taken).require_open(code, _closed(taken))
    after = _step_after(taken, step, event)
    return replace(taken, steps=[after if one.code == code else one for one in taken.steps])


def _step_after(taken: Taken, step: WayStep, event: Event) -> WayStep:
    if step.state != "open" and event.what != "reopened":
        raise Broken("documents.step-closed")
    events = [*step.events, event]
    match event.what:
        case "asked" | "answered" if not step.gate:
            raise Broken("documents.no-gate")
        case "asked":
            return replace(step, events=events)
        case "answered":
            return replace(step, events=events, state="done" if event.go_ahead else "open")
        case "arranged":
            return replace(step, events=events, owner=event.owner, due=event.due)
        case "done" | "left_out" if step.gate:
            raise Broken("documents.counsel-answers")
        case "done" | "left_out":
            return replace(step, events=events, state=event.what)
        case "reopened":
            if step.state == "open":
                raise Broken("documents.step-open")
            return replace(step, events=events, state="open")
    raise Broken("documents.unknown-change")


class Waits(msgspec.Struct, frozen=True):
    """The next step of a way, whom it waits for (an owner, or nobody asked yet) and since when."""

    step: WayStep
    on: str
    since: datetime


def waits(taken: Taken) -> Waits | None:
    """None where nothing is left to do."""
    if not taken.active:
        return None
    step = next(step for step in taken.steps if step.state == "open")
    asked = step.last("asked")
    since = max(
        [taken.begun_at, *(event.at for one in taken.steps for event in one.events if event.what != "arranged")]
    )
    if not step.gate:
        return Waits(step, step.owner, since)
    answered = step.last("answered")
    return Waits(step, "legal", answered.at if answered else asked.at) if asked else Waits(step, LEFT_OPEN, since)


def _closed(taken: Taken) -> list[str]:
    return [step.code for step in taken.steps if step.state != "open"]


def _as_rule(taken: Taken) -> WayBack:
    return WayBack(
        code=taken.way,
        label=taken.label,
        paper=taken.paper,
        where=taken.where,
        steps=tuple(Step(code=s.code, label=s.label, who="", gate=s.gate, advice=s.advice) for s in taken.steps),
        source=taken.source,
        certainty="K",
        effective_from=taken.version,
    )
