"""Goals, the agreement about a plan, the safety plan, appointments, and the episodes of a case; all sealed."""

from shelter.plans.models.agreement import PLAN_TEXT, Asked, Plan, PlanText, Review
from shelter.plans.models.appointments import APPOINTMENT, Appointment, AppointmentText
from shelter.plans.models.episodes import EPISODE, Episode, EpisodeText
from shelter.plans.models.goals import EARLIER_TEXT, GOAL_TEXT, Change, Goal, GoalEarlier, GoalText, Step
from shelter.plans.models.safety import SAFETY, SAFETY_EARLIER, SafetyEarlier, SafetyPlan, SafetyText

__all__ = [
    "APPOINTMENT",
    "EARLIER_TEXT",
    "EPISODE",
    "GOAL_TEXT",
    "PLAN_TEXT",
    "SAFETY",
    "SAFETY_EARLIER",
    "Appointment",
    "AppointmentText",
    "Asked",
    "Change",
    "Episode",
    "EpisodeText",
    "Goal",
    "GoalEarlier",
    "GoalText",
    "Plan",
    "PlanText",
    "Review",
    "SafetyEarlier",
    "SafetyPlan",
    "SafetyText",
    "Step",
]
