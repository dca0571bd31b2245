"""Pages of restricting: asking for it, how far it is, and the steward's signature."""

from collections.abc import Callable

from flask import Blueprint, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.forms import EmptyForm
from shelter.clients.queries import card_of
from shelter.policy.acts import Act
from shelter.restricting import actions, duties, queries, words
from shelter.restricting.forms import RestrictForm
from shelter.rules.broken import Broken
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell
from shelter.web.sentences import sentence

blueprint = Blueprint("restricting", __name__)
duties.register()
for _said in words.GLOBALS:
    blueprint.add_app_template_global(_said)


@blueprint.route("/people/<code>/restricted", methods=["GET", "POST"])
@may(Act.CLIENTS_RESTRICT)
def restrict(code: str) -> Response:
    found, form = queries.of_client(actor(), code), RestrictForm()
    form.people.choices = [(one.id.hex(), one.working_name) for one in queries.to_choose(actor(), code)]
    if form.validate_on_submit():
        try:
            actions.ask(actor(), form.command(code))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Asked."), then=_("A steward signs it. Then those you chose begin with their next saved page."))
            return redirect(url_for("restricting.restrict", code=code))
    if not form.is_submitted():
        form.people.data = [one.hex() for one in queries.chosen_before(actor(), code)]
    return page("restricting/restrict.html", form=form, card=card_of(actor(), code), found=found)


@blueprint.post("/people/<code>/restricted/lift")
@may(Act.CLIENTS_RESTRICT)
def lift(code: str) -> Response:
    try:
        actions.ask_to_lift(actor(), code)
    except Broken as broken:
        tell(sentence(broken.message_key))
    else:
        tell(_("Asked."), then=_("A steward signs it. Then those on her rosters bring her back with their next pages."))
    return redirect(url_for("restricting.restrict", code=code))


@blueprint.route("/keys/restrictions/<id:restriction>", methods=["GET", "POST"])
@may(Act.KEYS_STEWARD)
def sign(restriction: bytes) -> Response:
    done = _("Signed. Those on the rosters move her records with their next saved page.")
    return _answer(restriction, lambda: actions.sign(actor(), restriction), done)


@blueprint.post("/keys/restrictions/<id:restriction>/refuse")
@may(Act.KEYS_STEWARD)
def refuse(restriction: bytes) -> Response:
    return _answer(restriction, lambda: actions.refuse(actor(), restriction), _("Not signed. Whoever asked is told."))


def _answer(restriction: bytes, do: Callable[[], None], done: str) -> Response:
    form, asked = EmptyForm(), queries.asked(actor(), restriction)
    if form.validate_on_submit():
        try:
            do()
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(done)
            return redirect(url_for("stewards.index"))
    return page("restricting/sign.html", form=form, asked=asked)
