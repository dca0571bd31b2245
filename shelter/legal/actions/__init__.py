"""Legal work. Nothing is deleted, only superseded; every change goes through `work.working`."""

from shelter.legal.actions.asks import add_ask, answer_ask, tell_ask
from shelter.legal.actions.away import hand_over
from shelter.legal.actions.dates import (
    add_date,
    add_remedy,
    confirm_date,
    finish_date,
    miss_date,
    reopen_date,
    replace_date,
)
from shelter.legal.actions.family import add_journey, end_journey, keep_member
from shelter.legal.actions.feed import end_calendar, keep_calendars, make_calendar, refill_calendar
from shelter.legal.actions.giving import give_matter
from shelter.legal.actions.law import decide_date
from shelter.legal.actions.matter import change_matter, move_stage, open_matter
from shelter.legal.actions.moves import tell_move
from shelter.legal.actions.paper import PaperFacts, make_paper
from shelter.legal.actions.papers import add_filings, add_notice, change_filing, correct_notice, gather
from shelter.legal.actions.phones import Lent
from shelter.legal.actions.privileged import add_file, rewrite, write
from shelter.legal.actions.showing import hide_date, show_date
from shelter.legal.actions.visits import add_visit, arrange_visit

__all__ = [
    "Lent",
    "PaperFacts",
    "add_ask",
    "add_date",
    "add_file",
    "add_filings",
    "add_journey",
    "add_notice",
    "add_remedy",
    "add_visit",
    "answer_ask",
    "arrange_visit",
    "change_filing",
    "change_matter",
    "confirm_date",
    "correct_notice",
    "decide_date",
    "end_calendar",
    "end_journey",
    "finish_date",
    "gather",
    "give_matter",
    "hand_over",
    "hide_date",
    "keep_calendars",
    "keep_member",
    "make_calendar",
    "make_paper",
    "miss_date",
    "move_stage",
    "open_matter",
    "refill_calendar",
    "reopen_date",
    "replace_date",
    "rewrite",
    "show_date",
    "tell_ask",
    "tell_move",
    "write",
]
