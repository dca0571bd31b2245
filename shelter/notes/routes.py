"""Notes of one client: the list, a new one, one with its additions, and a search inside them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from shelter.accounts.drafting import drafted, saved
from shelter.clients.queries import Held, Holding, one_line, register_events, register_own
from shelter.notes import actions, queries
from shelter.notes.forms import AddForm, NoteForm, SearchForm, kind_choices
from shelter.notes.words import GLOBALS, note_kind
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.settings.words import choice_words
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell

blueprint = Blueprint("notes", __name__, url_prefix="/people/<code>/notes")
for _said in GLOBALS:
    blueprint.add_app_template_global(_said)

register_events(
    "notes",
    lambda reader, client: [
        replace(event, kind=note_kind(event.kind))
        for event in queries.events(reader, client, (_l("Note"), _l("Addition to a note")))
    ],
)


@blueprint.get("/")
@may(Act.NOTES_READ)
def index(code: str) -> Response:
    before = request.args.get("before", type=int)
    return page("notes/index.html", view=queries.notes(actor(), code, before), find=SearchForm(), hits=None)


@blueprint.post("/search")
@may(Act.NOTES_READ)
def search(code: str) -> Response:
    form, hits = SearchForm(), None
    if form.validate_on_submit():
        hits = queries.search(actor(), code, form.words.data)
    return page("notes/index.html", view=queries.notes(actor(), code), find=form, form=form, hits=hits)


@blueprint.route("/new", methods=["GET", "POST"])
@may(Act.NOTES_WRITE)
def new(code: str) -> Response:
    view, household = queries.notes(actor(), code), queries.members(actor(), code)
    form = drafted(NoteForm, data={"on": queries.day_of(actor(), code), "kind": "case"})
    form.kind.choices = kind_choices(view.kinds)
    form.also.choices = [(other, f"{called} {other}".strip()) for other, called in household]
    if form.validate_on_submit():
        try:
            actions.write_note(actor(), form.command(code))
        except Broken as broken:
            form.refuse(broken)
        else:
            saved()
            tell(_("Note signed."), then=_("It stays as it is; you can add to it."))
            return redirect(url_for(".index", code=code))
    return page("notes/new.html", form=form, card=view.card, household=household)


@blueprint.get("/<id:note>")
@may(Act.NOTES_READ)
def show(code: str, note: bytes) -> Response:
    card, found, added = queries.note(actor(), code, note)
    return page("notes/show.html", card=card, note=found, added=added)


@blueprint.route("/<id:note>/add", methods=["GET", "POST"])
@may(Act.NOTES_WRITE)
def add(code: str, note: bytes) -> Response:
    card, found, added = queries.note(actor(), code, note)
    form = drafted(AddForm)
    if form.validate_on_submit():
        actions.add_to_note(actor(), form.command(code, note))
        saved()
        tell(_("Added. The note itself stands as it was signed."))
        return redirect(url_for(".show", code=code, note=note))
    return page("notes/add.html", form=form, card=card, note=found, added=added)


def _held(found: Sequence[queries.NoteView], kind: str, title: Any) -> list[Holding]:
    """Her notes of a kind, as her own file says them; what is written about the staff's own work is not hers."""
    lines = [
        Held(note_kind(kind) if one.amends is None else _l("Addition to a note"), _signed(one), one.on)
        for one in found
        if one.kind == kind
    ]
    return [Holding(title, lines)]


def _signed(one: queries.NoteView) -> str:
    there = ", ".join(choice_words("note_present", who) for who in one.present)
    length = ngettext("%(num)d minute", "%(num)d minutes", one.minutes) if one.minutes else ""
    return one_line(one.words, (_l("Who was there"), there), one.present_words, length, (_l("Why added"), one.why))


register_own(
    "notes",
    30,
    lambda reader, client: _held(queries.all_notes(reader, client.code), "case", _l("Notes")),
    tells=("note:text",),
)
register_own(
    "counselling notes",
    31,
    lambda reader, client: _held(queries.all_notes(reader, client.code), "counselling", _l("Counselling notes")),
    tells=("note:text",),
    title=_l("Counselling notes"),
    gives=Act.NOTES_COUNSELLING,
)
