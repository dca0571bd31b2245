"""Referrals of one person; the queue of what partners left; the addresses given to them."""

from flask import Blueprint, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.accounts.queries import my_sites
from shelter.clients.queries import Block, Held, Holding, Line, matches, one_line, register_block, register_own
from shelter.policy.acts import Act
from shelter.referrals import actions, queries
from shelter.referrals.drop_page import add_drop_page
from shelter.referrals.forms import AddressForm, BeginForm, CloseForm, JoinForm, MoveForm, ReferForm
from shelter.referrals.words import HAPPENED, STATES, WORDS
from shelter.releases.words import items_in_words
from shelter.rules.broken import Broken
from shelter.web.conflict import Conflict
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell
from shelter.web.times import day_of

blueprint = Blueprint("referrals", __name__)
_HERS = "/people/<code>/referrals"
add_drop_page(blueprint)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return dict(WORDS)


def _on_her_page(found: list[queries.ReferralView] | None) -> Block | None:
    if found is None:
        return None
    under_way = [one for one in found if one.text.state in ("made", "accepted")]
    lines = [Line(f"{one.text.organisation}: {STATES[one.text.state]}") for one in under_way[:5]]
    return Block(_l("Referrals"), lines, _l("Nobody else has been asked for anything yet."), "referrals.index")


register_block("referrals", 50, lambda reader, client: _on_her_page(queries.all_of(reader, client)))


def _held(found: list[queries.ReferralView] | None) -> list[Holding]:
    lines = []
    for one in found or ():
        way = _l("Came to us") if one.text.way == "in" else _l("Referred")
        words = one_line(way, one.text.need, STATES[one.text.state])
        lines.append(Held(one.text.organisation, words, day_of(one.at)))
        if told := items_in_words(one.text.items):
            lines.append(Held(_l("What was told"), ", ".join(told), day_of(one.at)))
        for past in one.text.history:
            lines.append(Held(one.text.organisation, one_line(HAPPENED[past.what], past.words), day_of(past.at)))
    return [Holding(_l("Referrals"), lines)]


register_own("referrals", 45, lambda reader, client: _held(queries.all_of(reader, client)), tells=("referral:text",))


@blueprint.get(_HERS)
@may(Act.REFERRALS_READ)
def index(code: str) -> Response:
    card, found = queries.of_client(actor(), code)
    return page("referrals/index.html", card=card, found=found)


@blueprint.route(f"{_HERS}/new", methods=["GET", "POST"])
@may(Act.REFERRALS_WRITE)
def new(code: str) -> Response:
    card, covers = queries.covers(actor(), code)
    form = ReferForm()
    form.offer(covers)
    if form.validate_on_submit():
        try:
            actions.refer(actor(), form.command(code))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Referral saved."), then=_("Write down here what they answer."))
            return redirect(url_for(".index", code=code))
    return page("referrals/new.html", form=form, card=card, covers=covers)


@blueprint.route(f"{_HERS}/<id:referral>", methods=["GET", "POST"])
@may(Act.REFERRALS_WRITE)
def move(code: str, referral: bytes) -> Response:
    card, found = queries.one(actor(), code, referral)
    form = MoveForm(data={"version": found.version})
    form.offer(found.text.state)
    if form.validate_on_submit():
        try:
            actions.move(actor(), form.command(code, referral))
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            form.form_errors.append(_("Somebody changed this referral meanwhile. Look at it and do it again."))
        else:
            tell(_("Saved."))
            return redirect(url_for(".index", code=code))
    return page("referrals/move.html", form=form, card=card, found=found)


# -- what partners left ------------------------------------------------------------------


@blueprint.get("/referrals")
@may(Act.REFERRALS_TAKE)
def queue() -> Response:
    still, shut = queries.queue(actor())
    return page("referrals/queue.html", still=still, shut=shut)


@blueprint.route("/referrals/<id:dropped>", methods=["GET", "POST"])
@may(Act.REFERRALS_TAKE)
def left(dropped: bytes) -> Response:
    """What was left, and the beginning of a record from it."""
    found = queries.left(actor(), dropped)
    form = BeginForm(data={"called": found.dropped.called})
    form.offer([(site.id.hex(), site.code_name) for site in my_sites(actor())])
    if form.validate_on_submit():
        code = actions.take_in(actor(), form.command(dropped))
        tell(_("A record has begun from this referral."), then=_("What was left stands among the referrals."))
        return redirect(url_for("clients.intake", code=code))
    near = matches(actor(), (found.dropped.called,))
    return page("referrals/left.html", form=form, found=found, near=near)


@blueprint.route("/referrals/<id:dropped>/join", methods=["GET", "POST"])
@may(Act.REFERRALS_TAKE)
def join(dropped: bytes) -> Response:
    form = JoinForm()
    if form.validate_on_submit():
        try:
            code = actions.take_in(actor(), form.command(dropped))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("It stands in this record now."))
            return redirect(url_for(".index", code=code))
    return page("referrals/join.html", form=form, found=queries.left(actor(), dropped))


@blueprint.route("/referrals/<id:dropped>/close", methods=["GET", "POST"])
@may(Act.REFERRALS_TAKE)
def close(dropped: bytes) -> Response:
    form = CloseForm()
    if form.validate_on_submit():
        actions.close(actor(), form.command(dropped))
        tell(_("Closed. Whoever left it learns nothing."))
        return redirect(url_for(".queue"))
    return page("referrals/close.html", form=form, found=queries.left(actor(), dropped))


@blueprint.route("/referrals/addresses", methods=["GET", "POST"])
@may(Act.REFERRALS_INVITE)
def addresses() -> Response:
    form, made = AddressForm(), ""
    if form.validate_on_submit():
        token = actions.give_address(actor(), form.partner.data)
        made = url_for(".leave", token=token, _external=True)
        form = AddressForm(formdata=None)
    return page("referrals/addresses.html", form=form, links=queries.links(actor()), made=made)


@blueprint.post("/referrals/addresses/<id:link>/close")
@may(Act.REFERRALS_INVITE)
def close_address(link: bytes) -> Response:
    actions.close_address(actor(), link)
    tell(_("This address is closed."))
    return redirect(url_for(".addresses"))
