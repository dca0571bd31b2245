"""What was sent and what came back: filings, receipt numbers, notices and the dates that they bring."""

from typing import TypeVar

from msgspec.structs import replace

from shelter.db import new_id
from shelter.db.errors import Conflict, Missing
from shelter.lawbook import queries as lawbook
from shelter.legal import reckoning
from shelter.legal.actions.work import Work, working
from shelter.legal.commands import AddFilings, AddNotice, ChangeFiling, CorrectNotice, Gather, NoticeWords, Sent
from shelter.legal.models import Due, End, Filing, Notice, Papers
from shelter.legal.reckoning import Stamp, notice_types, receipts_of, require_past
from shelter.policy.actor import Actor
from shelter.rules import identifiers
from shelter.rules.addresses import warning
from shelter.rules.broken import Broken

Paper = TypeVar("Paper", Filing, Notice)
NUMBERED = frozenset({"receipt", "transfer"})
"""Notices by which a filing is known from then on."""
FREE = frozenset({"exempt", "waiver"})
"""Ways with a fee that need a ground."""


def add_filings(actor: Actor, command: AddFilings) -> None:
    """The forms of one package. Raises `Broken`."""
    with working(actor, command.code, command.matter) as work:
        _require_sent(command.sent, command.forms, work)
        _require_address(command.sent, command.forms, work.stamp)
        papers, package = work.papers(), new_id()
        known = [form.key for form in work.kind.forms]
        if not command.forms or not set(known).issuperset(command.forms):
            raise Broken("legal.choose_forms", field="forms")
        _require_complete(command, papers, work)
        _require_open(command, work)
        filings = [_filing(form, package, command, work.stamp) for form in known if form in command.forms]
        work.keep_papers(
            receipts_of(papers.filings, papers.notices), replace(papers, filings=[*papers.filings, *filings])
        )


def _require_complete(command: AddFilings, papers: Papers, work: Work) -> None:
    """What the application rests on is in hand before it goes out; that it is not was seen, or is said once."""
    missing = [paper for paper in work.kind.gather if paper not in papers.gathered]
    if missing and not command.incomplete and work.kind.applied_for.intersection(command.forms):
        raise Broken("legal.papers_not_in_hand", field="incomplete", values={"missing": len(missing)})


def _require_open(command: AddFilings, work: Work) -> None:
    """What may not arrive before a day is not sent before it; that it was, or is to be, is said once."""
    on = command.sent.on or work.stamp.on
    for form in reckoning.not_open_yet(work.kind, work.dates().dates, on):
        if form in command.forms and not command.early:
            raise Broken("legal.not_open_yet", field="sent_on", values={"form": form})


def _filing(form: str, package: bytes, command: AddFilings, stamp: Stamp) -> Filing:
    sent = command.sent
    return Filing(
        id=new_id(),
        form=form,
        package=package,
        sent_on=sent.on,
        how=sent.how,
        fee=sent.fee,
        ground=sent.ground,
        fee_ground=sent.fee_ground,
        about=command.about,
        address=sent.address,
        by=stamp.by,
        at=stamp.at,
    )


def _require_sent(sent: Sent, forms: tuple[str, ...], work: Work) -> None:
    """Raises `Broken` for a fee that the table of that day does not let go, or a ground that it does not know."""
    require_past(sent.on, work.stamp, "sent_on")
    if sent.fee not in FREE:
        return
    on, matter, table = sent.on or work.stamp.on, work.kind.code, lawbook.fees()
    for form in forms:
        row = table.set_by_law(form, matter, on)
        if row is not None:
            raise Broken("legal.fee_set_by_law", field="fee", values={"form": form, "dollars": row.dollars or 0})
    if sent.ground and sent.ground not in {row.code for row in table.grounds(forms, matter, on) if row.way == sent.fee}:
        raise Broken("legal.ground_unknown", field="ground")
    if not sent.ground and not sent.fee_ground:
        raise Broken("legal.say_ground", field="ground")


def _require_address(sent: Sent, forms: tuple[str, ...], stamp: Stamp) -> None:
    """An address that a form may not take is said once; with a word that it was planned, it is kept."""
    if sent.address_planned or not sent.address:
        return
    for form in forms:
        found = warning(form, sent.address, sent.on or stamp.on)
        if found is not None:
            raise Broken(found.key, field="address")


def change_filing(actor: Actor, command: ChangeFiling) -> None:
    """A receipt number that came, or something put right; the filing as it stood stays readable."""
    with working(actor, command.code, command.matter) as work:
        papers = work.papers()
        before = _current(papers.filings, command.filing, command.version)
        _require_sent(command.sent, (before.form,), work)
        _require_address(command.sent, (before.form,), work.stamp)
        sent = command.sent
        after = replace(
            before,
            sent_on=sent.on,
            how=sent.how,
            fee=sent.fee,
            ground=sent.ground,
            fee_ground=sent.fee_ground,
            receipt_number=_receipt(command.receipt_number),
            about=command.about,
            address=sent.address,
        )
        work.keep_papers(
            receipts_of(papers.filings, papers.notices), _with_filing(papers, before, after, work.stamp, command.why)
        )


def _with_filing(papers: Papers, before: Filing, after: Filing, stamp: Stamp, why: str) -> Papers:
    after = replace(after, version=before.version + 1, by=stamp.by, at=stamp.at, why=why)
    filings = [after if one.id == before.id else one for one in papers.filings]
    return replace(papers, filings=filings, earlier_filings=[*papers.earlier_filings, before])


