"""Money for one person: what each fund has for her, asking, deciding, paying."""

from collections.abc import Callable

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.clients.queries import agency_today
from shelter.files.checking import most_bytes
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.services import actions, queries
from shelter.services.forms import DecideForm, MoneyForm, PayForm
from shelter.services.routes.blueprint import blueprint
from shelter.web.conflict import Conflict
from shelter.web.forms import EditForm
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell
from shelter.web.uploads import takes_files

_ONE = "/people/<code>/money/<id:payment>"


@blueprint.get("/people/<code>/money")
@may(Act.MONEY_ASK)
def money(code: str) -> Response:
    card, payments, purses = queries.money_of(actor(), code)
    return page("services/money.html", card=card, payments=payments, purses=purses)


@blueprint.route("/people/<code>/money/new", methods=["GET", "POST"])
@may(Act.MONEY_ASK)
def ask(code: str) -> Response:
    form = MoneyForm()
    if form.validate_on_submit():
        try:
            actions.ask_money(actor(), form.command(code))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Written down."), then=_("Where somebody has to agree, the supervisor has a notice."))
            return redirect(url_for(".money", code=code))
    card, _payments, purses = queries.money_of(actor(), code)
    return page("services/ask.html", form=form, card=card, purses=purses)


@blueprint.route(f"{_ONE}/decide", methods=["GET", "POST"])
@may(Act.MONEY_APPROVE)
def decide(code: str, payment: bytes) -> Response:
    card, found = queries.one_payment(actor(), code, payment)
    form = DecideForm(data={"version": found.version})
    done = _done(form, lambda: actions.decide_money(actor(), form.command(code, payment)), code, payment)
    return done or page("services/decide.html", form=form, card=card, payment=found)


@blueprint.route(f"{_ONE}/pay", methods=["GET", "POST"])
@may(Act.MONEY_ASK)
@takes_files(most_bytes)
def pay(code: str, payment: bytes) -> Response:
    card, found = queries.one_payment(actor(), code, payment)
    form = PayForm(data={"version": found.version, "on": agency_today()})
    done = _done(form, lambda: actions.pay_money(actor(), form.command(code, payment)), code, payment)
    return done or page("services/pay.html", form=form, card=card, payment=found)


def _done(form: EditForm, act: Callable[[], None], code: str, payment: bytes) -> Response | None:
    """Does what the form says where it was sent and holds; None where the page has to be shown (again)."""
    if not form.validate_on_submit():
        return None
    try:
        act()
    except Broken as broken:
        form.refuse(broken)
        return None
    except Conflict:
        _card, found = queries.one_payment(actor(), code, payment)
        form.version.data, form.version.raw_data = found.version, None
        form.form_errors.append(_("Somebody changed this meanwhile. Look at it below, and save once more."))
        return None
    tell(_("Saved."))
    return redirect(url_for("services.money", code=code))
