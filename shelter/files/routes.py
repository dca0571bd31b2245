"""Scans and photographs of one client: listed, sent, looked at in the page, kept as a copy."""

from collections.abc import Callable, Iterator

from flask import Blueprint, abort, make_response, redirect, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.clients.queries import Holding, card_of, register_own
from shelter.clients.routes.own_file import case_data, legal_data
from shelter.files import actions, queries
from shelter.files.checking import most_bytes, portions
from shelter.files.forms import FileForm, TakeAlongForm
from shelter.files.handing import Enclosed, archive, passphrase_to_hand, scans, volumes
from shelter.files.queries import Away, FileView, Spoiled
from shelter.files.words import GLOBALS, download_name, enclosed_lines
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.guard import actor
from shelter.web.headers import as_download
from shelter.web.may import may
from shelter.web.render import page, tell
from shelter.web.typeset import encrypted, own_copy
from shelter.web.uploads import takes_files

blueprint = Blueprint("files", __name__, url_prefix="/people/<code>/files")
for _said in GLOBALS:
    blueprint.add_app_template_global(_said)


@blueprint.app_errorhandler(Away)
def away(_away: Away) -> Response:
    return page("files/away.html", status=503)


@blueprint.get("")
@may(Act.PAPERS_READ)
def index(code: str) -> Response:
    card, files = queries.of_client(actor(), code)
    return page("files/index.html", card=card, files=files)


@blueprint.route("/new", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
@takes_files(most_bytes)
def new(code: str) -> Response:
    form = FileForm()
    done = _added(form, code)
    if done:
        return done
    card, _files = queries.of_client(actor(), code)
    return page("files/new.html", form=form, card=card)


@blueprint.route("/<id:file>/newer", methods=["GET", "POST"])
@may(Act.PAPERS_WRITE)
@takes_files(most_bytes)
def newer(code: str, file: bytes) -> Response:
    card, found, _earlier = queries.one(actor(), code, file)
    form = FileForm(data={"label": found.label})
    return _added(form, code, replaces=file) or page("files/newer.html", form=form, card=card, file=found)


def _added(form: FileForm, code: str, *, replaces: bytes = b"") -> Response | None:
    """Stores what was sent where it holds; None where the page has to be shown (again)."""
    if not form.validate_on_submit():
        return None
    try:
        file = actions.add(actor(), form.command(code, replaces))
    except Broken as broken:
        form.refuse(broken)
        return None
    tell(_("Stored under lock."))
    return redirect(url_for(".show", code=code, file=file))


@blueprint.get("/<id:file>")
@may(Act.PAPERS_READ)
def show(code: str, file: bytes) -> Response:
    try:
        card, found, earlier = queries.one(actor(), code, file)
    except Spoiled:
        return _spoiled(code)
    return page("files/show.html", card=card, file=found, earlier=earlier)


@blueprint.get("/<id:file>/content")
@may(Act.PAPERS_READ)
def content(code: str, file: bytes) -> Response:
    """The picture inside our own page, and nothing else: opened by itself it would be kept, not shown."""
    only_for({"image"}, {"same-origin"})
    return _given_out(code, file, pictures_only=True)


@blueprint.get("/<id:file>/download")
@may(Act.PAPERS_READ)
def download(code: str, file: bytes) -> Response:
    only_for({"document", "empty"}, {"same-origin", "none"})
    return _given_out(code, file)


def only_for(uses: set[str], places: set[str]) -> None:
    """Refuses what a browser fetches for another use, or for another site's page (ASVS 5.0, 3.5.8).

    A client that says neither is no browser that somebody else's page could steer.
    """
    use, place = request.headers.get("Sec-Fetch-Dest"), request.headers.get("Sec-Fetch-Site")
    if (use is not None and use not in uses) or (place is not None and place not in places):
        abort(403)


def _given_out(code: str, file: bytes, *, pictures_only: bool = False) -> Response:
    return given_out(code, lambda: queries.content(actor(), code, file), pictures_only=pictures_only)


def given_out(
    code: str, read: Callable[[], tuple[FileView, Iterator[bytes]]], *, pictures_only: bool = False
) -> Response:
    """A file of any feature, read in its own scope: proved whole, and in the trail, before the first byte leaves."""
    try:
        found, parts = read()
    except Spoiled:
        return _spoiled(code)
    if pictures_only and not found.is_picture:
        abort(404)
    response = make_response(parts)
    response.mimetype = found.media
    response.content_length = found.size
    return as_download(response, download_name(code, found.is_picture, found.ending, original=bool(found.original_of)))


def _spoiled(code: str) -> Response:
    return page("files/spoiled.html", status=500, code=code)


@blueprint.route("/take-along", methods=["GET", "POST"])
@may(Act.CLIENTS_COPY)
def take_along(code: str) -> Response:
    """What whoever works with her may give: all that is written, with her scans and signed papers, under her words."""
    return _taken_along(code, Act.CLIENTS_COPY, lambda language: case_data(code, language))


@blueprint.route("/take-along/legal", methods=["GET", "POST"])
@may(Act.MATTERS_COPY)
def take_legal_along(code: str) -> Response:
    return _taken_along(code, Act.MATTERS_COPY, lambda language: legal_data(code, language))


def _taken_along(code: str, part: Act, written: Callable[[str], str]) -> Response:
    card = card_of(actor(), code, part)  # whose file it is comes before how it is sealed
    beside = volumes(actor(), code, part)
    form = TakeAlongForm(data={"what": "archive", "whose": "handed", "handed": passphrase_to_hand()})
    form.offer(len(beside))
    if form.validate_on_submit():
        try:
            document = own_copy(written(form.lang.data)) if form.volume < 2 else b""
            return _sealed(code, form, document, beside)
        except Broken as broken:
            form.refuse(broken)
    return page("files/take_along.html", form=form, card=card, legal=part is Act.MATTERS_COPY)


def _sealed(code: str, form: TakeAlongForm, document: bytes, volumes: list[list[Enclosed]]) -> Response:
    if not form.volume:
        response = make_response(encrypted(document, form.settled()))
        response.mimetype = "application/pdf"
        return as_download(response, f"{code}.pdf")
    with force_locale(form.lang.data):
        unopened = _("What is stored here does not open. It has been written down; ask whoever gave you this.")
    beside = volumes[form.volume - 1]
    response = make_response(portions(archive(document, beside, form.settled(), unopened)))
    response.mimetype = "application/zip"
    return as_download(response, f"{code}.zip" if len(volumes) == 1 else f"{code}-{form.volume}.zip")


register_own(
    "files",
    36,
    lambda reader, client: [Holding(_l("Scans and photographs"), enclosed_lines(scans(reader, client.code)))],
    tells=("file:about",),
)