def _receipt(typed: str) -> str:
    return identifiers.receipt_number(typed) if typed else ""


def _current(papers: list[Paper], paper_id: bytes, version: int) -> Paper:
    found = next((one for one in papers if one.id == paper_id), None)
    if found is None:
        raise Missing
    if found.version != version:
        raise Conflict("matter", "papers")
    return found


def gather(actor: Actor, command: Gather) -> None:
    """Which papers of the list are in hand; when each came to hand stays with it."""
    with working(actor, command.code, command.matter) as work:
        papers = work.papers()
        if not set(work.kind.gather).issuperset(command.papers):
            raise Broken("legal.choose_papers", field="papers")
        gathered = {paper: papers.gathered.get(paper, work.stamp.on) for paper in command.papers}
        work.keep_papers(receipts_of(papers.filings, papers.notices), replace(papers, gathered=gathered))


# -- what came back ------------------------------------------------------------


def add_notice(actor: Actor, command: AddNotice) -> Due | None:
    """A notice and the date that it brings, which is returned. Raises `Broken`, also where the rule needs the date
    printed on the notice and none was given.
    """
    with working(actor, command.code, command.matter) as work:
        papers = work.papers()
        notice = _notice(command.words, work, papers)
        due = reckoning.of_notice(work.kind, notice, work.stamp, work.book)
        before = receipts_of(papers.filings, papers.notices)
        papers = _take_receipt(replace(papers, notices=[*papers.notices, notice]), notice, work.stamp)
        work.keep_papers(before, papers)
        if due is not None:
            work.keep_dates([*work.dates().dates, due])
            work.ask_for_look(due)
    return due


def correct_notice(actor: Actor, command: CorrectNotice) -> Due | None:
    """The notice put right, with a reason. A date that no longer stands on it is superseded by the new one."""
    if not command.why:
        raise Broken("legal.say_why", field="why")
    with working(actor, command.code, command.matter) as work:
        papers = work.papers()
        before = _current(papers.notices, command.notice, command.version)
        fresh = _notice(command.words, work, papers, _told_alone(papers, before))
        after = replace(fresh, id=before.id, version=before.version + 1, why=command.why)
        due = reckoning.of_notice(work.kind, after, work.stamp, work.book)
        found = receipts_of(papers.filings, papers.notices)
        notices = [after if one.id == before.id else one for one in papers.notices]
        changed = replace(papers, notices=notices, earlier_notices=[*papers.earlier_notices, before])
        work.keep_papers(found, _take_receipt(changed, after, work.stamp, before.receipt_number))
        _supersede(work, after.id, due, command.why)
    return due


def _told_alone(papers: Papers, notice: Notice) -> str:
    """The number that a filing has by this notice and by no other."""
    others = {one.receipt_number for one in papers.notices if one.id != notice.id and one.filing == notice.filing}
    return "" if notice.receipt_number in others else notice.receipt_number


def _notice(words: NoticeWords, work: Work, papers: Papers, was: str = "") -> Notice:
    require_past(words.printed_on, work.stamp, "trigger_date")
    require_past(words.received_on, work.stamp, "received_on")
    if words.received_on is not None and words.received_on < words.printed_on:
        raise Broken("legal.received_before_printed", field="received_on")
    if words.type not in notice_types(work.kind):
        raise Broken("legal.choose_notice", field="type")
    filing = next((one for one in papers.filings if one.id == words.filing), None)
    if words.filing is not None and filing is None:
        raise Broken("legal.choose_filing", field="filing")
    number = _receipt(words.receipt_number)
    if words.type == "transfer" and filing and number and filing.receipt_number not in ("", number, was):
        raise Broken("legal.transfer_keeps_number", field="receipt_number", values={"number": filing.receipt_number})
    return Notice(
        id=new_id(),
        type=words.type,
        printed_on=words.printed_on,
        received_on=words.received_on,
        came=words.came,
        answer_by=words.answer_by,
        answer_online=words.answer_online,
        filing=words.filing,
        receipt_number=number,
        by=work.stamp.by,
        at=work.stamp.at,
    )


def _take_receipt(papers: Papers, notice: Notice, stamp: Stamp, was: str = "") -> Papers:
    """A receipt notice gives its filing the number, where the filing has none or `was` what the notice said before; so
    does one of a transfer, under which the number stays."""
    filing = next((one for one in papers.filings if one.id == notice.filing), None)
    if notice.type not in NUMBERED or not notice.receipt_number or filing is None:
        return papers
    if filing.receipt_number not in ("", was) or filing.receipt_number == notice.receipt_number:
        return papers
    numbered = replace(filing, receipt_number=notice.receipt_number)
    return _with_filing(papers, filing, numbered, stamp, "")


def _supersede(work: Work, notice: bytes, due: Due | None, why: str) -> None:
    """Dates still open under this notice end; one that stands on the same facts as before simply stays."""
    dates = work.dates().dates
    open_ones = [one for one in dates if one.notice == notice and one.end is None]
    if due is not None and any(reckoning.same_count(one, due) for one in open_ones):
        return
    stamp = work.stamp
    end = End(how="superseded", by=stamp.by, at=stamp.at, on=stamp.on, why=why, next=due.id if due else None)
    kept = [replace(one, end=end) if one in open_ones else one for one in dates]
    work.keep_dates([*kept, due] if due else kept)
    work.ask_for_look(due)
