"""Legal work. Nothing is deleted, only superseded; every change goes through `work.working`."""

from shelter.legal.actions.dates import add_date, confirm_date, finish_date, reopen_date, replace_date
from shelter.legal.actions.matter import change_matter, move_stage, open_matter
from shelter.legal.actions.papers import add_filings, add_notice, change_filing, correct_notice

__all__ = [
    "add_date",
    "add_filings",
    "add_notice",
    "change_filing",
    "change_matter",
    "confirm_date",
    "correct_notice",
    "finish_date",
    "move_stage",
    "open_matter",
    "reopen_date",
    "replace_date",
]
