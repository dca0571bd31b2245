"""What people do about demands and breaches: one transaction each, written down with who and why."""

from shelter.demands.actions.answering import (
    Answer,
    Counsel,
    Give,
    Notice,
    add_person,
    answer,
    close,
    counsel_said,
    give,
    tried_notice,
)
from shelter.demands.actions.arriving import Arrived, arrived
from shelter.demands.actions.breaches import (
    Affected,
    Change,
    Found,
    Tell,
    add_affected,
    change_breach,
    close_breach,
    found,
    told,
    told_her,
)

__all__ = [
    "Affected",
    "Answer",
    "Arrived",
    "Change",
    "Counsel",
    "Found",
    "Give",
    "Notice",
    "Tell",
    "add_affected",
    "add_person",
    "answer",
    "arrived",
    "change_breach",
    "close",
    "close_breach",
    "counsel_said",
    "found",
    "give",
    "told",
    "told_her",
    "tried_notice",
]
