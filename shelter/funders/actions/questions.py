"""Asking who may see them about the records behind a number: the preparer learns no name, they see only their own."""

from collections.abc import Iterable
from dataclasses import dataclass

from shelter.db import db, new_id
from shelter.db.errors import Missing
from shelter.db.inbox import Fact
from shelter.db.letters import TooLong, sealed_letter
from shelter.db.sections import open_section
from shelter.funders.models import ABOUT, About, Counted, FunderFile, FunderQuestion, Question
from shelter.funders.records import answer_of, facts_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.kinds import Kind
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.performance import FORMS, form_of
from shelter.trail.record import recorded

_DAY = ("day", "entry", "from")


@dataclass(frozen=True, slots=True)
class AskNumber:
    """`section` and `row` say which number; `words` what should be looked at."""

    file: bytes
    section: str
    row: str
    words: str


def ask_number(actor: Actor, command: AskNumber) -> None:
    """Leaves the records behind a number for those who may name them: legal staff's for legal staff, others for case
    work. Raises Broken where nobody stands behind it, or too many do.

    Counting takes as long as the ledger is; nobody waits for it: the write lock is held for the letters alone.
    """
    require(actor, Act.FUNDER_FILES_PREPARE)
    about = _standing(actor, command.file)
    answer = answer_of(actor, about, command.section, command.row)
    counted = [one for one in facts_of(actor, answer.sources) if _of_somebody(one)]
    if not counted:
        raise Broken("funders.nobody-behind", "number")
    with recorded(actor, Act.FUNDER_FILES_PREPARE) as unit:
        require(actor, Act.FUNDER_FILES_PREPARE)
        _standing(actor, command.file)
        for kind in (Kind.ADVOCACY, Kind.LEGAL):
            mine = [one for one in counted if (one.origin == Kind.LEGAL.value) is (kind is Kind.LEGAL)]
            if mine:
                title = form_of(about.report).title
                said = Question(
                    form=title,
                    line=f"{command.section} {answer.row} {answer.line}",
                    words=command.words,
                    at=now(),
                    counted=_told(mine),
                )
                _leave(actor, command.file, kind, said)
        unit.detail = {"report": about.report, "question": f"{command.section} {command.row}"}


def _standing(actor: Actor, file: bytes) -> About:
    """What a file counts that waits or was agreed to. `Missing` for any other."""
    row = db.session.get(FunderFile, file)
    about = open_section(actor, row, ABOUT) if row and row.state in ("waiting", "agreed") else None
    if about is None or about.report not in FORMS:
        raise Missing
    return about


def _leave(actor: Actor, file: bytes, kind: Kind, said: Question) -> None:
    question = new_id()
    try:
        letter = sealed_letter(actor, FunderQuestion.__tablename__, question, kind, said)
    except TooLong:
        raise Broken("funders.too-many-behind", "number") from None
    db.session.add(
        FunderQuestion(id=question, file_id=file, kind=kind.value, ck_version=letter.version, sealed=letter.sealed)
    )


def _of_somebody(fact: Fact) -> bool:
    return fact.what not in ("count", "turned_away")


def _told(facts: Iterable[Fact]) -> list[Counted]:
    found = []
    for one in facts:
        day = next((str(one.values[name]) for name in _DAY if one.values.get(name)), "")
        found.append(Counted(person=one.person, what=one.what, day=day))
    return sorted(found, key=lambda one: (one.person, one.day, one.what))
