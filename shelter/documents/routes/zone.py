"""Typing the machine-readable lines of a paper: read, compared, and only then put into a paper."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.documents import actions, queries
from shelter.documents.forms import ChangeZoneForm, NewZoneForm, ZoneForm
from shelter.documents.routes.blueprint import ALL, ONE, blueprint
from shelter.documents.words import kind_guess
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.mrz import Zone
from shelter.web.conflict import Conflict
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.route(f"{ALL}/zone", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
def new_zone(code: str) -> Response:
    form, card = NewZoneForm(), queries.of_client(actor(), code).card
    zone = _read(form)
    if zone and _fills(form, zone):
        try:
            paper = actions.fill_from_zone(actor(), form.command(code))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Paper saved from its lines."), then=_("Say where it is now."))
            return redirect(url_for(".show", code=code, paper=paper))
    if zone:
        form.offer(zone)
        form.kind.data = form.kind.data or kind_guess(zone)
    return page("documents/new_zone.html", form=form, card=card, zone=zone)


@blueprint.route(f"{ONE}/zone", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
def zone(code: str, paper: bytes) -> Response:
    card, found, _scans = queries.one(actor(), code, paper)
    form = ChangeZoneForm(data={"zone": found.text.zone, "version": found.version})
    read = _read(form)
    if read and _fills(form, read):
        try:
            actions.fill_from_zone(actor(), form.change(code, paper))
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            _card, found, _scans = queries.one(actor(), code, paper)
            form.version.data, form.version.raw_data = found.version, None
            form.form_errors.append(_("Somebody changed this paper meanwhile. Compare again, and save once more."))
        else:
            tell(_("Paper saved."))
            return redirect(url_for(".show", code=code, paper=paper))
    if read:
        form.offer(read)
    return page("documents/zone.html", form=form, card=card, paper=found, zone=read)


def _read(form: ZoneForm) -> Zone | None:
    """What the lines say, where some were sent; the form then holds the lines that were read."""
    if not form.is_submitted():
        return None
    form.take.choices = [(code, code) for code in form.take.data or ()]
    if not form.validate():
        return None
    try:
        return queries.read_zone(form.text())
    except Broken as broken:
        form.refuse(broken)
        return None


def _fills(form: ZoneForm, zone: Zone) -> bool:
    """Whether the lines that she has just seen are to be put into a paper."""
    return request.form.get("then") == "fill" and form.was_seen(zone)
