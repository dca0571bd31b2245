"""The plan of one client: read it, set a goal, change it, add a step, say what became of it."""

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from shelter.clients.queries import agency_today
from shelter.plans import actions, queries
from shelter.plans.forms import ChangeGoalForm, GoalForm, MoveForm, StepForm, TemplateForm
from shelter.plans.routes.blueprint import blueprint
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.plans import plan_templates
from shelter.web.conflict import Conflict, both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.get("/")
@may(Act.PLANS_READ)
def show(code: str) -> Response:
    return page("plans/show.html", plan=queries.plan(actor(), code), agreement=queries.agreement(actor(), code))


@blueprint.get("/begin")
@may(Act.PLANS_WRITE)
def templates(code: str) -> Response:
    return page("plans/templates.html", card=queries.agreement(actor(), code).card, found=plan_templates().values())


@blueprint.route("/begin/<template>", methods=["GET", "POST"])
@may(Act.PLANS_WRITE)
def template(code: str, template: str) -> Response:
    card, found = queries.agreement(actor(), code).card, plan_templates().get(template)
    if found is None:
        abort(404)
    form = TemplateForm()
    form.goals.choices = [(str(place), _(goal.label)) for place, goal in enumerate(found.goal)]
    if form.validate_on_submit():
        number = actions.take_template(actor(), form.command(code, template, agency_today()))
        tell(
            ngettext("%(num)d goal set.", "%(num)d goals set.", number),
            then=_("Next: put each into her own words, and drop what she does not want."),
        )
        return redirect(url_for(".show", code=code))
    return page("plans/template.html", form=form, card=card, chosen=found)


@blueprint.route("/goals/new", methods=["GET", "POST"])
@may(Act.PLANS_WRITE)
def new_goal(code: str) -> Response:
    form = GoalForm()
    if form.validate_on_submit():
        actions.set_goal(actor(), form.command(code))
        tell(_("Goal saved."), then=_("Next: agree on a first small step."))
        return redirect(url_for(".show", code=code))
    return page("plans/new_goal.html", form=form, plan=queries.plan(actor(), code))


@blueprint.route("/goals/<id:goal>", methods=["GET", "POST"])
@may(Act.PLANS_WRITE)
def edit_goal(code: str, goal: bytes) -> Response:
    card, found = queries.goal(actor(), code, goal)
    form = ChangeGoalForm(data=_filled(found))
    if not form.validate_on_submit():
        return page("plans/edit_goal.html", form=form, card=card, goal=found, both=None)
    try:
        actions.change_goal(actor(), form.change(code, goal))
    except Conflict:
        return _both(form, code, goal)
    tell(_("Goal saved."))
    return redirect(url_for(".show", code=code))


def _filled(found: queries.GoalView) -> dict[str, object]:
    return {
        "words": found.words,
        "language": found.language,
        "area": found.area or None,
        "state": found.state,
        "version": found.version,
    }


def _both(form: ChangeGoalForm, code: str, goal: bytes) -> Response:
    """Somebody saved first: both texts side by side, the form still holding what was typed."""
    card, saved = queries.goal(actor(), code, goal)
    at = saved.changed_at or queries.NEVER
    both = both_texts(form, _filled(saved), version=saved.version, by=saved.changed_by, at=at)
    return page("plans/edit_goal.html", status=409, form=form, card=card, goal=saved, both=both)


@blueprint.get("/goals/<id:goal>/earlier")
@may(Act.PLANS_READ)
def earlier(code: str, goal: bytes) -> Response:
    card, versions = queries.earlier_versions(actor(), code, goal)
    return page("plans/earlier.html", card=card, versions=versions, goal=goal)


@blueprint.route("/goals/<id:goal>/steps/new", methods=["GET", "POST"])
@may(Act.PLANS_WRITE)
def new_step(code: str, goal: bytes) -> Response:
    card, found = queries.goal(actor(), code, goal)
    form = StepForm(data={"version": found.version, "owner": "client"})
    if form.validate_on_submit():
        try:
            actions.add_step(actor(), form.command(code, goal))
        except Conflict:
            return _again("plans/new_step.html", form, code, goal)
        tell(_("Step saved."))
        return redirect(url_for(".show", code=code))
    return page("plans/new_step.html", form=form, card=card, goal=found)


def _again(template: str, form: StepForm | MoveForm, code: str, goal: bytes, **more: object) -> Response:
    """The goal changed meanwhile, the step itself did not: nothing to compare, so save again over the new one."""
    card, found = queries.goal(actor(), code, goal)
    form.version.data, form.version.raw_data = found.version, None
    form.form_errors.append(
        _("%(who)s changed this goal while you were writing. Look at it below and save again.", who=found.changed_by)
    )
    return page(template, status=409, form=form, card=card, goal=found, **more)


@blueprint.post("/goals/<id:goal>/steps/<step>/<any(done, reopened):what>")
@may(Act.PLANS_WRITE)
def tick_step(code: str, goal: bytes, step: str, what: str) -> Response:
    """Done, or opened again: one press; pressed on an old page it still means what it says."""
    version = request.values.get("version", default=0, type=int)
    command = actions.ChangeStep(code, goal, step, version, what)
    try:
        actions.change_step(actor(), command)
    except Conflict:
        tell(_("Somebody changed this goal meanwhile. Look at it and press again."))
        return redirect(url_for(".show", code=code))
    back = url_for(".tick_step", code=code, goal=goal, step=step, what="reopened" if what == "done" else "done")
    tell(_("Done.") if what == "done" else _("Opened again."), undo=f"{back}?version={version + 1}")
    return redirect(url_for("today.day") if request.form.get("back") == "today" else url_for(".show", code=code))


@blueprint.route("/goals/<id:goal>/steps/<step>/<any(moved, dropped):what>", methods=["GET", "POST"])
@may(Act.PLANS_WRITE)
def move_step(code: str, goal: bytes, step: str, what: str) -> Response:
    card, found = queries.goal(actor(), code, goal)
    form = MoveForm(data={"version": found.version})
    if form.validate_on_submit():
        try:
            actions.change_step(actor(), form.command(code, goal, step, what))
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            return _again("plans/move_step.html", form, code, goal, what=what, step=found.step(step))
        else:
            tell(_("Saved."))
            return redirect(url_for(".show", code=code))
    return page("plans/move_step.html", form=form, card=card, goal=found, what=what, step=found.step(step))
