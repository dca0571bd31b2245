"""Legal work: the day, the matters of one client, and what is written in a matter."""

from collections.abc import Callable

from flask import Blueprint, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.legal import actions, queries, words
from shelter.legal.commands import ConfirmDate, ReopenDate
from shelter.legal.forms import (
    ChangeFilingForm,
    ChangeMatterForm,
    CorrectNoticeForm,
    DateForm,
    DoneForm,
    FilingForm,
    MatterForm,
    NoticeForm,
    ReplaceForm,
    StageForm,
)
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.conflict import Conflict, both_texts
from shelter.web.forms import Form
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.nav import NavItem
from shelter.web.render import page, tell

blueprint = Blueprint("legal", __name__)
for _said in words.GLOBALS:
    blueprint.add_app_template_global(_said)

NAV = (NavItem(_l("Matters"), "legal.day", frozenset({"legal_advocate", "legal_supervisor"}), order=20),)
HERS = "/people/<code>/matters"
ONE = f"{HERS}/<id:matter>"


def _kept(form: Form, save: Callable[[], object]) -> bool:
    """Whether it was saved; what a rule says against it stands beside its question."""
    try:
        save()
    except Broken as broken:
        form.refuse(broken)
        return False
    return True


def _to_matter(code: str, matter: bytes) -> Response:
    return redirect(url_for("legal.show", code=code, matter=matter))


# -- reading -------------------------------------------------------------------


@blueprint.get("/matters")
@may(Act.MATTERS_READ)
def day() -> Response:
    return page("legal/day.html", day=queries.day(actor()))


@blueprint.get("/matters/all")
@may(Act.MATTERS_READ)
def every() -> Response:
    return page("legal/every.html", lines=queries.every(actor()))


@blueprint.get(HERS)
@may(Act.MATTERS_READ)
def index(code: str) -> Response:
    card, lines = queries.matters_of(actor(), code)
    return page("legal/index.html", card=card, lines=lines)


@blueprint.get(ONE)
@may(Act.MATTERS_READ)
def show(code: str, matter: bytes) -> Response:
    return page("legal/show.html", matter=queries.matter(actor(), code, matter))


@blueprint.get(f"{ONE}/earlier")
@may(Act.MATTERS_READ)
def earlier(code: str, matter: bytes) -> Response:
    card, versions = queries.earlier_versions(actor(), code, matter)
    return page("legal/earlier.html", card=card, versions=versions, matter=matter)


# -- the matter ----------------------------------------------------------------


@blueprint.route(f"{HERS}/new", methods=["GET", "POST"])
@may(Act.MATTERS_OPEN)
def new(code: str) -> Response:
    opening = queries.opening(actor(), code)
    form = MatterForm(data={"opened_on": opening.today})
    if opening.leads:
        form.lead.choices = [(one.id.hex(), one.working_name) for one in opening.leads]
    else:
        del form.lead
    made: list[bytes] = []
    if form.validate_on_submit() and _kept(form, lambda: made.append(actions.open_matter(actor(), form.command(code)))):
        tell(_("The matter is open."), then=_("Next: what was sent and what came back."))
        return _to_matter(code, made[0])
    return page("legal/new.html", form=form, card=opening.card)


