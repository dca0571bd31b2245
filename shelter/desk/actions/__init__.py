"""What the desk does: one transaction each, written down with who and why."""

from shelter.desk import alerts as alerts
from shelter.desk.actions.arrivals import Arrival, Arrived, Complete, complete, take_arrival
from shelter.desk.actions.belongings import KeepThing, handle, keep, know
from shelter.desk.actions.books import (
    Came,
    Report,
    Turn,
    follow_up,
    hand_over,
    put_on_call,
    report,
    take_off_call,
    went,
    write_door,
)
from shelter.desk.actions.conflicts import KeepOut, check, keep_out, let_in_again, let_sleep_in, review, settle
from shelter.desk.actions.requests import (
    PutOnList,
    TurnAway,
    change_waiting,
    put_on_list,
    served,
    take_back_request,
    turn_away,
)
from shelter.desk.actions.roll import Ticking, take_back, take_step, tick
from shelter.desk.models import ToKnow

__all__ = [
    "Arrival",
    "Arrived",
    "Came",
    "Complete",
    "KeepOut",
    "KeepThing",
    "PutOnList",
    "Report",
    "Ticking",
    "ToKnow",
    "Turn",
    "TurnAway",
    "change_waiting",
    "check",
    "complete",
    "follow_up",
    "hand_over",
    "handle",
    "keep",
    "keep_out",
    "know",
    "let_in_again",
    "let_sleep_in",
    "put_on_call",
    "put_on_list",
    "report",
    "review",
    "served",
    "settle",
    "take_arrival",
    "take_back",
    "take_back_request",
    "take_off_call",
    "take_step",
    "tick",
    "turn_away",
    "went",
    "write_door",
]
