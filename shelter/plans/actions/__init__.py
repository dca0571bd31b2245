"""Changes of the plan's room: goals and steps, reviews and agreement, safety plan, appointments, closing."""

from shelter.plans.actions.agreement import Answer, AskToLook, MarkReviewed, answer, ask_to_look, mark_reviewed
from shelter.plans.actions.appointments import (
    Arrange,
    ChangeAppointment,
    Settle,
    arrange,
    change_appointment,
    settle,
)
from shelter.plans.actions.episodes import CloseCase, ReopenCase, close_case, reopen_case
from shelter.plans.actions.goals import (
    AddStep,
    ChangeGoal,
    ChangeStep,
    SetGoal,
    TakeTemplate,
    add_step,
    change_goal,
    change_step,
    set_goal,
    take_template,
)
from shelter.plans.actions.safety import ReviewSafety, SaveSafety, review_safety, save_safety

__all__ = [
    "AddStep",
    "Answer",
    "Arrange",
    "AskToLook",
    "ChangeAppointment",
    "ChangeGoal",
    "ChangeStep",
    "CloseCase",
    "MarkReviewed",
    "ReopenCase",
    "ReviewSafety",
    "SaveSafety",
    "SetGoal",
    "Settle",
    "TakeTemplate",
    "add_step",
    "answer",
    "arrange",
    "ask_to_look",
    "change_appointment",
    "change_goal",
    "change_step",
    "close_case",
    "mark_reviewed",
    "reopen_case",
    "review_safety",
    "save_safety",
    "set_goal",
    "settle",
    "take_template",
]
