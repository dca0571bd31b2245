"""Demands: what to do at the door, writing one down, the register, and answering one person by person."""

from flask import Response, abort, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from shelter.clients.queries import agency_today, card_of
from shelter.demands import actions, queries
from shelter.demands.forms import AnswerForm, ArrivedForm, CloseForm, CounselForm, GiveForm, NoticeForm, PersonForm
from shelter.demands.routes.blueprint import blueprint, done
from shelter.demands.words import OTHER
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever
from shelter.releases.queries import covering
from shelter.rules.demands import guide as the_guide
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.get("/demands/guide")
@may(Act.DEMANDS_GUIDE)
def guide() -> Response:
    return page("demands/guide.html", kinds=the_guide().kind)


@blueprint.get("/demands/guide/<kind>")
@may(Act.DEMANDS_GUIDE)
def steps(kind: str) -> Response:
    """What whoever is at the door does and says."""
    known = the_guide().one(kind) or abort(404)
    return page("demands/steps.html", kind=known, steps=the_guide().steps(kind))


@blueprint.route("/demands/arrived", methods=["GET", "POST"])
@may(Act.DEMANDS_RECEIVE)
def arrived() -> AnyResponse:
    form = ArrivedForm(data={"arrived": agency_today()})
    if done(form, lambda: actions.arrived(actor(), form.command())):
        tell(_("Written down. Supervisors and legal supervisors were told; give nothing until they answer."))
        keeps = may_ever(actor(), Act.DEMANDS_KEEP)
        return redirect(url_for("demands.index" if keeps else "demands.guide"))
    return page("demands/arrived.html", form=form)


@blueprint.get("/demands/")
@may(Act.DEMANDS_KEEP)
def index() -> Response:
    return page("demands/index.html", demands=queries.demands(actor()))


@blueprint.route("/demands/<id:demand>", methods=["GET", "POST"])
@may(Act.DEMANDS_KEEP)
def show(demand: bytes) -> AnyResponse:
    """One demand with all its people; a further person is named here."""
    found, form = queries.demand(actor(), demand), PersonForm()
    if done(form, lambda: actions.add_person(actor(), demand, form.read())):
        tell(_("Named. A legal hold keeps the file from being erased meanwhile."))
        return redirect(url_for("demands.show", demand=demand))
    return page("demands/show.html", form=form, demand=found)


@blueprint.route("/demands/<id:demand>/edit", methods=["GET", "POST"])
@may(Act.DEMANDS_KEEP)
def edit(demand: bytes) -> AnyResponse:
    found = queries.demand(actor(), demand)
    form = AnswerForm(obj=found.about, data={"version": found.version})
    if done(form, lambda: actions.answer(actor(), form.command(demand))):
        return _saved(demand)
    return page("demands/edit.html", form=form, demand=found)


@blueprint.route("/demands/<id:demand>/counsel", methods=["GET", "POST"])
@may(Act.DEMANDS_COUNSEL)
def counsel(demand: bytes) -> AnyResponse:
    found = queries.demand(actor(), demand)
    words = found.counsel.words if found.counsel else ""
    form = CounselForm(data={"version": found.counsel_version, "words": words})
    if done(form, lambda: actions.counsel_said(actor(), form.command(demand))):
        return _saved(demand)
    return page("demands/counsel.html", form=form, demand=found)


@blueprint.route("/demands/<id:demand>/close", methods=["GET", "POST"])
@may(Act.DEMANDS_KEEP)
def close(demand: bytes) -> AnyResponse:
    found = queries.demand(actor(), demand)
    form = CloseForm(data={"version": found.version})
    said = form.outcome, form.words
    if done(form, lambda: actions.close(actor(), demand, form.version.data, said[0].data, said[1].data or "")):
        return _saved(demand)
    return page("demands/close.html", form=form, demand=found)


@blueprint.route("/people/<code>/demands/<id:demand>/notice", methods=["GET", "POST"])
@may(Act.DEMANDS_ANSWER)
def notice(code: str, demand: bytes) -> AnyResponse:
    """Whether she knows of it; her own rules of safe contact stand above."""
    found, mine, _client = queries.part_of(actor(), demand, code)
    form = NoticeForm(data={"version": mine.version})
    if done(form, lambda: actions.tried_notice(actor(), form.command(demand, code))):
        return _saved(demand)
    return page("demands/notice.html", form=form, demand=found, card=card_of(actor(), code))


@blueprint.route("/people/<code>/demands/<id:demand>/give", methods=["GET", "POST"])
@may(Act.DEMANDS_ANSWER)
def give(code: str, demand: bytes) -> AnyResponse:
    """The least that answers it, under her release where there is one."""
    found, mine, client = queries.part_of(actor(), demand, code)
    form = GiveForm(data={"version": mine.version})
    hers = [(one.id.hex(), one.organisation, _("her release")) for one in covering(actor(), client)]
    form.release.choices = [(OTHER, _("The demand itself: a court or a law compels it"), ""), *hers]
    if done(form, lambda: actions.give(actor(), form.command(demand, code))):
        return _saved(demand)
    return page("demands/give.html", form=form, demand=found, card=card_of(actor(), code))


def _saved(demand: bytes) -> AnyResponse:
    tell(_("Saved."))
    return redirect(url_for("demands.show", demand=demand))
