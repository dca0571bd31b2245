"""The words of papers on screen, one file a subject."""

from shelter.documents.words import custody, papers, zone
from shelter.documents.words.copies import copy_mark
from shelter.documents.words.custody import custody_act_words, pack_data
from shelter.documents.words.papers import (
    EVENTS,
    OWNERS,
    PAYERS,
    STEP_STATES,
    state_choices,
    step_words,
)
from shelter.documents.words.zone import kind_guess, offer_choices

GLOBALS = (*custody.GLOBALS, *papers.GLOBALS, *zone.GLOBALS)

__all__ = [
    "EVENTS",
    "GLOBALS",
    "OWNERS",
    "PAYERS",
    "STEP_STATES",
    "copy_mark",
    "custody_act_words",
    "kind_guess",
    "offer_choices",
    "pack_data",
    "state_choices",
    "step_words",
]
