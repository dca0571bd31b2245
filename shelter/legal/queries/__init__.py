"""Reads of legal work: one matter, the matters of one client, the dates of everybody in the reader's scope."""

from shelter.legal.queries.away import Away, away, companions
from shelter.legal.queries.dates import DateView, DayView, day, deadlines_due, missed
from shelter.legal.queries.matters import (
    FilingView,
    MatterLine,
    MatterView,
    NoticeView,
    Opening,
    earlier_versions,
    every,
    matter,
    matters_of,
    opening,
)

__all__ = [
    "Away",
    "DateView",
    "DayView",
    "FilingView",
    "MatterLine",
    "MatterView",
    "NoticeView",
    "Opening",
    "away",
    "companions",
    "day",
    "deadlines_due",
    "earlier_versions",
    "every",
    "matter",
    "matters_of",
    "missed",
    "opening",
]
