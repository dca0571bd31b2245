"""What the desk does: one transaction each, written down with who and why."""

from shelter.desk.actions.arrivals import Arrival, Arrived, Complete, complete, take_arrival
from shelter.desk.actions.conflicts import KeepOut, check, keep_out, let_in_again, let_sleep_in, review, settle
from shelter.desk.actions.roll import Ticking, take_back, take_step, tick

__all__ = [
    "Arrival",
    "Arrived",
    "Complete",
    "KeepOut",
    "Ticking",
    "check",
    "complete",
    "keep_out",
    "let_in_again",
    "let_sleep_in",
    "review",
    "settle",
    "take_arrival",
    "take_back",
    "take_step",
    "tick",
]
