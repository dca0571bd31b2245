"""Papers: written down, looked for step by step. What stood before is kept in the same transaction."""

from shelter.documents.actions.copies import GiveCopy, Given, give_copy
from shelter.documents.actions.custody import AddLine, add_line
from shelter.documents.actions.expiry import SeenExpiry, seen_expiry
from shelter.documents.actions.papers import (
    AddPaper,
    AddScan,
    ChangePaper,
    PaperFacts,
    add_paper,
    add_scan,
    change_paper,
)
from shelter.documents.actions.steps import BeginWay, EndWay, TakeStep, begin_way, end_way, take_step
from shelter.documents.actions.zone import FillFromZone, fill_from_zone

__all__ = [
    "AddLine",
    "AddPaper",
    "AddScan",
    "BeginWay",
    "ChangePaper",
    "EndWay",
    "FillFromZone",
    "GiveCopy",
    "Given",
    "PaperFacts",
    "SeenExpiry",
    "TakeStep",
    "add_line",
    "add_paper",
    "add_scan",
    "begin_way",
    "change_paper",
    "end_way",
    "fill_from_zone",
    "give_copy",
    "seen_expiry",
    "take_step",
]
