"""Pages about colleagues: accounts for the administrator, cover for a supervisor."""

from flask import Blueprint, abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.accounts import actions, long_leave, queries, words
from shelter.accounts.forms import ColleagueForm, CoverForm, EmptyForm, InviteForm
from shelter.accounts.queries import ColleagueDetail
from shelter.db.errors import Conflict
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.web.conflict import both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.nav import NavItem
from shelter.web.render import page, tell

NAV = (NavItem(_l("Staff"), "accounts.staff", frozenset({"administrator"}), order=10),)


def add_to(blueprint: Blueprint) -> None:
    """Puts these pages on the blueprint of accounts."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/staff", "staff", staff)
    blueprint.add_url_rule("/staff/new", "invite", invite, methods=both)
    blueprint.add_url_rule("/staff/<staff_id>", "colleague", colleague, methods=both)
    blueprint.add_url_rule("/staff/<staff_id>/link", "new_link", new_link, methods=both)
    blueprint.add_url_rule("/staff/<staff_id>/leave", "dismiss", dismiss, methods=both)
    blueprint.add_url_rule("/staff/<staff_id>/away", "go_away", go_away, methods=both)
    blueprint.add_url_rule("/staff/<staff_id>/back", "come_back", come_back, methods=["POST"])
    blueprint.add_url_rule("/cover", "covers", covers, methods=both)
    blueprint.add_url_rule("/cover/<cover_id>/end", "end_cover", end_cover, methods=["POST"])
    for said in words.GLOBALS:
        blueprint.add_app_template_global(said)


def _id(text: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        abort(404)
    return found if len(found) == 16 else abort(404)


@may(Act.ACCOUNTS_MANAGE)
def staff() -> Response:
    colleagues = queries.colleagues(actor())
    here = [one for one in colleagues if one.state != "left"]
    return page("accounts/staff.html", here=here, gone=[one for one in colleagues if one.state == "left"])


@may(Act.ACCOUNTS_MANAGE)
def invite() -> Response:
    form = InviteForm()
    if form.validate_on_submit():
        try:
            link = actions.invite(actor(), form.command())
        except Broken as broken:
            form.refuse(broken)
        else:
            return _hand_over(link)
    return page("accounts/invite.html", form=form)


def _hand_over(link: actions.Link) -> Response:
    """Shown in the answer itself, this once: the link is kept nowhere."""
    address = url_for("accounts.invitation", token=link.token, _external=True)
    return page("accounts/link.html", link=link, address=address)


@may(Act.ACCOUNTS_MANAGE)
def colleague(staff_id: str) -> Response:
    detail = queries.colleague(actor(), _id(staff_id))
    form = ColleagueForm(data=_as_form(detail))
    if form.validate_on_submit():
        try:
            actions.change_colleague(actor(), form.command(detail.id))
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            return _both(form, detail.id)
        else:
            tell(_("Saved."), then=_("Where her roles changed, a steward signs the rosters next."))
            return redirect(url_for("accounts.staff"))
    return page("accounts/colleague.html", form=form, colleague=detail)


def _as_form(detail: ColleagueDetail) -> dict[str, object]:
    return {
        "version": detail.version,
        "name": detail.house.name,
        "working_name": detail.house.working_name,
        "qualification": detail.house.qualification,
        "training_hours": detail.house.training_hours or None,
        "roles": [role.value for role in detail.roles],
        "sites": [site.hex() for site in detail.sites],
    }


def _both(form: ColleagueForm, staff_id: bytes) -> Response:
    saved = queries.colleague(actor(), staff_id)
    both = both_texts(form, _as_form(saved), version=saved.version, by=_("a colleague"), at=now())
    return page("accounts/colleague.html", 409, form=form, colleague=saved, both=both)


@may(Act.ACCOUNTS_MANAGE)
def new_link(staff_id: str) -> Response:
    detail = queries.colleague(actor(), _id(staff_id))
    if request.method == "POST":
        return _hand_over(actions.new_link(actor(), detail.id))
    return page("accounts/new_link.html", colleague=detail)


@may(Act.ACCOUNTS_MANAGE)
def dismiss(staff_id: str) -> Response:
    detail = queries.colleague(actor(), _id(staff_id))
    if request.method == "POST":
        actions.dismiss(actor(), detail.id)
        tell(_("She is signed out everywhere and holds no key here."), then=_("A steward unbinds her keys next."))
        return redirect(url_for("accounts.staff"))
    return page("accounts/dismiss.html", colleague=detail)


@may(Act.ACCOUNTS_MANAGE)
def go_away(staff_id: str) -> Response:
    detail, form = queries.colleague(actor(), _id(staff_id)), EmptyForm()
    if form.validate_on_submit():
        try:
            long_leave.go_away(actor(), detail.id)
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("She is on leave: signed out everywhere, and without a key until two people let her in again."))
            return redirect(url_for("accounts.staff"))
    return page("accounts/go_away.html", form=form, colleague=detail)


@may(Act.ACCOUNTS_MANAGE)
def come_back(staff_id: str) -> Response:
    long_leave.come_back(actor(), _id(staff_id))
    tell(_("She is expected."), then=_("A steward lets her in again."))
    return redirect(url_for("accounts.staff"))


@may(Act.COVERS_ARRANGE)
def covers() -> Response:
    form = CoverForm()
    choices = [(one.id.hex(), one.working_name) for one in queries.colleagues(actor(), _coverable())]
    form.for_staff.choices = form.by_staff.choices = choices
    if form.validate_on_submit():
        try:
            actions.arrange_cover(actor(), form.command())
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Cover arranged."), then=_("From the first day on she opens the same records."))
            return redirect(url_for("accounts.covers"))
    return page("accounts/covers.html", form=form, covers=queries.covers(actor()))


def _coverable() -> list[bytes]:
    return queries.who_may_be_covered(actor())


@may(Act.COVERS_ARRANGE)
def end_cover(cover_id: str) -> Response:
    actions.end_cover(actor(), _id(cover_id))
    tell(_("Cover ended."))
    return redirect(url_for("accounts.covers"))
