"""The conflict check of a household, and the list of those not to admit."""

from flask import redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.accounts.queries import my_sites, site_of
from shelter.clients.queries import Block, Line, register_block
from shelter.desk import actions, queries
from shelter.desk.forms import BanForm, ReviewForm, SettleForm, SleepInForm
from shelter.desk.routes.blueprint import blueprint
from shelter.desk.words import check_words
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.web.conflict import Conflict, both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


def _block(state: queries.CheckState | None) -> Block | None:
    """What the check says, on the page of the person."""
    return Block(_l("Conflict check"), [Line(check_words(state)[0])], "", "desk.conflict") if state else None


register_block("conflict", 6, lambda reader, client: _block(queries.state_of(reader, client)))


@blueprint.get("/people/<code>/conflict")
@may(Act.CONFLICTS_SEE)
def conflict(code: str) -> Response:
    card, check = queries.check_of(actor(), code)
    return page("desk/conflict.html", card=card, check=check)


@blueprint.post("/people/<code>/conflict/check")
@may(Act.CONFLICTS_CHECK)
def check(code: str) -> Response:
    actions.check(actor(), code)
    tell(_("Compared."), then=_("The desk reads the answer, and nothing of why."))
    return redirect(url_for(".conflict", code=code))


@blueprint.route("/people/<code>/conflict/settle", methods=["GET", "POST"])
@may(Act.CONFLICTS_CHECK)
def settle(code: str) -> Response:
    card, found = queries.check_of(actor(), code)
    form = SettleForm(data={"version": found.version, "note": found.note})
    if form.validate_on_submit():
        try:
            actions.settle(actor(), code, form.version.data, stands=form.stands.data == "yes", note=form.note.data)
        except Conflict:
            form.form_errors.append(_("A colleague has settled this meanwhile. Look at it again."))
        else:
            tell(_("Saved."))
            return redirect(url_for(".conflict", code=code))
    return page("desk/settle.html", form=form, card=card, check=found)


@blueprint.get("/not-to-admit")
@may(Act.BANS_KEEP)
def bans() -> Response:
    return page("desk/bans.html", bans=queries.bans(actor()))


@blueprint.route("/not-to-admit/new", methods=["GET", "POST"])
@may(Act.BANS_KEEP)
def new_ban() -> Response:
    form = BanForm()
    form.offer([(site.id, site.code_name) for site in my_sites(actor())])
    if form.validate_on_submit():
        try:
            ban = actions.keep_out(actor(), form.command())
        except Broken as broken:
            form.refuse(broken)
        else:
            back = url_for(".undo_ban", ban=ban)
            tell(_("On the list."), then=_("New households are compared with it too."), undo=back)
            return redirect(url_for(".bans"))
    return page("desk/new_ban.html", form=form)


@blueprint.route("/not-to-admit/<id:ban>", methods=["GET", "POST"])
@may(Act.BANS_KEEP)
def edit_ban(ban: bytes) -> Response:
    found, both = queries.ban_of(actor(), ban), None
    form = ReviewForm(data=_filled(found) | {"version": found.version})
    form.offer([(site.id, site.code_name) for site in my_sites(actor()) if site.code_name == found.site])
    if form.validate_on_submit():
        try:
            actions.review(actor(), ban, form.command(), form.version.data)
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            both = _both(form, ban)
        else:
            tell(_("Saved."), undo=url_for(".undo_ban", ban=ban))
            return redirect(url_for(".bans"))
    return page("desk/edit_ban.html", status=409 if both else None, form=form, ban=found, both=both)


def _both(form: ReviewForm, ban: bytes) -> object:
    saved = queries.ban_of(actor(), ban)
    return both_texts(form, _filled(saved), version=saved.version, by=saved.by, at=saved.about.at or now())


def _filled(ban: queries.BanView) -> dict[str, object]:
    return {
        "names": "\n".join(ban.about.names),
        "looks": ban.about.looks,
        "reason": ban.about.reason,
        "review": ban.about.review,
    }


@blueprint.post("/not-to-admit/<id:ban>/end")
@may(Act.BANS_KEEP)
def end_ban(ban: bytes) -> Response:
    actions.let_in_again(actor(), ban)
    tell(_("No longer on the list."), undo=url_for(".undo_ban", ban=ban))
    return redirect(url_for(".bans"))


@blueprint.post("/not-to-admit/<id:ban>/undo")
@may(Act.BANS_KEEP)
def undo_ban(ban: bytes) -> Response:
    back = actions.take_back_ban(actor(), ban)
    tell(_("Back on the list.") if back else _("Taken back."))
    return redirect(url_for(".bans"))


@blueprint.route("/conflict-checks/<id:site>/setting", methods=["GET", "POST"])
@may(Act.PLACES_MANAGE)
def sleep_in(site: bytes) -> Response:
    here = site_of(actor(), site)
    form = SleepInForm(data={"may": queries.may_sleep_in(actor()).get(site, True)})
    if form.validate_on_submit():
        actions.let_sleep_in(actor(), site, form.may.data)
        tell(_("Saved."))
        return redirect(url_for(".arrivals"))
    return page("desk/sleep_in.html", form=form, site=here)
