"""Breaches: found, changed, told, closed; the people it concerns and the letter each gets on paper."""

from flask import Response, redirect, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from shelter.accounts.forms import EmptyForm
from shelter.clients.queries import agency_today, card_of
from shelter.demands import actions, queries
from shelter.demands.forms import AffectedForm, BreachForm, FoundForm, PersonForm, ToldForm, told_choices
from shelter.demands.routes.blueprint import blueprint, done
from shelter.policy.acts import Act
from shelter.web.guard import actor
from shelter.web.i18n import LANGUAGES
from shelter.web.may import may
from shelter.web.printing import print_page
from shelter.web.render import page, tell


@blueprint.get("/breaches/")
@may(Act.BREACHES_KEEP)
def breaches() -> Response:
    return page("demands/breaches.html", breaches=queries.breaches(actor()))


@blueprint.route("/breaches/found", methods=["GET", "POST"])
@may(Act.BREACHES_KEEP)
def found() -> AnyResponse:
    form = FoundForm(data={"found_on": agency_today()})
    if done(form, lambda: actions.found(actor(), form.command())):
        tell(_("Written down, and the clock runs. Whoever keeps this register was told."))
        return redirect(url_for("demands.breaches"))
    return page("demands/found.html", form=form)


@blueprint.get("/breaches/<id:breach>")
@may(Act.BREACHES_KEEP)
def breach(breach: bytes) -> Response:
    found = queries.breach(actor(), breach)
    form = PersonForm(formdata=None) if found.people is not None else None
    return page("demands/breach.html", form=form, breach=found)


@blueprint.route("/breaches/<id:breach>/edit", methods=["GET", "POST"])
@may(Act.BREACHES_KEEP)
def edit_breach(breach: bytes) -> AnyResponse:
    found = queries.breach(actor(), breach)
    form = BreachForm(obj=found.about, data={"version": found.version})
    if done(form, lambda: actions.change_breach(actor(), form.command(breach))):
        return _saved(breach)
    return page("demands/edit_breach.html", form=form, breach=found)


@blueprint.route("/breaches/<id:breach>/told", methods=["GET", "POST"])
@may(Act.BREACHES_KEEP)
def told(breach: bytes) -> AnyResponse:
    found = queries.breach(actor(), breach)
    form = ToldForm(data={"version": found.version, "told_on": agency_today()})
    form.who.choices = told_choices()
    if done(form, lambda: actions.told(actor(), form.command(breach))):
        return _saved(breach)
    return page("demands/told.html", form=form, breach=found)


@blueprint.post("/breaches/<id:breach>/close")
@may(Act.BREACHES_KEEP)
def close_breach(breach: bytes) -> AnyResponse:
    found, form = queries.breach(actor(), breach), PersonForm(formdata=None)
    version = request.form.get("version", type=int, default=0)
    if done(EmptyForm(), lambda: actions.close_breach(actor(), breach, version)):
        return _saved(breach)
    form.form_errors.append(_("Say first how it was contained."))
    return page("demands/breach.html", 422, form=form, breach=found)


@blueprint.post("/breaches/<id:breach>/people")
@may(Act.BREACHES_TELL)
def affected(breach: bytes) -> AnyResponse:
    """Whom it concerns, one code after another."""
    form = PersonForm()
    if done(form, lambda: actions.add_affected(actor(), breach, form.read())):
        return _saved(breach)
    return page("demands/breach.html", form=form, breach=queries.breach(actor(), breach))


@blueprint.route("/people/<code>/breaches/<id:breach>", methods=["GET", "POST"])
@may(Act.BREACHES_TELL)
def told_her(code: str, breach: bytes) -> AnyResponse:
    found, mine = queries.letter(actor(), breach, code)
    form = AffectedForm(obj=mine.part, data={"version": mine.version})
    if done(form, lambda: actions.told_her(actor(), form.command(breach, code))):
        return _saved(breach)
    return page("demands/told_her.html", form=form, breach=found, card=card_of(actor(), code))


@blueprint.get("/people/<code>/breaches/<id:breach>/letter")
@may(Act.BREACHES_TELL)
def letter(code: str, breach: bytes) -> Response:
    """On paper, in her language, without a name, a code or an address: it may be found by somebody else."""
    found, mine = queries.letter(actor(), breach, code)
    asked = request.args.get("lang", "")
    with force_locale(asked if asked in dict(LANGUAGES) else "en"):
        return print_page("demands/letter.html", None, breach=found, part=mine.part)


def _saved(breach: bytes) -> AnyResponse:
    tell(_("Saved."))
    return redirect(url_for("demands.breach", breach=breach))
