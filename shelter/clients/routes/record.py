"""The intake, part by part: one group of questions a page, left and returned to at will."""

from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.drafting import drafted, saved
from shelter.clients import actions, queries
from shelter.clients.forms import FORMS, ContactForm, DangerForm, ReadbackForm
from shelter.clients.parts import Part, Progress
from shelter.clients.routes.blueprint import blueprint
from shelter.clients.routes.filling import channel_data, danger_data, part_data
from shelter.clients.words import CHANNELS
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.conflict import BothTexts, Conflict, both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.get("/people/<code>/intake")
@may(Act.CLIENTS_UPDATE)
def intake(code: str) -> Response:
    return page("clients/intake.html", card=queries.card_of(actor(), code), steps=queries.steps(actor(), code))


@blueprint.route("/people/<code>/intake/<part>", methods=["GET", "POST"])
@may(Act.CLIENTS_UPDATE)
def part(code: str, part: str) -> Response:
    which = _part_named(part)
    view = queries.part(actor(), code, which)
    form, both = drafted(FORMS[which], data=_filled(view), skips=view.skipped), None
    if form.validate_on_submit():
        try:
            actions.save_part(actor(), form.command(code))
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            both = _both_parts(form, code, which)
        else:
            return _after_part(code, which)
    card = queries.card_of(actor(), code)
    return page("clients/part.html", 409 if both else None, card=card, form=form, part=which, both=both)


def _part_named(name: str) -> Part:
    if name not in {one.value for one in FORMS}:
        abort(404)
    return Part(name)


def _filled(view: Any) -> dict[str, Any]:
    versions = {"version": view.version, "desk_version": view.desk_version}
    return part_data(view.values) | versions | {"progress": view.progress or Progress.IN_PART}


def _both_parts(form: Any, code: str, which: Part) -> BothTexts:
    now = queries.part(actor(), code, which)
    if "desk_version" in form:
        form.desk_version.data, form.desk_version.raw_data = now.desk_version, None
    return both_texts(form, part_data(now.values), version=now.version, by=now.by, at=now.at)


def _after_part(code: str, which: Part) -> Response:
    saved()
    tell(_("Saved."), then=_("Go on with any part when it suits."))
    if which is Part.NAMES:
        found = queries.matches_of(actor(), code)
        if found.rows or found.others:
            return redirect(url_for("clients.matches", code=code))
    return redirect(url_for("clients.intake", code=code))


@blueprint.get("/people/<code>/matches")
@may(Act.CLIENTS_UPDATE)
def matches(code: str) -> Response:
    card, found = queries.card_of(actor(), code), queries.matches_of(actor(), code)
    return page("clients/matches.html", card=card, found=found)


@blueprint.route("/people/<code>/intake/readback", methods=["GET", "POST"])
@may(Act.CLIENTS_UPDATE)
def readback(code: str) -> Response:
    view = queries.part(actor(), code, Part.READBACK)
    form = ReadbackForm(data={"version": view.version, "read": view.progress == Progress.DONE})
    if form.validate_on_submit():
        actions.save_part(actor(), form.command(code))
        tell(_("Read back together. The intake is complete for now."))
        return redirect(url_for("clients.show", code=code))
    record = queries.whole(actor(), code, Act.CLIENTS_UPDATE, reveals=True)
    return page("clients/readback.html", card=queries.card_of(actor(), code), form=form, record=record)


# -- safe contact --------------------------------------------------------------------


@blueprint.get("/people/<code>/contact")
@may(Act.CLIENTS_UPDATE)
def contact(code: str) -> Response:
    view = queries.contact(actor(), code)
    rules = {rule.channel: line for rule, line in view.rules}
    return page("clients/contact.html", card=queries.card_of(actor(), code), rules=rules, channels=CHANNELS)


@blueprint.route("/people/<code>/contact/<channel>", methods=["GET", "POST"])
@may(Act.CLIENTS_UPDATE)
def channel(code: str, channel: str) -> Response:
    if channel not in CHANNELS:
        abort(404)
    view, both = queries.contact(actor(), code), None
    rule = next((kept for kept, _line in view.rules if kept.channel == channel), None)
    filled = channel_data(rule) | {"version": view.version}
    form = drafted(ContactForm, data=filled, skips={"allowed": rule.skipped} if rule and rule.skipped else {})
    if form.validate_on_submit():
        try:
            before = rule.confirmed if rule else None
            actions.save_contact(actor(), form.command(code, channel, view.today, before))
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            both = _both_channels(form, code, channel)
        else:
            back = "clients.reach" if request.args.get("then") == "reach" else "clients.contact"
            return _saved_to(back, code, _("Saved what she said about this way of reaching her."))
    said = CHANNELS[channel]
    card = queries.card_of(actor(), code)
    return page("clients/channel.html", 409 if both else None, card=card, form=form, said=said, both=both)


def _both_channels(form: ContactForm, code: str, channel: str) -> BothTexts:
    now = queries.contact(actor(), code)
    rule = next((kept for kept, _line in now.rules if kept.channel == channel), None)
    return both_texts(form, channel_data(rule), version=now.version, by=now.by, at=now.at)


def _saved_to(endpoint: str, code: str, words: str) -> Response:
    saved()
    tell(words)
    return redirect(url_for(endpoint, code=code))


# -- people who endanger her -----------------------------------------------------------


@blueprint.get("/people/<code>/dangers")
@may(Act.CLIENTS_UPDATE)
def dangers(code: str) -> Response:
    view = queries.dangers(actor(), code)
    return page("clients/dangers.html", card=queries.card_of(actor(), code), view=view)


@blueprint.route("/people/<code>/dangers/new", methods=["GET", "POST"], defaults={"danger": ""})
@blueprint.route("/people/<code>/dangers/<danger>", methods=["GET", "POST"])
@may(Act.CLIENTS_UPDATE)
def danger(code: str, danger: str) -> Response:
    view, both = queries.dangers(actor(), code), None
    known = next((one for one in view.dangers if one.id == danger), None)
    if danger and known is None:
        abort(404)
    filled = danger_data(known) | {"version": view.version}
    form = drafted(DangerForm, data=filled, skips=known.skipped if known else {})
    if form.validate_on_submit():
        try:
            actions.save_danger(actor(), form.command(code, danger))
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            both = _both_dangers(form, code, danger)
        else:
            return _saved_to("clients.dangers", code, _("Saved. The door learns the description and what to do."))
    card = queries.card_of(actor(), code)
    return page("clients/danger.html", 409 if both else None, card=card, form=form, known=known, view=view, both=both)


def _both_dangers(form: DangerForm, code: str, danger: str) -> BothTexts:
    now = queries.dangers(actor(), code)
    known = next((one for one in now.dangers if one.id == danger), None)
    return both_texts(form, danger_data(known), version=now.version, by=now.by, at=now.at)


@blueprint.post("/people/<code>/dangers/<danger>/remove")
@may(Act.CLIENTS_UPDATE)
def remove_danger(code: str, danger: str) -> Response:
    version = request.form.get("version", "")
    try:
        actions.remove_danger(actor(), code, danger, int(version) if version.isdecimal() else -1)
    except Conflict:
        tell(_("Somebody changed this list meanwhile. Nothing was removed: look at it as it is now."))
    else:
        tell(_("Removed, and the alert at the door with it."))
    return redirect(url_for("clients.dangers", code=code))
