"""The words of beds and stays on screen; a state is always a word with a shape, never a colour alone."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from shelter.rules.nights import NightRule
from shelter.rules.wording import Step, render
from shelter.settings.words import choice_words
from shelter.stays.queries import BedNight, Correction, Counts, FreeBed, Leaving, Sleeper
from shelter.web import fields
from shelter.web.sentences import say
from shelter.web.times import day, moment

STATES: dict[str, tuple[str, Any, str]] = {
    "free": ("○", _l("free"), "calm"),
    "held": ("◔", _l("held"), "look"),
    "taken": ("●", _l("taken"), "plain"),
    "leave": ("◐", _l("on leave"), "plain"),
    "cleaning": ("△", _l("cleaning"), "look"),
    "out": ("✕", _l("not in use"), "stop"),
}
"""Shape, word and tone of each state of a bed."""

say(
    {
        "stays.bed_taken": _l("Bed %(bed)s was taken a moment ago. The board below shows how it is now."),
        "stays.some_bed_taken": _l("A bed was taken a moment ago. The board below shows how it is now."),
        "stays.bed_out": _l("This bed is not in use on that day. Choose another bed or another day"),
        "stays.bed_closes": _l("This bed will be closed while she sleeps here. Choose another one"),
        "stays.bed_in_use": _l("Somebody sleeps in this bed on these days. Move her first"),
        "stays.bed_twice": _l("Two people cannot have one bed. Choose a bed for each"),
        "stays.beds_for_all": _l("Choose one more bed for each person who comes with her (%(people)s)"),
        "stays.same_bed": _l("She sleeps in this bed already. Choose another one"),
        "stays.already_here": _l("She has a bed on that day already. Move her instead, or end that stay first"),
        "stays.too_far_ahead": _l("This day is more than %(days)s days ahead. Look at the year again"),
        "stays.too_long_ago": _l("This day is more than %(years)s years back. Look at the year again"),
        "stays.left_already": _l("She has left by then. Put the days right on her stay page, with a reason"),
        "stays.say_why": _l("Say in a few words why"),
        "stays.nothing_changed": _l("These are the days that stand there already"),
        "stays.arrived_after_move": _l("This day is after she moved to another bed"),
        "stays.arrival_elsewhere": _l("This is her first bed. The day she came is put right with the days of the stay"),
        "stays.move_out_of_order": _l(
            "This day is not between the beds before and after. Each keeps a night of its own"
        ),
        "stays.second_head": _l("This household has a head who is here. It can have one only"),
        "stays.not_here_to_join": _l("Nobody of that code is here now. Choose somebody who is, or leave it open"),
        "stays.exit_before_entry": _l("This day is before the day of arrival"),
        "stays.exit_before_move": _l("This day is before the last move. Choose that day or a later one"),
        "stays.move_before_row": _l("This day is before the day on which she came into the bed she has now"),
        "stays.move_after_exit": _l("She has left by that day"),
        "stays.away_both": _l("Say both the first night away and the day of coming back"),
        "stays.away_before_entry": _l("This night is before the day of arrival"),
        "stays.back_before_away": _l("Coming back is after the first night away"),
        "stays.back_passed": _l("This day has passed. Agreed nights that are over stay as they are"),
        "stays.out_ends_before": _l("The bed is ready again after the first day at the earliest"),
        "stays.too_late": _l("This is older than %(minutes)s minutes. Put it right instead"),
        "stays.changed_since": _l("Something changed since. Look at how it is now"),
        "stays.no_such_code": _l("No such code is open to you. Look at it again, or find the person by name first"),
    }
)


def bed_state(bed: BedNight) -> tuple[str, str, str]:
    """Shape, words and tone: `held` says for how long, `out` why and until when."""
    shape, word, tone = STATES[bed.state]
    words = str(word)
    if bed.state == "held":
        words = ngettext("held, %(num)d minute left", "held, %(num)d minutes left", bed.minutes_held)
    elif bed.state == "leave" and bed.sleeper and bed.sleeper.back_day:
        words = _("on leave until %(day)s", day=f"{day(bed.sleeper.back_day)} {bed.sleeper.back_by}".strip())
    elif bed.state == "out":
        words = _("not in use: %(reason)s", reason=choice_words("bed_out_reasons", bed.out_reason).lower())
    if bed.state == "free" and bed.next_day:
        words = _("free until %(day)s", day=day(bed.next_day))
    if bed.state in ("out", "cleaning") and bed.out_until:
        words = _("%(state)s, until %(day)s", state=words, day=day(bed.out_until))
    return shape, words, tone


def about_bed(bed: BedNight | FreeBed) -> str:
    """What kind of bed it is, where that is worth a word: bunk, ground floor."""
    kind = [] if bed.kind == "single" else [choice_words("bed_kinds", bed.kind)]
    return ", ".join([*kind, *(choice_words("bed_needs", code) for code in bed.offers)])


def bed_words(bed: FreeBed, several_sites: bool) -> str:
    """A bed in a list of choices: site where there are several, room, label, kind, whether it is held."""
    parts = [bed.site] if several_sites else []
    parts += [f"{bed.room}, {bed.label}", about_bed(bed), _("held") if bed.hold else ""]
    return " · ".join(part for part in parts if part)


def to_know(sleeper: Sleeper) -> list[str]:
    """Short words the desk needs at a glance: needs, alerts, allergies."""
    words = [choice_words("bed_needs", code) for code in sleeper.needs]
    words += [choice_words("desk_alerts", code) for code in sleeper.alerts]
    return words + ([_("Allergy: %(what)s", what=sleeper.allergies)] if sleeper.allergies else [])


def stay_words(sleeper: Sleeper) -> str:
    """Who came along and when she goes, in one line."""
    parts = []
    if sleeper.party > 1:
        parts.append(ngettext("family of %(num)d", "family of %(num)d", sleeper.party))
    if sleeper.until_day:
        parts.append(_("leaves %(day)s", day=day(sleeper.until_day)))
    elif sleeper.expected_exit:
        parts.append(_("due out %(day)s", day=day(sleeper.expected_exit)))
    return " · ".join(parts)


def bed_counts(counts: Counts) -> str:
    """18 of 24 taken · 6 free · 2 held · 1 cleaning."""
    taken = ngettext("%(taken)s of %(num)d taken", "%(taken)s of %(num)d taken", counts.beds, taken=counts.taken)
    parts = [taken, ngettext("%(num)d free", "%(num)d free", counts.free)]
    parts += [ngettext("%(num)d held", "%(num)d held", counts.held)] if counts.held else []
    parts += [ngettext("%(num)d cleaning", "%(num)d cleaning", counts.cleaning)] if counts.cleaning else []
    parts += [ngettext("%(num)d not in use", "%(num)d not in use", counts.out)] if counts.out else []
    return " · ".join(parts)


def next_day(known: date, days: int) -> date:
    """The day so many days after, or before."""
    return known + timedelta(days=days)


LEAVING_LISTS = {
    "destination": ("destinations", _l("Where she went")),
    "safety_plan": ("safety_plan_at_exit", _l("Safety plan looked at")),
    "safe_after": ("safe_after_exit", _l("Reaching her afterwards")),
    "exit_talk": ("exit_talks", _l("Talk about how it was here")),
    "keep": ("kept_files", _l("Her file")),
}
LEAVING_WORDS = {
    "reason": _l("Why, in her words"),
    "belongings": _l("Belongings"),
    "forwarding": _l("Mail goes to"),
}


def leaving_lines(leaving: Leaving) -> list[dict[str, Any]]:
    """How she left, as the lines of a summary; what was skipped says so."""
    skipped = dict(fields.SKIP_REASONS)
    lines = []
    for name, (picklist, label) in LEAVING_LISTS.items():
        words = choice_words(picklist, getattr(leaving, name)) if getattr(leaving, name) else ""
        lines.append((label, words or skipped.get(leaving.skipped.get(name, ""), "")))
    for name, label in LEAVING_WORDS.items():
        lines.append((label, getattr(leaving, name) or skipped.get(leaving.skipped.get(name, ""), "")))
    return [{"label": label, "value": words, "person": True} for label, words in lines if words]


def correction_words(one: Correction) -> str:
    """Put right 3 Nov 2026, 14:02: before, 1 Nov - 2 Nov."""
    if one.beds is not None:
        place = one.beds[0] or _("no bed given")
        return _(
            "Bed put right %(at)s; before: %(place)s from %(day)s.", at=moment(one.at), place=place, day=day(one.was[0])
        )
    was = f"{day(one.was[0])} - {day(one.was[1]) if one.was[1] else '…'}"
    if one.is_now is None:
        return _("%(at)s: these nights were taken out (%(was)s).", at=moment(one.at), was=was)
    return _("Days put right %(at)s; before: %(was)s.", at=moment(one.at), was=was)


def nights_words(nights: int) -> str:
    return ngettext("%(num)d night", "%(num)d nights", nights)


def nights_rule(rule: NightRule) -> str:
    return _(rule.label)


def nights_step(step: Step) -> str:
    """One line of the working of a count of nights."""
    return render(step, _, day)


GLOBALS = (
    about_bed,
    bed_state,
    bed_counts,
    correction_words,
    leaving_lines,
    next_day,
    nights_words,
    nights_rule,
    stay_words,
    nights_step,
    to_know,
)
