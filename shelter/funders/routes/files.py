"""Funders' files: the list, preparing one, how it was counted, agreeing, handing over, dropping.

A number about people is shown to the preparer of the file alone, on the page that says how it was counted.
"""

from flask import Response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from shelter.funders import actions, queries, words
from shelter.funders.forms import GrantForm, PortalForm, PrepareForm
from shelter.funders.routes.blueprint import blueprint
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever
from shelter.rules.broken import Broken
from shelter.rules.performance import windows
from shelter.web.guard import actor
from shelter.web.headers import as_download
from shelter.web.may import may
from shelter.web.render import page, tell
from shelter.web.sentences import sentence

_ALL = "/funder-files"


@blueprint.get(f"{_ALL}/")
@may(Act.FUNDER_FILES_SEE)
def index() -> Response:
    prepares = may_ever(actor(), Act.FUNDER_FILES_PREPARE)
    return page("funders/index.html", files=queries.files(actor()), prepares=prepares)


@blueprint.get(f"{_ALL}/prepare")
@may(Act.FUNDER_FILES_PREPARE)
def prepare() -> Response:
    return _ask(PrepareForm())


@blueprint.post(f"{_ALL}/prepare")
@may(Act.FUNDER_FILES_PREPARE)
def make() -> AnyResponse:
    form = PrepareForm()
    form.offer(queries.project_choices(actor()))
    if form.validate_on_submit():
        try:
            actions.prepare(actor(), form.command())
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("The file is sealed. A second person must agree before it can be handed over."))
            return redirect(url_for(".index"))
    return _ask(form)


def _ask(form: PrepareForm) -> Response:
    form.offer(queries.project_choices(actor()))
    return page("funders/prepare.html", form=form)


@blueprint.get(f"{_ALL}/portal")
@may(Act.FUNDER_FILES_PREPARE)
def portal() -> Response:
    return _ask_portal(PortalForm())


@blueprint.post(f"{_ALL}/portal")
@may(Act.FUNDER_FILES_PREPARE)
def fill_form() -> AnyResponse:
    form = PortalForm()
    _offer(form)
    if form.validate_on_submit():
        try:
            file = actions.fill_form(actor(), form.command())
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("The form is filled and sealed. Look how it was counted; then a second person must agree."))
            return redirect(url_for(".counted", file=file))
    return _ask_portal(form)


def _ask_portal(form: PortalForm) -> Response:
    _offer(form)
    return page("funders/portal.html", form=form)


def _offer(form: PortalForm) -> None:
    grants = [(one.id.hex(), f"{one.name} ({words.PORTALS[one.form]})") for one in queries.grants(actor())]
    form.offer(queries.project_choices(actor()), windows(queries.agency_day()), grants)


@blueprint.get(f"{_ALL}/grants")
@may(Act.FUNDER_FILES_PREPARE)
def grants() -> Response:
    return _show_grants(GrantForm())


@blueprint.post(f"{_ALL}/grants")
@may(Act.FUNDER_FILES_PREPARE)
def add_grant() -> AnyResponse:
    form = GrantForm()
    if not form.validate_on_submit():
        return _show_grants(form)
    actions.add_grant(actor(), form.command())
    tell(_("The grant has numbers of its own from now on."))
    return redirect(url_for(".grants"))


def _show_grants(form: GrantForm) -> Response:
    return page("funders/grants.html", form=form, grants=queries.grants(actor()))


@blueprint.get(f"{_ALL}/<id:file>/counted")
@may(Act.FUNDER_FILES_PREPARE)
def counted(file: bytes) -> Response:
    """For the preparer alone: each number, how many records it counts, and by which rule."""
    return page("funders/counted.html", worked=queries.worked(actor(), file))


@blueprint.post(f"{_ALL}/<id:file>/agree")
@may(Act.FUNDER_FILES_AGREE)
def agree(file: bytes) -> AnyResponse:
    try:
        actions.agree(actor(), file)
    except Broken as broken:
        tell(sentence(broken.message_key, broken.values))
    else:
        tell(_("You agreed. The preparer can hand the file over, once."))
    return redirect(url_for(".index"))


@blueprint.post(f"{_ALL}/<id:file>/hand-over")
@may(Act.FUNDER_FILES_PREPARE)
def hand_over(file: bytes) -> AnyResponse:
    try:
        handed = actions.hand_over(actor(), file)
    except Broken as broken:
        tell(sentence(broken.message_key, broken.values))
        return redirect(url_for(".index"))
    return as_download(Response(handed.content, content_type="application/zip"), handed.name)


@blueprint.post(f"{_ALL}/<id:file>/drop")
@may(Act.FUNDER_FILES_PREPARE)
def drop(file: bytes) -> AnyResponse:
    try:
        actions.drop_file(actor(), file)
    except Broken as broken:
        tell(sentence(broken.message_key, broken.values))
    else:
        tell(_("Dropped. What was in it is gone."))
    return redirect(url_for(".index"))
