"""Types of legal matter as data: forms, stages, notices, papers to gather and the deadline rules that belong
to each.

None of it is legal advice; an agency's counsel decides, and types marked K or C wait for counsel's word.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from shelter.rules.broken import Broken
from shelter.rules.deadlines import RuleBook, shipped_rules
from shelter.rules.picklists import picklists
from shelter.rules.rulefile import BadRuleFile, Sourced, files_in, placed, read, require_unique

FOLDER = Path(__file__).parent

Fee = Literal["none", "exempt", "waivable", "statutory", "varies"]
"""none: free for everybody. exempt: free for this group. waivable: a waiver can be asked for. statutory:
cannot be waived and changes every year. varies: by court or consulate."""


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A stage and the ones it may follow; a stage that follows none is where a matter begins. `ends` closes it.

    `confirm` is what has to be said, or its contrary explained, before a matter comes to it.
    """

    code: str
    label: str
    follows: tuple[str, ...] = ()
    ends: bool = False
    confirm: str = ""


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A form of the matter. `each` says that every family member has their own; `category` is the I-765
    category; `opens` the rule of the earliest day on which it may arrive."""

    code: str
    label: str
    required: bool = True
    each: bool = False
    fee: Fee = "exempt"
    category: str = ""
    advice: str = ""
    opens: str = ""

    @property
    def key(self) -> str:
        """As a filing names it."""
        return f"{self.code} {self.category}".strip()


class MatterType(Sourced, frozen=True, kw_only=True):
    """A type of matter. `protected` marks 8 U.S.C. 1367: nobody asks about it outside without the client's
    consent.

    `people` are the roles a matter can have beside the client; `rules` the deadline rules offered in it. `warning` is
    what ends it if it happens before one of `warned_until` is reached. `asks` gives, by what is asked of an agency, the
    stages that follow from asking, a signature, a refusal or a lapse.
    """

    code: str
    label: str
    classification: str = ""
    protected: bool = False
    stages: tuple[Stage, ...]
    forms: tuple[Form, ...] = ()
    notices: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    gather: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    advice: str = ""
    warning: str = ""
    warned_until: tuple[str, ...] = ()
    asks: Mapping[str, Mapping[str, str]] = {}

    @property
    def applied_for(self) -> frozenset[str]:
        """The forms that are the application itself, as a filing names them: required ones on which a fee stands."""
        return frozenset(one.key for one in self.forms if one.required and one.fee != "none")

    def warns(self, reached: Iterable[str]) -> bool:
        """Whether its warning still stands for a matter that came through these stages."""
        return bool(self.warning) and not set(self.warned_until).intersection(reached)

    def stage(self, code: str) -> Stage:
        """Raises Broken for a stage of another matter."""
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise Broken("matter.stage_unknown", field="stage")

    def first_stages(self) -> tuple[Stage, ...]:
        return tuple(stage for stage in self.stages if not stage.follows)

    def next_stages(self, current: str) -> tuple[Stage, ...]:
        """The stages that may follow. Raises Broken for a stage of another matter."""
        self.stage(current)
        return tuple(stage for stage in self.stages if current in stage.follows)

    def require_follows(self, current: str | None, chosen: str) -> Stage:
        """The chosen stage when it may follow the current one (None: the matter opens). Raises Broken."""
        stage = self.stage(chosen)
        allowed = self.first_stages() if current is None else self.next_stages(current)
        if stage not in allowed:
            raise Broken("matter.stage_does_not_follow", field="stage")
        return stage


class _File(msgspec.Struct, forbid_unknown_fields=True):
    matter: tuple[MatterType, ...]


def load_matter_types(folder: Path = FOLDER, book: RuleBook | None = None) -> Mapping[str, MatterType]:
    """Every matter type of a folder by code. Raises BadRuleFile, also for a stage, notice or rule that is
    not there."""
    book = book or shipped_rules()
    found: dict[str, MatterType] = {}
    for path in files_in(folder):
        for position, matter in enumerate(read(path, _File).matter):
            key = f"matter[{position}]"
            if matter.code in found:
                raise BadRuleFile(path.name, f"$.{key}.code", f"`{matter.code}` appears twice")
            require_whole(matter, book, path.name, key)
            found[matter.code] = matter
    return found


def among(types: Mapping[str, MatterType], code: str) -> MatterType:
    """Raises Broken for a type that is not there."""
    try:
        return types[code]
    except KeyError:
        raise Broken("matter.type_unknown", field="matter_type") from None


@cache
def matter_types() -> Mapping[str, MatterType]:
    """The shipped types, read once."""
    return load_matter_types(placed(FOLDER))


def matter_type(code: str) -> MatterType:
    """Raises Broken for a type that is not shipped."""
    return among(matter_types(), code)


def require_whole(matter: MatterType, book: RuleBook, file: str = "agency", key: str = "matter[0]") -> None:
    """Raises BadRuleFile for a stage, notice, part or rule that is not there."""
    require_unique([stage.code for stage in matter.stages], file, f"{key}.stages")
    require_unique([form.code + form.category for form in matter.forms], file, f"{key}.forms")
    if not matter.first_stages():
        raise BadRuleFile(file, f"$.{key}.stages", "no stage to begin with")
    codes = {stage.code for stage in matter.stages}
    for stage in matter.stages:
        _require_known(stage.follows, codes, file, f"$.{key}.stages.{stage.code}.follows")
    _require_known(matter.warned_until, codes, file, f"$.{key}.warned_until")
    for kind, moves in matter.asks.items():
        _require_known(tuple(moves.values()), codes, file, f"$.{key}.asks.{kind}")
    notices = {choice.code for choice in picklists()["notice_types"].choices}
    _require_known(matter.notices, notices, file, f"$.{key}.notices")
    roles = {choice.code for choice in picklists()["matter_people"].choices}
    _require_known(matter.people, roles, file, f"$.{key}.people")
    _require_known(matter.rules, set(book.ids), file, f"$.{key}.rules")
    opening = tuple(form.opens for form in matter.forms if form.opens)
    _require_known(opening, set(matter.rules), file, f"$.{key}.forms")


def _require_known(named: tuple[str, ...], known: set[str], file: str, key: str) -> None:
    for name in named:
        if name not in known:
            raise BadRuleFile(file, key, f"`{name}` is not known")
