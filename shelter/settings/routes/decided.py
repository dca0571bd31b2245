"""The settings an administrator changes."""

from typing import cast

import msgspec
from flask import Blueprint, Flask, abort, make_response, redirect, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.picklists import picklists
from shelter.settings import actions, history, portable, queries
from shelter.settings.forms import HOW, FieldForm, FileForm, LanguagesForm, LimitForm, PickForm, SiteForm, TakeInForm
from shelter.settings.routes.keeping import kept
from shelter.settings.servicelist import service_list
from shelter.settings.words import CHANGES, KINDS, UNITS, VALUES, YES_OR_NO, listed_words, setting_words
from shelter.web.addresses import number_asked
from shelter.web.guard import actor
from shelter.web.headers import as_download
from shelter.web.i18n import LANGUAGES, page_lang, when_asked
from shelter.web.may import may
from shelter.web.nav import NavItem
from shelter.web.render import page, tell
from shelter.web.uploads import takes_files

blueprint = Blueprint("settings", __name__, url_prefix="/settings")
NAV = (NavItem(_l("Settings"), "settings.index", frozenset({"administrator"}), order=60),)


@blueprint.get("/")
@may(Act.SETTINGS_MANAGE)
def index() -> Response:
    return page(
        "settings/index.html",
        sites=queries.sites(actor()),
        picklists=picklists(),
        fields=queries.fields(page_lang()),
        limits=queries.limit_views(),
        book=service_list(),
        spoken=queries.languages(),
        language_names=dict(LANGUAGES),
    )


@blueprint.route("/sites/new", methods=["GET", "POST"])
@may(Act.SETTINGS_MANAGE)
def new_site() -> Response:
    form = SiteForm(data={"zone": queries.agency_zone(), "night_begins": 12, "version": 0})
    return _site(form, None)


@blueprint.route("/sites/<id:site>", methods=["GET", "POST"])
@may(Act.SETTINGS_MANAGE)
def edit_site(site: bytes) -> Response:
    found = queries.site(actor(), site)
    form = SiteForm(
        data={
            "code_name": found.code_name,
            "zone": found.zone,
            "night_begins": found.night_begins,
            "open_to_caseworkers": found.open_to_caseworkers,
            "address": found.house.address,
            "phone": found.house.phone,
            "directions": found.house.directions,
            "version": found.house_version,
        }
    )
    return _site(form, site)


def _site(form: SiteForm, site: bytes | None) -> Response:
    shown = kept(
        form,
        lambda: actions.change_site(actor(), form.command(site)),
        url_for(".index"),
        lambda: form.form_errors.append(_("Somebody changed this place meanwhile. Open it again to see both.")),
    )
    return shown or page("settings/edit_site.html", form=form)


@blueprint.route("/fields/<field>", methods=["GET", "POST"])
@may(Act.SETTINGS_MANAGE)
def edit_field(field: str) -> Response:
    found = queries.field(field, page_lang())
    form = FieldForm(
        data={
            "question": found.own_question,
            "why_we_ask": found.own_why,
            "how": found.how,
            "version": found.version,
        }
    )
    shown = kept(
        form,
        lambda: actions.word_field(actor(), form.command(field, page_lang())),
        url_for(".index"),
        lambda: form.form_errors.append(_("Somebody changed this question meanwhile. Open it again to see both.")),
    )
    return shown or page("settings/edit_field.html", form=form, found=found)


@blueprint.get("/file")
@may(Act.SETTINGS_MANAGE)
def file() -> Response:
    """Everything decided here but the places, as one file."""
    response = make_response(portable.taken_out(actor()))
    response.mimetype = "application/json"
    return as_download(response, "settings.json")


