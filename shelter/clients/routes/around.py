"""Around a client: her household, who works with her, messages about her, who has looked, alerts at the door."""

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.drafting import drafted, saved
from shelter.clients import actions, queries
from shelter.clients.forms import JoinForm, MemberForm, MessageForm, ReachForm, StaffForm, staff_choices
from shelter.clients.routes.blueprint import blueprint
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.conflict import Conflict
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.get("/people/<code>/household")
@may(Act.CLIENTS_READ)
def household(code: str) -> Response:
    return _household(code, JoinForm())


def _household(code: str, form: JoinForm) -> Response:
    card = queries.card_of(actor(), code)
    return page("clients/household.html", card=card, form=form, members=queries.household(actor(), code))


@blueprint.route("/people/<code>/household/new", methods=["GET", "POST"])
@may(Act.CLIENTS_CREATE)
def member(code: str) -> Response:
    form = drafted(MemberForm)
    if form.validate_on_submit():
        member_code = actions.add_member(actor(), form.command(code))
        saved()
        tell(_("%(code)s belongs to this household now, with a record of her own.", code=member_code))
        return redirect(url_for("clients.household", code=code))
    return page("clients/member.html", card=queries.card_of(actor(), code), form=form)


@blueprint.post("/people/<code>/household/join")
@may(Act.CLIENTS_UPDATE)
def join(code: str) -> Response:
    form = JoinForm()
    if form.validate_on_submit():
        try:
            actions.join_household(actor(), code, form.code())
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("They belong to one household now."))
            return redirect(url_for("clients.household", code=code))
    return _household(code, form)


@blueprint.post("/people/<code>/household/leave")
@may(Act.CLIENTS_UPDATE)
def leave(code: str) -> Response:
    actions.leave_household(actor(), code, request.form.get("member", "")[:12])
    tell(_("She no longer belongs to this household. Her own record stays."))
    return redirect(url_for("clients.household", code=code))


# -- who works with her ----------------------------------------------------------------


@blueprint.get("/people/<code>/team")
@may(Act.CLIENTS_ASSIGN)
def team(code: str) -> Response:
    return _team(code, StaffForm(), StaffForm())


def _team(code: str, form: StaffForm, deny_form: StaffForm) -> Response:
    people = queries.team(actor(), code)
    form.staff.choices = staff_choices(people.free)
    deny_form.staff.choices = staff_choices(people.others)
    card = queries.card_of(actor(), code)
    return page("clients/team.html", card=card, team=people, form=form, deny_form=deny_form)


@blueprint.post("/people/<code>/team/assign")
@may(Act.CLIENTS_ASSIGN)
def assign(code: str) -> Response:
    form = StaffForm()
    form.staff.choices = staff_choices(queries.team(actor(), code).free)
    if form.validate_on_submit():
        try:
            actions.assign(actor(), code, form.chosen())
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Assigned. Your colleague finds a notice."))
            return redirect(url_for("clients.team", code=code))
    return _team(code, form, StaffForm(formdata=None))


@blueprint.post("/people/<code>/team/deny")
@may(Act.CLIENTS_ASSIGN)
def deny(code: str) -> Response:
    form = StaffForm()
    form.staff.choices = staff_choices(queries.team(actor(), code).others)
    if form.validate_on_submit():
        actions.deny(actor(), code, form.chosen())
        tell(
            _("From now on this colleague cannot open this record, whatever else would allow it."),
            then=_("Against a copy of the database only compartments of her own hold: you can ask for them below."),
        )
        return redirect(url_for("clients.team", code=code))
    return _team(code, StaffForm(formdata=None), form)


@blueprint.post("/people/<code>/team/unassign")
@may(Act.CLIENTS_ASSIGN)
def unassign(code: str) -> Response:
    actions.unassign(actor(), code, _staff_id())
    tell(_("This colleague no longer works with her."))
    return redirect(url_for("clients.team", code=code))


@blueprint.post("/people/<code>/team/allow")
@may(Act.CLIENTS_ASSIGN)
def allow(code: str) -> Response:
    actions.allow_again(actor(), code, _staff_id())
    tell(_("The conflict of interest is taken back."))
    return redirect(url_for("clients.team", code=code))


def _staff_id() -> bytes:
    try:
        return bytes.fromhex(request.form.get("staff", ""))
    except ValueError:
        return b""


# -- reaching her ------------------------------------------------------------------------


@blueprint.route("/people/<code>/reach", methods=["GET", "POST"])
@may(Act.CLIENTS_REVEAL)
def reach(code: str) -> Response:
    """The ways that are open at this hour; pressed, one shows what to dial or write to.

    One that was answered too long ago is asked about here, and then shows it in the same press.
    """
    form, reached = ReachForm(), None
    if form.validate_on_submit():
        try:
            if (version := form.confirmed()) is not None:
                actions.confirm(actor(), code, form.channel.data, version)
            reached = actions.reach(actor(), code, form.channel.data)
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            form.form_errors.append(_("Somebody wrote down another answer meanwhile. Look at it, and ask her again."))
    card, found, version = queries.ways(actor(), code)
    return page("clients/reach.html", form=form, card=card, ways=found, version=version, reached=reached)


# -- messages, looks, the door -----------------------------------------------------------


@blueprint.route("/people/<code>/message", methods=["GET", "POST"])
@may(Act.MESSAGES_SEND)
def message(code: str) -> Response:
    form: Any = drafted(MessageForm)
    form.to.choices = staff_choices(queries.readers(actor(), code))
    if form.validate_on_submit():
        actions.send_message(actor(), code, form.reader(), form.text.data)
        saved()
        tell(_("Sent. Your colleague finds it among the notices."))
        return redirect(url_for("clients.message", code=code))
    card = queries.card_of(actor(), code, Act.CLIENTS_READ, Act.RESIDENTS_SEE)
    return page("clients/message.html", card=card, form=form)


@blueprint.get("/people/<code>/looked")
@may(Act.LOOKED_SEE)
def looked(code: str) -> Response:
    return page("clients/looked.html", card=queries.card_of(actor(), code), days=queries.looked(actor(), code))


@blueprint.get("/door-alerts")
@may(Act.DOOR_ALERTS_SEE)
def door_alerts() -> Response:
    return page("clients/door_alerts.html", alerts=queries.door_alerts(actor()))
