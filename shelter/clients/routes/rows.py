"""Rows for the macros: what the person page, the intake, the read-back and paper show, question by question."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shelter.clients import queries
from shelter.clients.parts import Part, Progress
from shelter.clients.words import (
    CHANNELS,
    age_words,
    channel_line,
    contact_state,
    language_words,
)
from shelter.rules.contact import State
from shelter.settings.words import choice_words
from shelter.web.asked import SKIP_REASONS
from shelter.web.times import day_full, moment

Row = dict[str, Any]
PARTS: dict[str, Any] = {
    Part.FIRST: _l("First meeting"),
    Part.NAMES: _l("Names"),
    Part.BIRTH: _l("Age and, for a child, who may agree"),
    Part.CONTACT: _l("Safe contact"),
    Part.HOUSEHOLD: _l("Who came with her"),
    Part.REFERRAL: _l("Who told her about us"),
    Part.DANGERS: _l("Who endangers her"),
    Part.NUMBERS: _l("Numbers on papers"),
    Part.READBACK: _l("Read back together"),
}
_STATES: dict[str, Any] = {
    Progress.NOT_STARTED: _l("Not started"),
    Progress.IN_PART: _l("In part"),
    Progress.DONE: _l("Done"),
    Progress.LATER: _l("Left for later"),
}
_PLACES = {
    Part.CONTACT: "clients.contact",
    Part.HOUSEHOLD: "clients.household",
    Part.DANGERS: "clients.dangers",
    Part.READBACK: "clients.readback",
}


def part_title(part: str) -> str:
    return str(PARTS[part])


def step_items(card: Any, steps: list[Any]) -> list[Row]:
    """The parts of the intake with plain states; done is plain, nothing shouts."""
    return [
        {
            "label": PARTS[step.part],
            "url": _place(card.code, step.part),
            "state": _STATES[step.state],
            "done": step.state == Progress.DONE,
        }
        for step in steps
    ]


def _place(code: str, part: Part) -> str:
    if part in _PLACES:
        return url_for(_PLACES[part], code=code)
    return url_for("clients.part", code=code, part=part.value)


def channel_items(card: Any, channels: Mapping[str, Any], rules: Mapping[str, Any]) -> list[Row]:
    """Her ways of being reached, each with its state today."""
    items = []
    for channel, words in channels.items():
        line = rules.get(channel)
        items.append(
            {
                "label": words,
                "url": url_for("clients.channel", code=card.code, channel=channel),
                "state": contact_state(line),
                "done": line is not None and line.state in (State.FRESH, State.NEVER),
                "look": line is not None and line.state == State.STALE,
            }
        )
    return items


def _row(label: Any, value: str, skipped: str | None = None, change: str = "") -> Row:
    reason = next((str(words) for key, words in SKIP_REASONS if key == skipped), "")
    return {"label": label, "value": value, "person": True, "skipped": "" if value else reason, "change": change}


def overview_rows(overview: Any) -> list[Row]:
    """What the record says without a reveal."""
    identity, card = overview.identity, overview.card
    skipped = identity.skipped
    return [
        _row(_("Pronouns"), card.pronouns),
        _row(_("Languages"), language_words(card.languages)),
        _row(_("Age"), age_words(card.age), skipped.get("birth")),
        _row(_("Who told her about us"), _referral(identity), skipped.get("referral_source")),
    ]


def _referral(identity: Any) -> str:
    words = (choice_words("referral_source", identity.referral_source), identity.referral_note)
    return ", ".join(word for word in words if word)


def revealed_rows(identity: Any, what: str) -> list[Row]:
    """What a reveal shows: the names and the A-number, or the one masked number."""
    if what == "ssn":
        number = identity.ssn
        return [_row(_("Social Security number"), f"{number[:3]}-{number[3:5]}-{number[5:]}" if number else "")]
    return [*_names(identity), _a_number(identity)]


def _names(identity: Any) -> list[Row]:
    return [
        _row(_("Name on her papers"), identity.legal_name, identity.skipped.get("legal_name")),
        _row(_("Other names"), ", ".join(identity.aliases), identity.skipped.get("aliases")),
    ]


def _a_number(identity: Any) -> Row:
    return _row(_("A-number"), identity.a_number, identity.skipped.get("a_number"))


def record_rows(record: Any, code: str) -> list[tuple[str, list[Row]]]:
    """All of identity and desk card by part, with ways to change each where a code is given."""

    def change(part: Part) -> str:
        return _place(code, part) if code else ""

    return [
        (str(PARTS[Part.FIRST]), _first_rows(record, change(Part.FIRST))),
        (str(PARTS[Part.NAMES]), _shown(_names(record.identity), change(Part.NAMES))),
        (str(PARTS[Part.BIRTH]), _birth_rows(record, change(Part.BIRTH))),
        (str(PARTS[Part.CONTACT]), _contact_rows(record, change(Part.CONTACT))),
        (str(PARTS[Part.REFERRAL]), [_referral_row(record, change(Part.REFERRAL))]),
        (str(PARTS[Part.DANGERS]), _danger_rows(record, change(Part.DANGERS))),
        (str(PARTS[Part.NUMBERS]), _shown([_a_number(record.identity)], change(Part.NUMBERS))),
    ]


def _first_rows(record: Any, change: str) -> list[Row]:
    desk, identity = record.desk, record.identity
    return [
        _row(_("Called"), desk.working_name or identity.working_name, None, change),
        _row(_("Pronouns"), desk.pronouns or identity.pronouns, None, change),
        _row(_("Languages"), language_words(desk.languages or identity.languages), None, change),
        _row(_("Room"), ", ".join(choice_words("bed_needs", need) for need in desk.room_needs), None, change),
        _row(_("Allergies"), desk.allergies, None, change),
    ]


def _shown(rows: list[Row], change: str) -> list[Row]:
    """On paper only what is there; on the screen also what could be said still."""
    return [row | {"change": change} for row in rows if row["value"] or change]


def _birth_rows(record: Any, change: str) -> list[Row]:
    birth, identity = record.identity.birth, record.identity
    numbers = [f"{part:02d}" for part in (birth.year, birth.month, birth.day) if part]
    words = "-".join(numbers)
    told = _("about %(date)s", date=words) if words and birth.precision != "exact" else words
    consent = (choice_words("minor_consent", identity.minor_consent), identity.minor_consent_note)
    return [
        _row(_("Born"), told, identity.skipped.get("birth"), change),
        _row(_("May consent for a minor"), ", ".join(one for one in consent if one), None, change),
    ]


def _contact_rows(record: Any, change: str) -> list[Row]:
    return [
        _row(CHANNELS.get(rule.channel, rule.channel), channel_line(rule.channel, line), None, change)
        for rule, line in record.channels
    ]


def _referral_row(record: Any, change: str) -> Row:
    skipped = record.identity.skipped.get("referral_source")
    return _row(_("Who told her about us"), _referral(record.identity), skipped, change)


def _danger_rows(record: Any, change: str) -> list[Row]:
    return [
        _row(
            ", ".join(danger.names) or _("no name"),
            ", ".join(
                word
                for word in (
                    *danger.aliases,
                    choice_words("relationship_of_danger", danger.relationship),
                    danger.description,
                    danger.vehicle,
                    choice_words("order_in_force", danger.order_in_force),
                )
                if word
            ),
            None,
            change,
        )
        for danger in record.identity.dangers
    ]


def own_rows(record: Any) -> list[Row]:
    """What her own copy says beside the parts of the record: her numbers, and all that was said of ways and dangers."""
    identity = record.identity
    known = [
        (_("Social Security number"), _("It is kept; a page of its own shows it to her.") if identity.ssn else ""),
        (
            _("Who she is to the head of the household"),
            choice_words("relationship_to_head", identity.relationship_to_head),
        ),
        (_("Number in HMIS"), identity.hmis_personal_id),
        (_("What the desk sees at once"), ", ".join(choice_words("desk_alerts", one) for one in record.desk.alerts)),
        (_("First met"), day_full(identity.since)),
        *((CHANNELS.get(rule.channel, rule.channel), _way(rule)) for rule in identity.contact),
        *((", ".join(one.names) or _("no name"), _what_to_do(one)) for one in identity.dangers),
        (_("Left open"), _reasons(identity.skipped)),
    ]
    return [_row(label, words) for label, words in known if words]


def _way(rule: Any) -> str:
    return queries.one_line(
        rule.value,
        (_("Code word"), rule.code_word),
        (_("Language"), rule.language),
        (_("Who shares it"), rule.shared_with),
        _reasons({"": rule.skipped}),
    )


def _what_to_do(danger: Any) -> str:
    return queries.one_line(choice_words("door_alert_response", danger.respond), _reasons(danger.skipped))


def _reasons(skipped: Mapping[str, str]) -> str:
    """Why questions were left open, each reason once."""
    known = dict(SKIP_REASONS)
    return ", ".join(dict.fromkeys(str(known.get(why, why)) for why in skipped.values() if why))


def events_in_words(events: list[Any]) -> list[Row]:
    """Events as the timeline macro reads them."""
    return [
        {
            "title": event.title,
            "by": event.by,
            "at": moment(event.at),
            "at_iso": event.at.isoformat(),
            "kind": event.kind,
            "text": event.text,
        }
        for event in events
    ]


GLOBALS = (
    channel_items,
    events_in_words,
    overview_rows,
    own_rows,
    part_title,
    record_rows,
    revealed_rows,
    step_items,
)
