"""Notes, drafts, statements and files under the privilege; dates shown to her caseworker, and taken back."""

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from shelter.accounts.drafting import drafted, saved
from shelter.clients.queries import Block, Line, register_block
from shelter.files.checking import most_bytes
from shelter.files.routes import given_out, only_for
from shelter.legal import actions, queries, words
from shelter.legal.commands import HideDate
from shelter.legal.forms import LegalFileForm, RewriteForm, ShowDateForm, WritingForm
from shelter.legal.routes.blueprint import ONE, blueprint, kept, to_matter
from shelter.policy.acts import Act
from shelter.web.conflict import Conflict, both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell
from shelter.web.times import day_full
from shelter.web.uploads import takes_files

WRITTEN = f"{ONE}/writing/<id:writing>"


@blueprint.get(f"{ONE}/writing")
@may(Act.MATTERS_READ)
def writings(code: str, matter: bytes) -> Response:
    return page(
        "legal/writings.html",
        matter=queries.matter(actor(), code, matter),
        writings=queries.writings(actor(), code, matter),
        files=queries.legal_files(actor(), code, matter),
    )


@blueprint.route(f"{ONE}/writing/new", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def write(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    about = request.args.get("paper", "")
    form = drafted(WritingForm, data={"paper": about, "kind": "statement" if about else None})
    made: list[bytes] = []
    if form.validate_on_submit() and kept(
        form, lambda: made.append(actions.write(actor(), form.command(code, matter)))
    ):
        saved()
        tell(_("Saved under the privilege."))
        return redirect(url_for("legal.writing", code=code, matter=matter, writing=made[0]))
    return page("legal/write.html", form=form, matter=found)


@blueprint.get(WRITTEN)
@may(Act.MATTERS_READ)
def writing(code: str, matter: bytes, writing: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    return page("legal/writing.html", matter=found, writing=queries.writing(actor(), code, matter, writing))


@blueprint.get(f"{WRITTEN}/compare/<int:number>")
@may(Act.MATTERS_READ)
def compare(code: str, matter: bytes, writing: bytes, number: int) -> Response:
    found, both = queries.matter(actor(), code, matter), queries.compared(actor(), code, matter, writing, number)
    return page("legal/compare.html", matter=found, both=both)


@blueprint.route(f"{WRITTEN}/edit", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def rewrite(code: str, matter: bytes, writing: bytes) -> Response:
    found, view = queries.matter(actor(), code, matter), queries.writing(actor(), code, matter, writing)
    form, both = drafted(RewriteForm, data=_as_it_is(view)), None
    try:
        if form.validate_on_submit() and kept(
            form, lambda: actions.rewrite(actor(), form.command(code, matter, writing))
        ):
            saved()
            tell(_("Saved as a new version. The one before stays readable."))
            return redirect(url_for("legal.writing", code=code, matter=matter, writing=writing))
    except Conflict:
        view = queries.writing(actor(), code, matter, writing)
        both = both_texts(form, _as_it_is(view), version=view.now.number, by=view.by, at=view.now.at)
    return page("legal/rewrite.html", status=409 if both else None, form=form, matter=found, writing=view, both=both)


def _as_it_is(view: queries.WritingView) -> dict[str, object]:
    return {"title": view.now.title, "body": view.now.body, "version": view.now.number}


# -- files -----------------------------------------------------------------------


@blueprint.route(f"{ONE}/files/new", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
@takes_files(most_bytes)
def new_file(code: str, matter: bytes) -> Response:
    found, form = queries.matter(actor(), code, matter), LegalFileForm()
    form.notice.choices = [
        (one.now.id.hex(), f"{words.notice_words(one.now.type)}, {day_full(one.now.printed_on)}")
        for one in found.notices
    ]
    if form.validate_on_submit() and kept(form, lambda: actions.add_file(actor(), form.command(code, matter))):
        tell(_("Stored under the privilege."))
        return redirect(url_for("legal.writings", code=code, matter=matter))
    return page("legal/new_file.html", form=form, matter=found)


@blueprint.get(f"{ONE}/files/<id:file>")
@may(Act.MATTERS_READ)
def legal_file(code: str, matter: bytes, file: bytes) -> Response:
    """A copy, as a download named for the code alone."""
    only_for({"document", "empty", "image"}, {"same-origin", "none"})
    return given_out(code, lambda: queries.legal_content(actor(), code, matter, file))


# -- what her caseworker may read --------------------------------------------------


@blueprint.route(f"{ONE}/dates/<id:due>/show", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def show_date(code: str, matter: bytes, due: bytes) -> Response:
    found, form = queries.matter(actor(), code, matter), ShowDateForm()
    try:
        if form.validate_on_submit() and kept(
            form, lambda: actions.show_date(actor(), form.command(code, matter, due))
        ):
            tell(_("Her caseworker sees this day now, and nothing else of the matter."))
            return to_matter(code, matter)
    except Conflict:
        tell(_("This date was changed meanwhile. Look at it as it is now."))
        return to_matter(code, matter)
    return page("legal/show_date.html", form=form, matter=found, date=found.date(due))


@blueprint.post(f"{ONE}/dates/<id:due>/hide")
@may(Act.MATTERS_WRITE)
def hide_date(code: str, matter: bytes, due: bytes) -> Response:
    actions.hide_date(actor(), HideDate(code, matter, due))
    tell(_("No longer shown to her caseworker."))
    return to_matter(code, matter)


def _on_her_page(shown: list[queries.ShownDate] | None) -> Block | None:
    """Nothing at all where nothing is shown: that there is a matter is not said."""
    if not shown:
        return None
    lines = [Line(" · ".join(part for part in (one.time, one.place, one.words) if part), one.day) for one in shown]
    return Block(_l("Dates to keep, from her advocate"), lines[:5])


register_block("legal", 40, lambda reader, client: _on_her_page(queries.shown_of(reader, client)))
