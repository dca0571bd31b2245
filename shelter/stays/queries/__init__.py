"""Reads about beds and stays: the board of a night, one person's history, what the forms offer."""

from shelter.stays.models import Correction, Leaving
from shelter.stays.queries.board import BedNight, Counts, RoomNight, SiteNight, Sleeper, board, counts
from shelter.stays.queries.history import (
    Companion,
    StayView,
    companions,
    household_here,
    last_change,
    party,
    person,
    require_known,
    stay_of,
    stays_of,
)
from shelter.stays.queries.offered import FreeBed, bed_of, beds_then, default_day, free_beds, hold_on
from shelter.stays.queries.residents import SiteNow, sites_now
from shelter.stays.queries.seen import night_by_night, register_seen
from shelter.stays.queries.short import in_short

__all__ = [
    "BedNight",
    "Companion",
    "Correction",
    "Counts",
    "FreeBed",
    "Leaving",
    "RoomNight",
    "SiteNight",
    "SiteNow",
    "Sleeper",
    "StayView",
    "bed_of",
    "beds_then",
    "board",
    "companions",
    "counts",
    "default_day",
    "free_beds",
    "hold_on",
    "household_here",
    "in_short",
    "last_change",
    "night_by_night",
    "party",
    "person",
    "register_seen",
    "require_known",
    "sites_now",
    "stay_of",
    "stays_of",
]
