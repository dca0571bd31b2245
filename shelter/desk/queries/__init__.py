"""Reads of the desk: each file serves one part of its pages."""

from shelter.desk.models import AtDoor, CheckState, Finding, Incident, Told
from shelter.desk.queries import at_the_door
from shelter.desk.queries.arrivals import Arrived, arrived, may_sleep_in, told, waits
from shelter.desk.queries.belongings import Known, known_of, thing_of
from shelter.desk.queries.books import (
    IncidentView,
    TurnView,
    done_incidents,
    door_entry,
    door_log,
    hand_over,
    hand_overs,
    incident,
    on_call,
    open_incidents,
    who_follows_up,
    who_may_be_on_call,
)
from shelter.desk.queries.conflicts import BanView, Check, ban_of, bans, check_of, state_of
from shelter.desk.queries.own_file import InBooks, in_books
from shelter.desk.queries.requests import WaitingView, turned_away, turned_away_one, waiting, waiting_one
from shelter.desk.queries.roll import Late, RollSite, RollStep, Row, require_in_reach, roll

__all__ = [
    "Arrived",
    "AtDoor",
    "BanView",
    "Check",
    "CheckState",
    "Finding",
    "InBooks",
    "Incident",
    "IncidentView",
    "Known",
    "Late",
    "RollSite",
    "RollStep",
    "Row",
    "Told",
    "TurnView",
    "WaitingView",
    "arrived",
    "at_the_door",
    "ban_of",
    "bans",
    "check_of",
    "done_incidents",
    "door_entry",
    "door_log",
    "hand_over",
    "hand_overs",
    "in_books",
    "incident",
    "known_of",
    "may_sleep_in",
    "on_call",
    "open_incidents",
    "require_in_reach",
    "roll",
    "state_of",
    "thing_of",
    "told",
    "turned_away",
    "turned_away_one",
    "waiting",
    "waiting_one",
    "waits",
    "who_follows_up",
    "who_may_be_on_call",
]
