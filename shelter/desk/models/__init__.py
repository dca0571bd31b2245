"""The tables of the desk; each file holds one subject."""

from shelter.desk.models.arrivals import TOLD, IntakeItem, Told
from shelter.desk.models.conflicts import (
    ANSWER,
    FINDINGS,
    NOT_ADMITTED,
    Answer,
    Ban,
    CheckSetting,
    CheckState,
    ConflictCheck,
    Finding,
    Findings,
    NotAdmitted,
)
from shelter.desk.models.roll import MARK, Mark, RollMark, StepTaken, Tick

__all__ = [
    "ANSWER",
    "FINDINGS",
    "MARK",
    "NOT_ADMITTED",
    "TOLD",
    "Answer",
    "Ban",
    "CheckSetting",
    "CheckState",
    "ConflictCheck",
    "Finding",
    "Findings",
    "IntakeItem",
    "Mark",
    "NotAdmitted",
    "RollMark",
    "StepTaken",
    "Tick",
    "Told",
]
