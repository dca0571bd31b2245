"""The words of legal work on screen: types, forms, notices, dates and their working, in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from flask import g
from flask_babel import gettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.lawbook import queries as lawbook
from shelter.legal.queries import AskView, DateView, FeesView, MatterView
from shelter.legal.reckoning import MOVES, follows_from, kin_stages
from shelter.legal.words import sentences as sentences  # said once it is there
from shelter.rules.addresses import warning
from shelter.rules.deadlines import Rule, shipped_rules
from shelter.rules.deadlines.deadline import count_step
from shelter.rules.fees import FeeRow
from shelter.rules.matters import MatterType, Stage
from shelter.rules.picklists import picklists
from shelter.rules.wording import Step, render
from shelter.web.sentences import sentence
from shelter.web.times import day_full

HOW = (
    ("mail", _l("By mail")),
    ("courier", _l("By courier, with a signature")),
    ("online", _l("Online")),
    ("hand", _l("By hand")),
)
CAME = (("mail", _l("By mail")), ("online", _l("In an online account")), ("hand", _l("By hand")))
FEES = (
    ("none", _l("No fee for this form")),
    ("exempt", _l("Exempt")),
    ("waiver", _l("Waiver asked for, I-912")),
    ("paid", _l("Paid")),
)
ADDRESSES = (
    ("office", _l("Her lawyer's or our public office")),
    ("confidential", _l("A substitute address of an address confidentiality program")),
    ("shelter", _l("The shelter")),
    ("care_of", _l("In care of somebody")),
    ("home", _l("Where she lives now, which is not the shelter")),
    ("last_shared", _l("Where she last lived with the person she fled")),
)
VISITS = (
    ("master_hearing", _l("Master hearing")),
    ("individual_hearing", _l("Individual hearing")),
    ("court_hearing", _l("Hearing in another court")),
    ("interview", _l("Interview")),
    ("biometrics", _l("Biometrics")),
    ("medical", _l("Medical examination for the I-693")),
    ("consulate", _l("Visit to a consulate")),
    ("talk", _l("Talk with her lawyer or advocate")),
)
WRITINGS = (
    ("note", _l("A note")),
    ("draft", _l("A draft")),
    ("statement", _l("Her statement or declaration, in her words")),
)
ASKED = (
    ("supplement_b", _l("Supplement B, certification for a U visa")),
    ("t_declaration", _l("Declaration for a T visa")),
    ("continued_presence", _l("Continued presence")),
)
ASK_ANSWERS = {
    "": _l("no answer yet"),
    "signed": _l("signed"),
    "refused": _l("refused"),
    "lapsed": _l("lapsed"),
}
RELATIONS = (
    ("spouse", _l("Spouse")),
    ("child", _l("Child")),
    ("parent", _l("Parent")),
    ("sibling", _l("Brother or sister")),
    ("grandchild", _l("Child of a derivative")),
    ("other", _l("Somebody else")),
)
WHERE = (("here", _l("In the United States")), ("abroad", _l("Abroad")))
RULE_KINDS = (
    ("due", _l("A day by which we have to do something")),
    ("opens", _l("A day before which nothing may be filed")),
    ("expires", _l("A day on which something ends")),
    ("answer", _l("A day by which somebody else should answer")),
)
LAST_DAYS = (
    ("anniversary", _l("The day that is reached")),
    ("day_before", _l("The day before it, the cautious reading")),
    ("day_before_or_month_end", _l("The day before it, or the month's last day where the month is shorter")),
)
FEE_WAYS = (
    ("pay", _l("An amount to pay")),
    ("exempt", _l("A ground on which nothing is paid")),
    ("waiver", _l("A ground of a waiver")),
)
UNITS = (
    ("calendar_days", _l("calendar days")),
    ("working_days", _l("working days")),
    ("months", _l("months")),
    ("years", _l("years")),
)
ROLLS = (
    ("backward", _l("the last open day before")),
    ("forward", _l("the next open day, because the law says so")),
    ("none", _l("it stays: a printed date or an expiry")),
)
CERTAINTY = (
    ("V", _l("Read in the source itself")),
    ("T", _l("Read in somebody else's text")),
    ("K", _l("Known, not confirmed")),
    ("C", _l("Sources disagree, or it changed lately")),
)
LAW_STATES = {"tried": _l("on trial"), "in_force": _l("in force"), "given_up": _l("not adopted")}
PAPERS_MADE = (
    ("cover_letter", _l("Cover letter")),
    ("exhibit_list", _l("List of exhibits")),
    ("declaration", _l("Declaration to be signed")),
    ("g28", _l("Data sheet for the G-28")),
    ("index", _l("Index of what was filed and what came")),
)
ANSWERS = (("paper", _l("On paper")), ("online", _l("Online")))
KINDS: dict[str, Any] = {
    "due": _l("to be done"),
    "opens": _l("not before"),
    "expires": _l("ends"),
    "answer": _l("answer expected"),
    "visit": _l("appointment"),
    "remind": _l("reminder"),
}


def _types() -> Mapping[str, MatterType]:
    """Read once for a page, which may name them in every line."""
    if "legal_types" not in g:
        g.legal_types = lawbook.matter_types()
    return cast(Mapping[str, MatterType], g.legal_types)


def matter_words(code: str) -> str:
    """The short name of a type: its class where it has one, such as T-1."""
    kind = _types().get(code)
    if kind is None:
        return code
    return kind.classification or gettext(kind.label)


def notice_words(code: str) -> str:
    try:
        label = picklists()["notice_types"].choice(code).label
    except KeyError:
        return code
    return gettext(label)


def form_words(kind: MatterType, key: str) -> str:
    """ "I-914, Application for T status"; a paper without a number by its name.

    One that the type no longer lists stands by its number alone.
    """
    for form in kind.forms:
        if form.key == key:
            return f"{key}, {gettext(form.label)}" if key[0].isupper() else gettext(form.label)
    return key


def forms_on_offer(kind: MatterType) -> list[tuple[str, str, str]]:
    """Each form of a type with what to remember about it."""
    keyed = [(form.key, form) for form in kind.forms]
    return [(key, form_words(kind, key), gettext(form.advice) if form.advice else "") for key, form in keyed]


def date_words(view: DateView) -> str:
    """What has to happen on this day."""
    if view.rule is not None:
        return gettext(view.rule.label)
    if view.visit is not None and view.visit.what:
        return labelled(VISITS, view.visit.what)
    if view.due.kind == "remind":
        return _("Ask for their answer again")
    return notice_words(view.due.notice_type) if view.due.notice_type else _("A date whose rule is no longer there")


def working_words(steps: Iterable[Step]) -> str:
    """The whole working as one line: "87 = 84 + 3 by mail, notice dated 29 August 2026, ..."."""
    return ", ".join(render(step, gettext, day_full) for step in steps)


def brief_working(view: DateView) -> str:
    """The count and what it starts from, for a list."""
    return working_words(view.working[:2])


def set_words(view: DateView) -> str:
    return _("set by %(who)s on %(day)s", who=view.set_by, day=day_full(view.due.set_on))


def look_words(view: DateView) -> str:
    """The state of the second look; "" for a date that needs none."""
    look = view.due.look
    if look is not None and look.alone:
        return _("looked at again by %(who)s, alone", who=view.looked_by)
    if look is not None:
        return _("confirmed by %(who)s", who=view.looked_by)
    if not view.waits:
        return ""
    if view.may_look and view.waiting:
        return _("second look: waiting for you")
    if not view.waiting:
        return _("second look: nobody else, so %(who)s again tomorrow", who=view.set_by)
    return _("second look: waiting for %(who)s", who=_(" or ").join(view.waiting))


def labelled(pairs: Iterable[tuple[str, Any]], value: str) -> str:
    return str(dict(pairs).get(value, value))


def trigger_words(rule: Rule) -> str:
    """What a rule counts from, and whether counsel has yet to confirm it."""
    question = gettext(shipped_rules().triggers[rule.trigger].question)
    return _("%(question)s (to be confirmed by counsel)", question=question) if rule.to_be_confirmed else question


def how_words(value: str) -> str:
    return labelled(HOW, value)


def count_words(rule: Rule) -> str:
    """ "10 calendar days, 3 more by mail; the last open day before"."""
    parts = [render(count_step(rule), gettext, day_full)]
    if rule.last_day == "day_before":
        parts.append(_("the day before it"))
    if rule.mail_days:
        parts.append(_("%(days)s more by mail", days=rule.mail_days))
    if rule.act_by:
        parts.append(_("ours: %(days)s", days=rule.act_by))
    return f"{', '.join(parts)}; {labelled(ROLLS, rule.roll)}"


def law_state_words(value: str) -> str:
    return str(LAW_STATES.get(value, value))


def asked_words(value: str) -> str:
    return labelled(ASKED, value)


def ask_answer_words(view: AskView) -> str:
    """What became of it; what was signed and has passed its last day has lapsed."""
    return str(ASK_ANSWERS["lapsed" if view.lapsed else view.now.answer])


def amount_words(row: FeeRow) -> str:
    """ "$250, changes every year, no waiver"."""
    parts = [f"${row.dollars:,}"] if row.dollars is not None else [_("no fee")]
    if row.indexed:
        parts.append(_("changes every year"))
    if not row.waivable:
        parts.append(_("cannot be waived"))
    return ", ".join(parts)


def grounds_on_offer(fees: FeesView) -> list[tuple[str, str]]:
    """Each with what it is a ground for, and whether counsel has yet to confirm it."""
    return [(row.code, _ground(row)) for row in fees.grounds]


def _ground(row: FeeRow) -> str:
    words = f"{labelled(FEES, row.way)}: {gettext(row.label)}"
    return _("%(words)s (to be confirmed by counsel)", words=words) if row.to_be_confirmed else words


def ground_words(code: str) -> str:
    """A ground by its name; one that the table no longer has by its code."""
    rows = lawbook.fees().versions(code)
    return gettext(rows[-1].label) if rows else code


def told_of_a_move(found: MatterView) -> list[tuple[Rule, str, tuple[str, ...]]]:
    """Whom a move must be told to: the rule, its form, and the receipt numbers each of which is changed apart."""
    held = {rule.id: rule for rule in found.rules}
    each = found.receipts if found.kind.protected else ()
    return [(held[one], form, each if form == "AR-11" else ()) for one, form in MOVES.items() if one in held]


def refused_addresses(form: str, on: date) -> list[tuple[str, str]]:
    """What is known against kinds of address on a form: the kind, and why."""
    known = [(one, warning(form, one, on)) for one, _label in ADDRESSES]
    return [(address_words(one), sentence(found.key)) for one, found in known if found]


def stages_after(found: MatterView, outcome: str, asked: str = "") -> tuple[Stage, ...]:
    """Where the matter comes to when something it asks for, or this very thing, is asked, signed or refused."""
    for kind in (asked,) if asked else tuple(found.kind.asks):
        if stages := follows_from(found.kind, found.text.stage, kind, outcome):
            return stages
    return ()


def relation_words(value: str) -> str:
    return labelled(RELATIONS, value)


def kin_stages_on_offer(kind: MatterType) -> list[tuple[str, str]]:
    return [(stage.code, gettext(stage.label)) for stage in kin_stages(kind, _types())]


def writing_words(value: str) -> str:
    return labelled(WRITINGS, value)


def address_words(value: str) -> str:
    return labelled(ADDRESSES, value)


def clock_words(key: str) -> str:
    return sentence(key)


def came_words(value: str) -> str:
    return labelled(CAME, value)


def fee_words(value: str) -> str:
    return labelled(FEES, value)


def kind_words(value: str) -> str:
    return str(KINDS.get(value, value))


def said(text: str) -> str:
    """A text of the rule files, translated; a percent sign in it is only a percent sign."""
    return gettext(text)


GLOBALS = (
    count_words,
    law_state_words,
    ask_answer_words,
    asked_words,
    refused_addresses,
    relation_words,
    address_words,
    brief_working,
    came_words,
    clock_words,
    date_words,
    fee_words,
    form_words,
    amount_words,
    ground_words,
    how_words,
    kind_words,
    look_words,
    matter_words,
    notice_words,
    said,
    set_words,
    trigger_words,
    working_words,
    writing_words,
)
