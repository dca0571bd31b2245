"""Reviewing a plan, asking somebody to look at it, and answering."""

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.clients.queries import agency_today
from shelter.plans import actions, queries
from shelter.plans.forms import AnswerForm, AskForm, ReviewForm
from shelter.plans.forms.around import answer_choices
from shelter.plans.routes.blueprint import blueprint
from shelter.plans.routes.saving import done
from shelter.policy.acts import Act
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page


def _version(code: str) -> int:
    return queries.agreement(actor(), code).version


@blueprint.route("/review", methods=["GET", "POST"])
@may(Act.PLANS_WRITE)
def review(code: str) -> Response:
    view = queries.agreement(actor(), code)
    form = ReviewForm(data={"version": view.version, "on": agency_today(), "every": view.text.every})
    shown = done(
        form,
        lambda: actions.mark_reviewed(actor(), form.command(code)),
        url_for(".show", code=code),
        _("Reviewed."),
        lambda: _version(code),
    )
    return shown or page("plans/review.html", form=form, view=view, plan=queries.plan(actor(), code))


@blueprint.route("/ask", methods=["GET", "POST"])
@may(Act.PLANS_WRITE)
def ask(code: str) -> Response:
    view = queries.agreement(actor(), code)
    form = AskForm(data={"version": view.version, "what": "agreement"})
    form.of.choices = [(one.id.hex(), one.working_name) for one in queries.colleagues_to_ask(actor(), code)]
    shown = done(
        form,
        lambda: actions.ask_to_look(actor(), form.command(code)),
        url_for(".show", code=code),
        _("Asked. The answer will stand on the plan and in your notices."),
        lambda: _version(code),
    )
    return shown or page("plans/ask.html", form=form, view=view)


@blueprint.route("/asked/<asked>", methods=["GET", "POST"])
@may(Act.PLANS_READ)
def answer(code: str, asked: str) -> Response:
    view = queries.agreement(actor(), code)
    found = next((one for one in view.text.asked if one.id == asked), None)
    form = AnswerForm(data={"version": view.version})
    if found is None or not (view.may_answer(found) or (found.answer and form.is_submitted())):
        return redirect(url_for(".show", code=code))
    form.answer.choices = answer_choices(found.what)
    shown = done(
        form,
        lambda: actions.answer(actor(), form.command(code, asked)),
        url_for(".show", code=code),
        _("Answered."),
        lambda: _version(code),
    )
    return shown or page("plans/answer.html", form=form, view=view, asked=found, plan=queries.plan(actor(), code))
