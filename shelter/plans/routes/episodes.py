"""Whether a case is open: closing it, and beginning again."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.drafting import drafted
from shelter.plans import actions, queries
from shelter.plans.forms import CloseForm, ReopenForm
from shelter.plans.routes.blueprint import blueprint
from shelter.plans.routes.saving import done
from shelter.policy.acts import Act
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page


@blueprint.get("/case")
@may(Act.PLANS_READ)
def case(code: str) -> Response:
    return page("plans/case.html", view=queries.case(actor(), code))


@blueprint.route("/case/close", methods=["GET", "POST"])
@may(Act.CASES_CLOSE)
def close(code: str) -> Response:
    view = queries.case(actor(), code)
    form = drafted(CloseForm, data={"on": view.today})
    shown = done(
        form,
        lambda: actions.close_case(actor(), form.command(code)),
        url_for(".case", code=code),
        _("The case is closed. Her file rests, and can be opened again."),
        lambda: 0,
    )
    return shown or page("plans/close.html", form=form, view=view)


@blueprint.route("/case/reopen", methods=["GET", "POST"])
@may(Act.CASES_CLOSE)
def reopen(code: str) -> Response:
    view = queries.case(actor(), code)
    form = ReopenForm()
    shown = done(
        form,
        lambda: actions.reopen_case(actor(), form.command(code)),
        url_for(".case", code=code),
        _("The case is open again."),
        lambda: 0,
    )
    return shown or page("plans/reopen.html", form=form, view=view)