@blueprint.route("/file/in", methods=["GET", "POST"])
@takes_files(portable.MOST_BYTES)
@may(Act.SETTINGS_MANAGE)
def take_in() -> Response:
    """First what a file would change; then, from that page, the change."""
    form = FileForm()
    if not form.validate_on_submit():
        return page("settings/take_in.html", form=form)
    try:
        found = portable.read(form.file.data.read())
    except Broken as broken:
        form.refuse(broken)
        return page("settings/take_in.html", form=form)
    carried = TakeInForm(formdata=None, data={"content": msgspec.json.encode(found).decode()})
    return page("settings/differences.html", form=carried, changes=portable.differences(actor(), found))


@blueprint.post("/file/taken")
@may(Act.SETTINGS_MANAGE)
def taken_in() -> Response:
    form = TakeInForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        portable.take_in(actor(), portable.read(form.content.data.encode()))
    except Broken:
        abort(400)
    tell(_("Taken in."))
    return redirect(url_for(".index"))


@blueprint.route("/lists/<picklist>", methods=["GET", "POST"], defaults={"value": ""})
@blueprint.route("/lists/<picklist>/<value>", methods=["GET", "POST"])
@may(Act.SETTINGS_MANAGE)
def edit_list(picklist: str, value: str) -> Response:
    """The values of a list, and one of them in a form: a new one, or the one named."""
    values = queries.picks(picklist, page_lang(), with_hidden=True)
    chosen = next((one for one in values if one.code == value), None)
    if value and chosen is None:
        abort(404)
    form = PickForm(data=_pick(chosen) if chosen else {"version": 0})
    shown = kept(
        form,
        lambda: actions.word_pick(actor(), form.command(picklist, page_lang())),
        url_for(".edit_list", picklist=picklist),
        lambda: form.form_errors.append(_("Somebody changed this value meanwhile. Open it again to see both.")),
    )
    label = picklists()[picklist].label
    return shown or page(
        "settings/edit_list.html", form=form, values=values, label=label, picklist=picklist, chosen=chosen
    )


def _pick(chosen: queries.PickWords) -> dict[str, object]:
    own = chosen.own
    return {"code": chosen.code, "label": own.label, "hidden": own.hidden, "version": own.version}


@blueprint.route("/limits/<limit>", methods=["GET", "POST"])
@may(Act.SETTINGS_MANAGE)
def edit_limit(limit: str) -> Response:
    found = queries.limit_view(limit)
    form = LimitForm(data={"value": found.value, "version": found.version})
    shown = kept(
        form,
        lambda: actions.set_limit(actor(), form.command(limit)),
        url_for(".index"),
        lambda: form.form_errors.append(_("Somebody changed this number meanwhile. Open it again to see both.")),
    )
    return shown or page("settings/edit_limit.html", form=form, found=found)


@blueprint.route("/languages", methods=["GET", "POST"])
@may(Act.SETTINGS_MANAGE)
def edit_languages() -> Response:
    here = queries.languages()
    form = LanguagesForm(data={"offered": list(here.offered), "default": here.default})
    if form.validate_on_submit():
        try:
            actions.offer(actor(), form.command())
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Saved."))
            return redirect(url_for(".index"))
    return page("settings/edit_languages.html", form=form)


@blueprint.get("/history")
@may(Act.SETTINGS_MANAGE)
def changed() -> Response:
    """Every version of every setting, by whom and when."""
    found = history.changes(actor(), number_asked("before"), number_asked("after"))
    older = url_for(".changed", before=found.older) if found.older else ""
    newer = url_for(".changed", after=found.newer) if found.newer is not None else ""
    return page("settings/changed.html", changes=found.shown, older=older, newer=newer)


@blueprint.record
def _languages_of_pages(state: BlueprintSetupState) -> None:
    when_asked(cast(Flask, state.app), lambda: (queries.languages().offered, queries.languages().default))


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {
        "how_asked": dict(HOW),
        "limit_units": UNITS,
        "settings_changes": CHANGES,
        "listed_words": listed_words,
        "setting_words": setting_words,
        "setting_kinds": KINDS,
        "setting_values": VALUES,
        "yes_or_no": YES_OR_NO,
    }
