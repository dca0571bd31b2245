"""The words of legal work on screen: types, forms, notices, dates and their working, in the reader's language."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.legal.queries import AskView, DateView
from shelter.legal.reckoning import form_key, kin_stages
from shelter.rules.broken import Broken
from shelter.rules.deadlines import Rule, shipped_rules
from shelter.rules.matters import MatterType, matter_type
from shelter.rules.picklists import picklists
from shelter.rules.wording import Step, render
from shelter.web.sentences import say, sentence
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
}

say(
    {
        "address.no_care_of_line": _l(
            "EOIR-33 has no care-of line since February 2026: a letter sent in care of somebody may not arrive"
        ),
        "address.court_and_program": _l(
            "Courts differ on substitute addresses (to be confirmed by counsel): plan it before this goes out"
        ),
        "address.physical_asked": _l(
            "AR-11 asks where she lives (to be confirmed by counsel): plan with counsel what stands there"
        ),
        "address.shelter": _l("The shelter's address is kept secret: use a safe address here"),
        "address.last_shared": _l("Whoever she fled knows this address: use a safe one here"),
        "clock.before_the_rules": _l("This machine's clock stands before the day this program was made."),
        "clock.jumped_ahead": _l("This machine's clock jumped ahead by more than a year."),
        "clock.went_back": _l("This machine's clock went back by more than a day."),
        "law.last_good": _l("A file of rules that came with this program is bad: the last good rules serve."),
        "law.refused": _l("This rule makes no sense as it is: %(reason)s"),
        "legal.answered_before_asked": _l("It cannot be answered before it was asked for"),
        "legal.before_last_stage": _l("This day is before the day of the present stage"),
        "legal.choose_advocate": _l("Choose somebody of the legal staff"),
        "legal.choose_writing": _l("Choose a note, a draft or a statement"),
        "legal.closed_before_retained": _l("The closing letter cannot be older than the retainer"),
        "legal.conflict_for_supervisor": _l(
            "Somebody near to a party is known here, and you may not see who. Ask the legal supervisor to open it"
        ),
        "legal.conflict_near": _l("Somebody near to a party is known here. Say why it is no conflict, or who decided"),
        "legal.say_title": _l("Give it a name"),
        "legal.say_something": _l("Write something first"),
        "legal.say_what_she_keeps": _l("Say what her caseworker should read beside the day"),
        "legal.choose_answer": _l("Choose the answer"),
        "legal.choose_ask": _l("Choose what is asked for"),
        "legal.choose_certifier": _l("Choose whose clock runs"),
        "legal.choose_member": _l("Choose somebody of the family"),
        "legal.counsel_before_travel": _l("No travel date without counsel: say who agreed, and when"),
        "legal.frozen_before_birth": _l("Age cannot be frozen before birth"),
        "legal.say_agency": _l("Say which agency"),
        "legal.say_name": _l("Write a name or initials"),
        "legal.say_what_passed": _l("Say what passed"),
        "legal.trip_breaks_presence": _l(
            "This trip would break continuous presence: more than %(single)d days at once, or %(total)d in all"
        ),
        "legal.choose_filing": _l("Choose a filing of this matter"),
        "legal.choose_forms": _l("Choose the forms that were sent"),
        "legal.choose_paper": _l("Choose which paper"),
        "legal.choose_papers": _l("Choose from the papers on the list"),
        "legal.choose_notice": _l("Choose the kind of notice"),
        "legal.day_is_over": _l("This day is over already"),
        "legal.look_after_a_night": _l("Nobody else can look at it, so look again yourself tomorrow"),
        "legal.look_by_another": _l("You set this date yourself. Somebody else has to look at it"),
        "legal.not_come_yet": _l("This day has not come yet"),
        "legal.not_missed_yet": _l("This day is not over: nothing is missed yet"),
        "legal.received_before_printed": _l("It cannot have come before the date printed on it"),
        "legal.same_day": _l("This is the day that stands already"),
        "legal.say_ground": _l("Say on which ground there is no fee"),
        "legal.say_what_happened": _l("Say how it came about"),
        "legal.say_what_was_done": _l("Say what was done about it"),
        "legal.time": _l("Write a time such as 8:30"),
        "legal.say_why": _l("Say in a few words why"),
    }
)


def matter_words(code: str) -> str:
    """The short name of a type: its class where it has one, such as T-1."""
    try:
        kind = matter_type(code)
    except Broken:
        return code
    return kind.classification or gettext(kind.label)


def notice_words(code: str) -> str:
    try:
        label = picklists()["notice_types"].choice(code).label
    except KeyError:
        return code
    return gettext(label)


def form_words(kind: MatterType, key: str) -> str:
    """ "I-914, Application for T status"; a form that the type no longer lists by its number alone."""
    for form in kind.forms:
        if form_key(form.code, form.category) == key:
            return f"{key}, {gettext(form.label)}"
    return key


def date_words(view: DateView) -> str:
    """What has to happen on this day."""
    if view.rule is not None:
        return gettext(view.rule.label)
    if view.visit is not None and view.visit.what:
        return labelled(VISITS, view.visit.what)
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
    parts = [f"{rule.count} {labelled(UNITS, rule.unit)}"]
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


def relation_words(value: str) -> str:
    return labelled(RELATIONS, value)


def kin_stages_on_offer(kind: MatterType) -> list[tuple[str, str]]:
    return [(stage.code, gettext(stage.label)) for stage in kin_stages(kind)]


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
    relation_words,
    address_words,
    brief_working,
    came_words,
    clock_words,
    date_words,
    fee_words,
    form_words,
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
