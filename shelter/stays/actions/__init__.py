"""What people do with beds and stays: one transaction each, written down with who and why."""

from shelter.db.errors import Conflict
from shelter.stays.actions.corrections import Correct, CorrectBed, correct, correct_bed
from shelter.stays.actions.leaving import Leave, leave
from shelter.stays.actions.places import TakeOut, hold, put_back, release, take_out
from shelter.stays.actions.stays import (
    Admit,
    Guest,
    Move,
    NoteRoom,
    admit,
    admit_imported,
    move,
    note_room,
    take_back_room,
    undo,
)
from shelter.stays.changes import ImportedStay
from shelter.stays.models import Leaving

__all__ = [
    "Admit",
    "Conflict",
    "Correct",
    "CorrectBed",
    "Guest",
    "ImportedStay",
    "Leave",
    "Leaving",
    "Move",
    "NoteRoom",
    "TakeOut",
    "admit",
    "admit_imported",
    "correct",
    "correct_bed",
    "hold",
    "leave",
    "move",
    "note_room",
    "put_back",
    "release",
    "take_back_room",
    "take_out",
    "undo",
]
