"""What was written here as rows of FY2026: a person, her stays as enrollments, how they ended, and her answers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from shelter.answers.models import Answers
from shelter.clients.models import Birth, Identity
from shelter.clients.queries.card import age_on
from shelter.rules.interview import Question, Stage, interview, missing_code
from shelter.rules.picklists import PickList, picklists
from shelter.stays.models import Leaving

Row = dict[str, str]
NO_EXIT_TALK, NOT_COLLECTED = 30, 99
HEAD = 1
_FULL, _APPROXIMATE, _DECLINED = 1, 2, 9
_SUBSTANCE = 10
_BED_NIGHT = "200"


@dataclass(frozen=True, slots=True)
class OwnStay:
    """A stay as an export needs it; `enrollment` is its id there, `under` the imported enrollment it is part of."""

    enrollment: str
    project: str
    household: str
    head: bool
    entry: date
    exit: date | None
    leaving: Leaving | None
    answers: tuple[Answers, ...]
    bed_nights: tuple[date, ...] = ()
    under: str = ""

    @property
    def enrolled(self) -> str:
        """The enrollment under which its rows are said."""
        return self.under or self.enrollment


def client(person: str, identity: Identity) -> Row:
    """Her row of Client.csv; what she was never asked is 99."""
    words = identity.legal_name.split()
    birth = identity.birth
    known = birth.year is not None
    digits = "".join(letter for letter in identity.ssn if letter.isdigit())
    none = {"RaceNone": "99", "Sex": "99", "VeteranStatus": "99"}
    return none | {
        "PersonalID": person,
        "FirstName": " ".join(words[:-1]) if len(words) > 1 else "".join(words),
        "LastName": words[-1] if len(words) > 1 else "",
        "NameDataQuality": "1" if len(words) > 1 else "2" if words or identity.working_name else "99",
        "SSN": digits,
        "SSNDataQuality": "1" if len(digits) == 9 else "2" if digits else "99",
        "DOB": f"{birth.year:04d}-{birth.month or 1:02d}-{birth.day or 1:02d}" if known else "",
        "DOBDataQuality": str(_date_quality(identity)),
    }


def _date_quality(identity: Identity) -> int:
    birth = identity.birth
    if birth.year is None:
        return _DECLINED if birth.precision == "declined" else NOT_COLLECTED
    partial = birth.month is None or birth.day is None
    return _APPROXIMATE if partial or birth.precision != "exact" else _FULL


def enrollment(person: str, stay: OwnStay, identity: Identity) -> Row:
    """A stay as an enrollment, with what she answered when she came."""
    entry = next((one for one in stay.answers if one.stage == Stage.ENTRY), None)
    asked = [one for one in _asked(stay, identity.birth, Stage.ENTRY, entry) if one.file == "Enrollment"]
    return {one.column: str(_code(one, entry)) for one in asked} | {
        "EnrollmentID": stay.enrolled,
        "PersonalID": person,
        "ProjectID": stay.project,
        "EntryDate": stay.entry.isoformat(),
        "HouseholdID": stay.household,
        "RelationshipToHoH": str(_relation(stay, identity)),
    }


def _asked(stay: OwnStay, birth: Birth, stage: Stage, words: Answers | None) -> tuple[Question, ...]:
    """What HUD asks of her at a stage and what she said beyond that; the rest stays empty, it is not missing."""
    age = age_on(birth, stay.entry if stage == Stage.ENTRY or words is None else words.on)
    mine = interview().asked(stage, head=stay.head, age=None if age is None else age.years)
    said = words.said if words else frozenset()
    return tuple(one for one in interview().at(stage) if one in mine or one.code in said)


def _relation(stay: OwnStay, identity: Identity) -> int:
    if stay.head:
        return HEAD
    known = _hud(picklists()["relationship_to_head"], identity.relationship_to_head)
    return NOT_COLLECTED if known is None or known == HEAD else known


def exit_of(person: str, enrolled: str, left: date, leaving: Leaving | None) -> Row:
    destination = _hud(picklists()["destinations"], leaving.destination) if leaving else None
    return {
        "ExitID": f"x{enrolled}"[:32],
        "EnrollmentID": enrolled,
        "PersonalID": person,
        "ExitDate": left.isoformat(),
        "Destination": str(destination or (NO_EXIT_TALK if leaving else NOT_COLLECTED)),
    }


def bed_nights(person: str, stay: OwnStay, last: date) -> Iterator[Row]:
    """A row of Services for each night up to `last` that the roll recorded: never the day of leaving (4.14)."""
    for night in stay.bed_nights:
        if stay.entry <= night <= last and (stay.exit is None or night < stay.exit):
            yield {
                "ServicesID": f"{night:%Y%m%d}{stay.enrollment}"[:32],
                "EnrollmentID": stay.enrolled,
                "PersonalID": person,
                "DateProvided": night.isoformat(),
                "RecordType": _BED_NIGHT,
                "TypeProvided": _BED_NIGHT,
            }


def of_answers(person: str, stay: OwnStay, birth: Birth, last: date) -> Iterator[tuple[str, Row]]:
    """Rows of HealthAndDV, IncomeBenefits and Disabilities, for each interview up to `last` one or one a condition."""
    for number, words in enumerate(stay.answers):
        stage = Stage(words.stage)
        told = _told(stay, words)
        if told > last:
            continue
        about = {
            "EnrollmentID": stay.enrolled,
            "PersonalID": person,
            "InformationDate": told.isoformat(),
            "DataCollectionStage": str(int(stage)),
        }
        asked = _asked(stay, birth, stage, words)
        for file, key in (("HealthAndDV", "HealthAndDVID"), ("IncomeBenefits", "IncomeBenefitsID")):
            mine = [one for one in asked if one.file == file]
            later = stage == Stage.ANNUAL and file in interview().as_update
            if mine:
                staged = {"DataCollectionStage": str(int(Stage.UPDATE))} if later else {}
                yield file, about | staged | {key: _key(stay, number, key[0])} | _cells(mine, words)
        for condition in (one for one in asked if one.file == "Disabilities"):
            yield from _conditions(about, stay, number, condition, words)


def _told(stay: OwnStay, words: Answers) -> date:
    """The day that what she said is about: what is asked at entry and exit is about that day, whenever it was said
    (HMIS CSV FY2026 v1.0, IncomeBenefits.csv: the information date matches the entry or exit date).
    """
    if words.stage == Stage.ENTRY:
        return stay.entry
    return stay.exit if words.stage == Stage.EXIT and stay.exit else words.on


def _key(stay: OwnStay, number: int, letter: str) -> str:
    """A key of 32 letters at most that is told by the stay and the number of the interview."""
    return f"{letter.lower()}{number}{stay.enrollment}"[:32]


def _cells(questions: Iterable[Question], words: Answers) -> Row:
    cells: Row = {}
    for one in questions:
        if one.several:
            cells |= _several(one, words) | _amounts(one, words)
        elif one.amount:
            cells[one.column] = _dollars(words, one.code)
        elif one.only_if and words.chosen.get(one.only_if) != ["yes"]:
            cells[one.column] = ""
        else:
            cells[one.column] = str(_code(one, words))
    return cells


def _several(question: Question, words: Answers) -> Row:
    """Each choice is a column of its own: 1 where it was named, 0 for the others, 99 where nothing was said."""
    chosen = words.chosen.get(question.code)
    hangs = question.only_if and words.chosen.get(question.only_if) == ["no"]
    empty = "0" if chosen or hangs else "99"
    codes = [choice.code for choice in picklists()[question.list].choices]
    return {code: "1" if chosen and code in chosen else empty for code in codes}


def _amounts(question: Question, words: Answers) -> Row:
    return {column: _dollars(words, question.amount_of(choice)) for choice, column in question.amounts.items()}


def _dollars(words: Answers, code: str) -> str:
    return f"{words.amounts[code]:.2f}" if code in words.amounts else ""


def _conditions(
    about: Mapping[str, str], stay: OwnStay, number: int, question: Question, words: Answers
) -> Iterator[tuple[str, Row]]:
    chosen = words.chosen.get(question.code)
    for choice in picklists()[question.list].choices:
        response = missing_code(words.skipped, question.code)
        if chosen is not None:
            response = int(choice.code in chosen) * (3 if choice.hud == _SUBSTANCE else 1)
        key = _key(stay, number, f"d{choice.hud}-")
        yield (
            "Disabilities",
            dict(about)
            | {
                "DisabilitiesID": key,
                "DisabilityType": str(choice.hud),
                "DisabilityResponse": str(response),
            },
        )


def _code(question: Question, words: Answers | None) -> int:
    """HUD's code of an answer, or what its absence is worth."""
    if words is None:
        return NOT_COLLECTED
    chosen = words.chosen.get(question.code)
    known = _hud(picklists()[question.list], chosen[0]) if chosen else None
    return missing_code(words.skipped, question.code) if known is None else known


def _hud(picklist: PickList, code: str) -> int | None:
    return next((choice.hud for choice in picklist.choices if choice.code == code), None)
