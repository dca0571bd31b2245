"""One person under two codes as an export says her: one PersonalID, who she is said once by the record that was kept,
and stays that overlap in one house as one enrollment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from shelter.answers.models import Answers
from shelter.census.merged import persons
from shelter.exchange.out.own import OwnStay
from shelter.exchange.out.people import PersonOut
from shelter.rules.interview import Stage

_ONCE = (Stage.ENTRY, Stage.EXIT)


def apart(ids: Sequence[bytes]) -> tuple[list[bytes], list[list[bytes]]]:
    """Who has one code, in the order of the ids; and for each other person her records, the kept one first."""
    kept_of, here, groups = persons(), frozenset(ids), dict[bytes, list[bytes]]()
    for gone, kept in kept_of.items():
        if gone in here and kept in here:
            groups.setdefault(kept, [kept]).append(gone)
    grouped = {one for group in groups.values() for one in group}
    return [one for one in ids if one not in grouped], list(groups.values())


@dataclass(frozen=True, slots=True)
class Whole:
    """A person's stays over all her records, and pairs of households that are one because she was in both."""

    stays: tuple[OwnStay, ...]
    households: tuple[tuple[str, str], ...]


def whole(records: Iterable[PersonOut]) -> Whole:
    """The kept record first."""
    runs = _runs([stay for record in records for stay in record.stays])
    households = tuple((run[0].household, stay.household) for run in runs for stay in run[1:])
    return Whole(tuple(map(_one, runs)), households)


@dataclass(frozen=True, slots=True)
class Came:
    """An enrollment that another system sent: where, from which day and until which, if it ended there."""

    enrollment: str
    project: str
    entry: date
    exit: date | None


def within(stays: Iterable[OwnStay], imported: Sequence[Came]) -> tuple[OwnStay, ...]:
    """Her stays; one that begins inside an enrollment which came, in the same house, is said under that enrollment, and
    what is asked once at the start was answered there.
    """
    return tuple(_under(stay, same) if (same := _holding(stay, imported)) else stay for stay in stays)


def _under(stay: OwnStay, came: Came) -> OwnStay:
    return replace(
        stay,
        under=came.enrollment,
        answers=tuple(one for one in stay.answers if one.stage != Stage.ENTRY),
    )


def _holding(stay: OwnStay, imported: Sequence[Came]) -> Came | None:
    return next(
        (
            one
            for one in imported
            if one.project == stay.project and one.entry <= stay.entry and (one.exit is None or stay.entry < one.exit)
        ),
        None,
    )


def _runs(stays: Iterable[OwnStay]) -> list[list[OwnStay]]:
    """Stays of one project that overlap, together, each run in the order of its days."""
    runs: list[list[OwnStay]] = []
    for one in sorted(stays, key=lambda stay: (stay.project, stay.entry, stay.enrollment)):
        run = runs[-1] if runs else []
        if run and run[0].project == one.project and one.entry < max(stay.exit or date.max for stay in run):
            run.append(one)
        else:
            runs.append([one])
    return runs


def _one(run: list[OwnStay]) -> OwnStay:
    last = max(run, key=lambda stay: stay.exit or date.max)
    return replace(
        run[0],
        head=any(stay.head for stay in run),
        exit=last.exit,
        leaving=last.leaving,
        answers=tuple(_answers(run)),
        bed_nights=tuple(sorted({night for stay in run for night in stay.bed_nights})),
    )


def _answers(run: list[OwnStay]) -> list[Answers]:
    """What is asked once at the start and once at the end was answered once: the first time, and the last."""
    said = sorted((one for stay in run for one in stay.answers), key=lambda one: (one.on, one.stage))
    entry = [one for one in said if one.stage == Stage.ENTRY][:1]
    leaving = [one for one in said if one.stage == Stage.EXIT][-1:]
    between = [one for one in said if one.stage not in _ONCE]
    return sorted([*entry, *between, *leaving], key=lambda one: (one.on, one.stage))
