"""The forms of the plan's room."""

from shelter.plans.forms.around import (
    AnswerForm,
    AppointmentForm,
    AskForm,
    ChangeAppointmentForm,
    CloseForm,
    ReopenForm,
    ReviewForm,
    ReviewSafetyForm,
    SafetyForm,
    SettleForm,
    TemplateForm,
)
from shelter.plans.forms.goals import ChangeGoalForm, GoalForm, MoveForm, StepForm

__all__ = [
    "AnswerForm",
    "AppointmentForm",
    "AskForm",
    "ChangeAppointmentForm",
    "ChangeGoalForm",
    "CloseForm",
    "GoalForm",
    "MoveForm",
    "ReopenForm",
    "ReviewForm",
    "ReviewSafetyForm",
    "SafetyForm",
    "SettleForm",
    "StepForm",
    "TemplateForm",
]
