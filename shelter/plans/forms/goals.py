"""The forms of goals and steps."""

from flask_babel import lazy_gettext as _l

from shelter.plans.actions.goals import AddStep, ChangeGoal, ChangeStep, SetGoal
from shelter.plans.words import GOAL_STATES
from shelter.settings.words import choices_of
from shelter.web.fields import Choice, LongText, NearDate, Purpose, Text
from shelter.web.forms import EditForm, Form

WHY = Purpose(
    _l("So that what she wants stands in her own words, and everybody who works with her reads the same."),
    _l("Her caseworkers and their supervisor. Never the night desk, never legal staff."),
)


class GoalForm(Form):
    words = LongText(
        _l("Her goal, in her own words"), purpose=WHY, required=_l("Write the goal as she says it"), max_length=2000
    )
    language = Text(_l("In which language did she say it?"), max_length=40)
    area = Choice(_l("Which part of life is it about?"), choices=lambda: choices_of("plan_areas"))

    def command(self, code: str) -> SetGoal:
        return SetGoal(code, self.words.data, self.language.data, self.area.data or "")


class ChangeGoalForm(EditForm, GoalForm):
    state = Choice(_l("How does it stand?"), choices=GOAL_STATES, required=True)
    why = Text(_l("Why is it changed, in a few words?"), max_length=300)

    def change(self, code: str, goal: bytes) -> ChangeGoal:
        return ChangeGoal(
            code,
            goal,
            self.version.data,
            self.words.data,
            self.language.data,
            self.area.data or "",
            self.state.data,
            self.why.data,
        )


class StepForm(EditForm):
    what = Text(_l("The step"), required=_l("Write what will be done"), max_length=400)
    owner = Choice(_l("Who does it?"), choices=lambda: choices_of("step_owners"), required=True)
    due = NearDate(_l("By when?"))

    def command(self, code: str, goal: bytes) -> AddStep:
        return AddStep(code, goal, self.version.data, self.what.data, self.owner.data, self.due.data)


class MoveForm(EditForm):
    """Moving or dropping a step; one line of why."""

    due = NearDate(_l("New day"))
    why = Text(_l("Why, in a few words"), max_length=300)

    def command(self, code: str, goal: bytes, step: str, what: str) -> ChangeStep:
        return ChangeStep(code, goal, step, self.version.data, what, self.due.data, self.why.data)
