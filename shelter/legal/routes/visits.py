"""Hearings and appointments, and the hand-over while somebody is away."""

from datetime import time

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.covering import register_follower
from shelter.legal import actions, queries
from shelter.legal.forms import ArrangeForm, AwayForm, VisitForm
from shelter.legal.routes.blueprint import ONE, blueprint, kept, to_matter
from shelter.policy.acts import Act
from shelter.web.conflict import Conflict, both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.route(f"{ONE}/visits/new", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def new_visit(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form = VisitForm()
    form.offer(queries.companions(actor(), code))
    if form.validate_on_submit() and kept(form, lambda: actions.add_visit(actor(), form.command(code, matter))):
        tell(_("Saved. It stands among the dates."))
        return to_matter(code, matter)
    return page("legal/new_visit.html", form=form, matter=found)


@blueprint.route(f"{ONE}/visits/<id:due>", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def arrange(code: str, matter: bytes, due: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form, both = ArrangeForm(data=_arranged(found.date(due))), None
    form.offer(queries.companions(actor(), code))
    try:
        if form.validate_on_submit() and kept(
            form, lambda: actions.arrange_visit(actor(), form.command(code, matter, due))
        ):
            tell(_("Saved."))
            return to_matter(code, matter)
    except Conflict:
        found = queries.matter(actor(), code, matter)
        now = found.date(due)
        by, at = now.arranged_by or now.set_by, (now.visit and now.visit.at) or now.due.at
        both = both_texts(form, _arranged(now), version=now.due.visit_version, by=by, at=at)
    return page(
        "legal/arrange.html", status=409 if both else None, form=form, matter=found, date=found.date(due), both=both
    )


def _arranged(view: queries.DateView) -> dict[str, object]:
    visit = view.visit
    if visit is None:
        return {"what": view.due.notice_type or None, "version": 0}
    return {
        "what": visit.what,
        "time": time.fromisoformat(visit.time) if visit.time else None,
        "place": visit.place,
        "along": visit.along.hex() if visit.along else None,
        "also_along": visit.also_along,
        "interpreter": visit.interpreter,
        "transport": visit.transport,
        "childcare": visit.childcare,
        "bring": visit.bring,
        "version": visit.version,
    }


@blueprint.route("/matters/away", methods=["GET", "POST"])
@may(Act.COVERS_OWN)
def away() -> Response:
    found = queries.away(actor())
    form = AwayForm(data={"first": found.today})
    form.to.choices = [(one.id.hex(), one.working_name) for one in found.colleagues]
    if form.validate_on_submit() and kept(form, lambda: actions.hand_over(actor(), form.command())):
        tell(_("Handed over. Your colleague has been told."))
        return redirect(url_for("legal.day"))
    return page("legal/away.html", form=form, away=found, day=queries.day(actor()))


register_follower("legal", lambda who, away, stands_in: actions.Lent(who, stands_in).follow(away))
