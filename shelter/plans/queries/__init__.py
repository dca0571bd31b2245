"""Reads of the plan's room: goals, agreement and reviews, safety plan, appointments, episodes."""

from shelter.plans.queries.agreement import (
    AgreementView,
    Waiting,
    agreement,
    colleagues_to_ask,
    reviews_due,
    waiting_for,
)
from shelter.plans.queries.appointments import AppointmentView, appointment, appointments, pending_of
from shelter.plans.queries.episodes import CaseView, case
from shelter.plans.queries.goals import (
    NEVER,
    GoalView,
    PlanView,
    StepView,
    earlier_versions,
    goal,
    in_short,
    plan,
    steps_of,
)
from shelter.plans.queries.paper import Paper, PaperGoal, PaperStep, paper, pocket_paper
from shelter.plans.queries.safety import SafetyView, safety, safety_earlier, safety_reviewed

__all__ = [
    "NEVER",
    "AgreementView",
    "AppointmentView",
    "CaseView",
    "GoalView",
    "Paper",
    "PaperGoal",
    "PaperStep",
    "PlanView",
    "SafetyView",
    "StepView",
    "Waiting",
    "agreement",
    "appointment",
    "appointments",
    "case",
    "colleagues_to_ask",
    "earlier_versions",
    "goal",
    "in_short",
    "paper",
    "pending_of",
    "plan",
    "pocket_paper",
    "reviews_due",
    "safety",
    "safety_earlier",
    "safety_reviewed",
    "steps_of",
    "waiting_for",
]