@blueprint.route(f"{ONE}/change", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def change(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form, both = ChangeMatterForm(data=_about(found)), None
    try:
        if form.validate_on_submit() and _kept(
            form, lambda: actions.change_matter(actor(), form.command(code, matter))
        ):
            tell(_("Saved."))
            return _to_matter(code, matter)
    except Conflict:
        found = queries.matter(actor(), code, matter)
        both = both_texts(form, _about(found), version=found.version, by=found.changed_by, at=found.changed_at)
    return page("legal/change.html", status=409 if both else None, form=form, matter=found, both=both)


def _about(found: queries.MatterView) -> dict[str, object]:
    text = found.text
    return {
        "scope": text.scope,
        "adverse": "\n".join(text.adverse),
        "a_number": text.a_number,
        "version": found.version,
    }


@blueprint.route(f"{ONE}/stage", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def move(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form = StageForm(data={"on": found.today, "version": found.version})
    form.offer(found.kind.stages)  # any stage is read, so that the rule can say why one does not follow
    status = None
    try:
        if form.validate_on_submit() and _kept(form, lambda: actions.move_stage(actor(), form.command(code, matter))):
            tell(_("The matter has come to its next stage."))
            return _to_matter(code, matter)
    except Conflict:
        found, status = queries.matter(actor(), code, matter), 409
        form.version.data, form.version.raw_data = found.version, None
        form.form_errors.append(_changed_meanwhile(found.changed_by))
    form.offer(found.next_stages)
    return page("legal/move.html", status=status, form=form, matter=found)


def _changed_meanwhile(who: str) -> str:
    return _("%(who)s changed this matter while you were writing. Look at it as it is now and save again.", who=who)


# -- what was sent ---------------------------------------------------------------


@blueprint.route(f"{ONE}/filings/new", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def new_filing(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form = FilingForm(data={"sent_on": found.today})
    form.forms.choices = [(key, words.form_words(found.kind, key)) for key in found.form_keys]
    if form.validate_on_submit() and _kept(form, lambda: actions.add_filings(actor(), form.command(code, matter))):
        tell(_("Filing saved."), then=_("When its receipt comes, write the number here."))
        return _to_matter(code, matter)
    return page("legal/new_filing.html", form=form, matter=found)


@blueprint.route(f"{ONE}/filings/<id:filing>", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def edit_filing(code: str, matter: bytes, filing: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form, both = ChangeFilingForm(data=_sent(found.filing(filing))), None
    try:
        if form.validate_on_submit() and _kept(
            form, lambda: actions.change_filing(actor(), form.command(code, matter, filing))
        ):
            tell(_("Filing saved."))
            return _to_matter(code, matter)
    except Conflict:
        found = queries.matter(actor(), code, matter)
        now = found.filing(filing)
        both = both_texts(form, _sent(now), version=now.now.version, by=now.by, at=now.now.at)
    view = found.filing(filing)
    return page("legal/edit_filing.html", status=409 if both else None, form=form, matter=found, filing=view, both=both)


def _sent(view: queries.FilingView) -> dict[str, object]:
    now = view.now
    return {
        "sent_on": now.sent_on,
        "how": now.how or None,
        "fee": now.fee or None,
        "fee_ground": now.fee_ground,
        "about": now.about,
        "receipt_number": now.receipt_number,
        "version": now.version,
    }


# -- what came back --------------------------------------------------------------


@blueprint.route(f"{ONE}/notices/new", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def new_notice(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form = NoticeForm(data={"came": "mail", "received_on": found.today})
    _offer(form, found)
    if form.validate_on_submit() and _kept(form, lambda: actions.add_notice(actor(), form.command(code, matter))):
        tell(_("Notice saved."), then=_("Move the stage too, if it has changed."))
        return _to_matter(code, matter)
    return page("legal/new_notice.html", form=form, matter=found)


def _offer(form: NoticeForm, found: queries.MatterView) -> None:
    form.type.choices = [(code, words.notice_words(code)) for code in found.notice_types]
    form.filing.choices = [(one.now.id.hex(), one.now.form) for one in found.filings]


@blueprint.route(f"{ONE}/notices/<id:notice>", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def edit_notice(code: str, matter: bytes, notice: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form, both = CorrectNoticeForm(data=_noticed(found.notice(notice))), None
    _offer(form, found)
    try:
        if form.validate_on_submit() and _kept(
            form, lambda: actions.correct_notice(actor(), form.correction(code, matter, notice))
        ):
            tell(_("Notice saved."), then=_("A date that no longer stands on it is superseded, not deleted."))
            return _to_matter(code, matter)
    except Conflict:
        found = queries.matter(actor(), code, matter)
        now = found.notice(notice)
        both = both_texts(form, _noticed(now), version=now.now.version, by=now.by, at=now.now.at)
    return page(
        "legal/edit_notice.html",
        status=409 if both else None,
        form=form,
        matter=found,
        notice=found.notice(notice),
        both=both,
    )


def _noticed(view: queries.NoticeView) -> dict[str, object]:
    now = view.now
    return {
        "type": now.type,
        "filing": now.filing.hex() if now.filing else None,
        "receipt_number": now.receipt_number,
        "trigger_date": now.printed_on,
        "printed_date": now.answer_by,
        "received_on": now.received_on,
        "came": now.came or None,
        "answer": "online" if now.answer_online else None,
        "version": now.version,
    }


# -- dates -----------------------------------------------------------------------


@blueprint.route(f"{ONE}/dates/new", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def new_date(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form = DateForm()
    form.rule.choices = [(rule.id, words.said(rule.label), words.trigger_words(rule)) for rule in found.rules]
    if form.validate_on_submit() and _kept(form, lambda: actions.add_date(actor(), form.command(code, matter))):
        tell(_("Date saved."), then=_("Its working stands beside it."))
        return _to_matter(code, matter)
    return page("legal/new_date.html", form=form, matter=found)


@blueprint.route(f"{ONE}/dates/<id:due>/look", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def look(code: str, matter: bytes, due: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form = Form()
    try:
        if form.validate_on_submit() and _kept(
            form, lambda: actions.confirm_date(actor(), ConfirmDate(code, matter, due))
        ):
            tell(_("Confirmed."))
            return _to_matter(code, matter)
    except Conflict:
        tell(_("This date was changed meanwhile. Look at it as it is now."))
        return _to_matter(code, matter)
    return page("legal/look.html", form=form, matter=found, date=found.date(due))


@blueprint.route(f"{ONE}/dates/<id:due>/replace", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def replace(code: str, matter: bytes, due: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form, status = ReplaceForm(), None
    try:
        if form.validate_on_submit() and _kept(
            form, lambda: actions.replace_date(actor(), form.command(code, matter, due))
        ):
            tell(_("Saved. The date that stood before is kept, superseded."))
            return _to_matter(code, matter)
    except Conflict:
        found, status = _ended(form, code, matter)
    return page("legal/replace.html", status=status, form=form, matter=found, date=found.date(due))


@blueprint.route(f"{ONE}/dates/<id:due>/done", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def done(code: str, matter: bytes, due: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form, status = DoneForm(data={"on": found.today}), None
    try:
        if form.validate_on_submit() and _kept(
            form, lambda: actions.finish_date(actor(), form.command(code, matter, due))
        ):
            tell(_("Done."), undo=url_for(".reopen", code=code, matter=matter, due=due))
            return _to_matter(code, matter)
    except Conflict:
        found, status = _ended(form, code, matter)
    return page("legal/done.html", status=status, form=form, matter=found, date=found.date(due))


def _ended(form: Form, code: str, matter: bytes) -> tuple[queries.MatterView, int]:
    """Somebody ended this date first; the page shows what became of it above what was typed."""
    form.form_errors.append(
        _("Somebody changed this date meanwhile. What became of it stands below; yours is not saved.")
    )
    return queries.matter(actor(), code, matter), 409


@blueprint.post(f"{ONE}/dates/<id:due>/reopen")
@may(Act.MATTERS_WRITE)
def reopen(code: str, matter: bytes, due: bytes) -> Response:
    try:
        actions.reopen_date(actor(), ReopenDate(code, matter, due))
    except Conflict:
        tell(_("This date was changed meanwhile. Look at it as it is now."))
    else:
        tell(_("Opened again."))
    return _to_matter(code, matter)
