"""Identity documents as data: kinds, where a paper can be, the countries that issue them, and the ways back.

Nothing here is about a person; a way back with a gate stays closed until counsel has answered.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from shelter.rules.broken import Broken
from shelter.rules.rulefile import BadRuleFile, Sourced, files_in, read, require_unique

FOLDER = Path(__file__).parent

Holder = Literal["client", "agency", "other_side", "authority", "nobody", "unknown"]
"""Who has the paper in a state: the client, the agency's safe, somebody who keeps it from the client, an
office, nobody (it does not exist now), or unknown."""


class PaperKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A kind of paper. `issued_by` is the sort of office; `expires` that it carries an end date; `number`
    what the number is called; `rule` the deadline rule that watches its expiry."""

    code: str
    label: str
    issued_by: Literal["foreign", "federal", "state", "court", "other"]
    expires: bool = False
    number: str = ""
    rule: str = ""


class PaperState(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a paper is. `htcds_withheld` is the method of control "withholds documents" of HTCDS 2.0; `watched` that
    its end matters: not of a paper that is gone or about to be replaced."""

    code: str
    label: str
    holder: Holder
    htcds_withheld: bool = False
    watched: bool = True


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One step of a way back. A `gate` holds every later step until it is done; `who` usually takes it."""

    code: str
    label: str
    who: str
    gate: bool = False
    advice: str = ""


class WayBack(Sourced, frozen=True, kw_only=True):
    """How to get a paper back or anew. `where` is "US", a state as "US-CA", or "any"."""

    code: str
    label: str
    paper: str
    where: str
    steps: tuple[Step, ...]
    evidence: tuple[str, ...] = ()
    cost: str = ""
    waiver: str = ""
    usual_time: str = ""
    advice: str = ""

    def open_steps(self, done: Iterable[str]) -> tuple[Step, ...]:
        """The steps that can be taken now: not yet done, up to and including the first gate that is not."""
        finished, found = frozenset(done), []
        for step in self.steps:
            if step.code in finished:
                continue
            found.append(step)
            if step.gate:
                break
        return tuple(found)

    def require_open(self, code: str, done: Iterable[str]) -> Step:
        """The step when no gate before it is closed. Raises Broken; KeyError for a step of another way."""
        by_code = {step.code: step for step in self.steps}
        step = by_code[code]
        finished = frozenset(done)
        before = self.steps[: self.steps.index(step)]
        if any(earlier.gate and earlier.code not in finished for earlier in before):
            raise Broken("paper.gate_closed", field="step")
        return step


class _File(msgspec.Struct, forbid_unknown_fields=True):
    kind: tuple[PaperKind, ...] = ()
    state: tuple[PaperState, ...] = ()
    way: tuple[WayBack, ...] = ()


class PaperBook(msgspec.Struct, frozen=True):
    """Kinds and states by code, and ways by code."""

    kinds: Mapping[str, PaperKind]
    states: Mapping[str, PaperState]
    ways: Mapping[str, WayBack]

    def ways_for(self, paper: str, where: str = "US") -> tuple[WayBack, ...]:
        """The ways back for a kind of paper, the state's own before the country's."""
        wanted = [where, "US", "any"] if where.startswith("US-") else [where, "any"]
        found = [way for way in self.ways.values() if way.paper == paper and way.where in wanted]
        return tuple(sorted(found, key=lambda way: wanted.index(way.where)))


def load_papers(folder: Path = FOLDER) -> PaperBook:
    """Kinds, states and ways of a folder. Raises BadRuleFile; the file of countries is read by
    `papers.countries`."""
    kinds: dict[str, PaperKind] = {}
    states: dict[str, PaperState] = {}
    ways: dict[str, WayBack] = {}
    files = [(path.name, read(path, _File)) for path in files_in(folder) if not path.name.startswith("countries")]
    for name, file in files:
        require_unique([*kinds, *(kind.code for kind in file.kind)], name, "kind")
        require_unique([*states, *(state.code for state in file.state)], name, "state")
        require_unique([*ways, *(way.code for way in file.way)], name, "way")
        kinds |= {kind.code: kind for kind in file.kind}
        states |= {state.code: state for state in file.state}
        ways |= {way.code: way for way in file.way}
    for name, file in files:
        for position, way in enumerate(file.way):
            _require_whole(way, kinds, name, position)
    return PaperBook(kinds=kinds, states=states, ways=ways)


@cache
def papers() -> PaperBook:
    """The shipped papers, read once."""
    return load_papers()


def _require_whole(way: WayBack, kinds: Mapping[str, PaperKind], file: str, position: int) -> None:
    if way.paper not in kinds:
        raise BadRuleFile(file, f"$.way[{position}].paper", f"`{way.paper}` is not a kind of paper")
    if not way.steps:
        raise BadRuleFile(file, f"$.way[{position}].steps", "a way without steps")
    require_unique([step.code for step in way.steps], file, f"way[{position}].steps")
