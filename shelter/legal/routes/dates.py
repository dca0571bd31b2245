"""One date: counted, looked at again, put off, done."""

from collections.abc import Callable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from shelter.legal import actions, queries, words
from shelter.legal.commands import ConfirmDate, ReopenDate
from shelter.legal.forms import (
    DateForm,
    DoneForm,
    MissForm,
    MovedForm,
    RemedyForm,
    ReplaceForm,
)
from shelter.legal.routes.blueprint import ONE, blueprint, kept, to_matter
from shelter.policy.acts import Act
from shelter.web.conflict import Conflict
from shelter.web.forms import Form
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.route(f"{ONE}/dates/new", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def new_date(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form = DateForm()
    form.offer(found.rules)
    if form.validate_on_submit() and kept(form, lambda: actions.add_date(actor(), form.command(code, matter))):
        tell(_("Date saved."), then=_("Its working stands beside it."))
        return to_matter(code, matter)
    return page("legal/new_date.html", form=form, matter=found)


@blueprint.route(f"{ONE}/moved", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def moved(code: str, matter: bytes) -> Response:
    found, form = queries.matter(actor(), code, matter), MovedForm()
    made: list[object] = []
    if form.validate_on_submit() and kept(
        form, lambda: made.extend(actions.tell_move(actor(), form.command(code, matter)))
    ):
        tell(
            ngettext("%(num)d date saved.", "%(num)d dates saved.", len(made)),
            then=_("Each is done by itself, once that office has the address."),
        )
        return to_matter(code, matter)
    return page("legal/moved.html", form=form, matter=found, told=words.told_of_a_move(found))


@blueprint.route(f"{ONE}/dates/<id:due>/look", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def look(code: str, matter: bytes, due: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form = Form()
    try:
        if form.validate_on_submit() and kept(
            form, lambda: actions.confirm_date(actor(), ConfirmDate(code, matter, due))
        ):
            tell(_("Confirmed."))
            return to_matter(code, matter)
    except Conflict:
        tell(_("This date was changed meanwhile. Look at it as it is now."))
        return to_matter(code, matter)
    return page("legal/look.html", form=form, matter=found, date=found.date(due))


@blueprint.route(f"{ONE}/dates/<id:due>/replace", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def replace(code: str, matter: bytes, due: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form, status = ReplaceForm(), None
    try:
        if form.validate_on_submit() and kept(
            form, lambda: actions.replace_date(actor(), form.command(code, matter, due))
        ):
            tell(_("Saved. The date that stood before is kept, superseded."))
            return to_matter(code, matter)
    except Conflict:
        found, status = _ended(form, code, matter)
    return page("legal/replace.html", status=status, form=form, matter=found, date=found.date(due))


@blueprint.route(f"{ONE}/dates/<id:due>/done", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def done(code: str, matter: bytes, due: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form, status = DoneForm(data={"on": found.today}), None
    try:
        if form.validate_on_submit() and kept(
            form, lambda: actions.finish_date(actor(), form.command(code, matter, due))
        ):
            tell(_("Done."), undo=url_for("legal.reopen", code=code, matter=matter, due=due))
            return to_matter(code, matter)
    except Conflict:
        found, status = _ended(form, code, matter)
    return page("legal/done.html", status=status, form=form, matter=found, date=found.date(due))


def _ended(form: Form, code: str, matter: bytes) -> tuple[queries.MatterView, int]:
    """Somebody ended this date first; the page shows what became of it above what was typed."""
    form.form_errors.append(
        _("Somebody changed this date meanwhile. What became of it stands below; yours is not saved.")
    )
    return queries.matter(actor(), code, matter), 409


@blueprint.route(f"{ONE}/dates/<id:due>/missed", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def miss(code: str, matter: bytes, due: bytes) -> Response:
    form = MissForm()

    def save() -> None:
        actions.miss_date(actor(), form.command(code, matter, due))

    return _register(code, matter, due, form, save, _("It stands in the register of missed dates, with what was done."))


@blueprint.route(f"{ONE}/dates/<id:due>/remedy", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def remedy(code: str, matter: bytes, due: bytes) -> Response:
    shown = queries.matter(actor(), code, matter).date(due).remedied
    form = RemedyForm(data={"version": len(shown)})

    def save() -> None:
        actions.add_remedy(actor(), form.command(code, matter, due))

    return _register(code, matter, due, form, save, _("Added to the register."))


def _register(code: str, matter: bytes, due: bytes, form: Form, save: Callable[[], None], saved: str) -> Response:
    found, status = queries.matter(actor(), code, matter), None
    try:
        if form.validate_on_submit() and kept(form, save):
            tell(saved)
            return to_matter(code, matter)
    except Conflict:
        found, status = _ended(form, code, matter)
        if isinstance(form, RemedyForm):
            form.version.data, form.version.raw_data = len(found.date(due).remedied), None
    return page("legal/miss.html", status=status, form=form, matter=found, date=found.date(due))


@blueprint.post(f"{ONE}/dates/<id:due>/reopen")
@may(Act.MATTERS_WRITE)
def reopen(code: str, matter: bytes, due: bytes) -> Response:
    try:
        actions.reopen_date(actor(), ReopenDate(code, matter, due))
    except Conflict:
        tell(_("This date was changed meanwhile. Look at it as it is now."))
    else:
        tell(_("Opened again."))
    return to_matter(code, matter)
