"""Reads of the desk: each file serves one part of its pages."""

from shelter.desk.models import CheckState, Finding, Told
from shelter.desk.queries.arrivals import Arrived, arrived, may_sleep_in, told, waits
from shelter.desk.queries.conflicts import BanView, Check, ban_of, bans, check_of
from shelter.desk.queries.roll import Late, RollSite, RollStep, Row, require_in_reach, roll

__all__ = [
    "Arrived",
    "BanView",
    "Check",
    "CheckState",
    "Finding",
    "Late",
    "RollSite",
    "RollStep",
    "Row",
    "Told",
    "arrived",
    "ban_of",
    "bans",
    "check_of",
    "may_sleep_in",
    "require_in_reach",
    "roll",
    "told",
    "waits",
]
