"""What was sent and what came back."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.legal import actions, queries, words
from shelter.legal.forms import (
    ChangeFilingForm,
    CorrectNoticeForm,
    FilingForm,
    GatherForm,
    NoticeForm,
)
from shelter.legal.routes.blueprint import ONE, blueprint, kept, to_matter
from shelter.policy.acts import Act
from shelter.web.conflict import Conflict, both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.route(f"{ONE}/filings/new", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def new_filing(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form = FilingForm(data={"sent_on": found.today})
    form.forms.choices = words.forms_on_offer(found.kind)
    form.ask(found.missing, found.not_open)
    fees = queries.fees_of(found, found.form_keys)
    form.ground.choices = words.grounds_on_offer(fees)
    if form.validate_on_submit() and kept(form, lambda: actions.add_filings(actor(), form.command(code, matter))):
        tell(_("Filing saved."), then=_("When its receipt comes, write the number here."))
        return to_matter(code, matter)
    return page("legal/new_filing.html", form=form, matter=found, fees=fees)


@blueprint.route(f"{ONE}/filings/<id:filing>", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def edit_filing(code: str, matter: bytes, filing: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form, both = ChangeFilingForm(data=_sent(found.filing(filing))), None
    fees = queries.fees_of(found, [found.filing(filing).now.form])
    form.ground.choices = words.grounds_on_offer(fees)
    try:
        if form.validate_on_submit() and kept(
            form, lambda: actions.change_filing(actor(), form.command(code, matter, filing))
        ):
            tell(_("Filing saved."))
            return to_matter(code, matter)
    except Conflict:
        found = queries.matter(actor(), code, matter)
        now = found.filing(filing)
        both = both_texts(form, _sent(now), version=now.now.version, by=now.by, at=now.now.at)
    view = found.filing(filing)
    return page(
        "legal/edit_filing.html",
        status=409 if both else None,
        form=form,
        matter=found,
        filing=view,
        both=both,
        fees=fees,
    )


def _sent(view: queries.FilingView) -> dict[str, object]:
    now = view.now
    return {
        "sent_on": now.sent_on,
        "how": now.how or None,
        "fee": now.fee or None,
        "ground": now.ground or None,
        "fee_ground": now.fee_ground,
        "about": now.about,
        "address": now.address or None,
        "receipt_number": now.receipt_number,
        "version": now.version,
    }


@blueprint.route(f"{ONE}/gathered", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def gathered(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form = GatherForm(data={"papers": list(found.gathered)})
    form.papers.choices = [(paper, words.said(paper)) for paper in found.kind.gather]
    if form.validate_on_submit() and kept(form, lambda: actions.gather(actor(), form.command(code, matter))):
        tell(_("Saved."))
        return to_matter(code, matter)
    return page("legal/gathered.html", form=form, matter=found)


@blueprint.route(f"{ONE}/notices/new", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def new_notice(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form = NoticeForm(data={"came": "mail", "received_on": found.today})
    _offer(form, found)
    if form.validate_on_submit() and kept(form, lambda: actions.add_notice(actor(), form.command(code, matter))):
        tell(_("Notice saved."), then=_("Move the stage too, if it has changed."))
        return to_matter(code, matter)
    return page("legal/new_notice.html", form=form, matter=found)


def _offer(form: NoticeForm, found: queries.MatterView) -> None:
    form.type.choices = [(code, words.notice_words(code)) for code in found.notice_types]
    form.filing.choices = [(one.now.id.hex(), words.form_words(found.kind, one.now.form)) for one in found.filings]


@blueprint.route(f"{ONE}/notices/<id:notice>", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def edit_notice(code: str, matter: bytes, notice: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form, both = CorrectNoticeForm(data=_noticed(found.notice(notice))), None
    _offer(form, found)
    try:
        if form.validate_on_submit() and kept(
            form, lambda: actions.correct_notice(actor(), form.correction(code, matter, notice))
        ):
            tell(_("Notice saved."), then=_("A date that no longer stands on it is superseded, not deleted."))
            return to_matter(code, matter)
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
