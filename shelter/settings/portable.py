"""What an agency decided, as one file: taken out, and taken in over what is decided here. Nothing about a person in it.

Places stay out of it: their addresses are sealed and belong to one agency.
"""

from dataclasses import dataclass
from typing import Literal, TypeVar

import msgspec
from sqlalchemy import select

from shelter.db import db
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.limits import limits
from shelter.rules.picklists import picklists, purposes
from shelter.rules.services.own import OwnFund, OwnService
from shelter.settings import actions, queries, servicelist
from shelter.settings.history import FIELD, LIMIT, PICK, keep
from shelter.settings.models import FieldSetting, FieldShown, LimitSetting, PickSetting
from shelter.settings.queries import CODE, Languages, limits_changed
from shelter.trail.record import note_read, recorded

Row = TypeVar("Row")
How = Literal["shown", "required", "hidden"]
MOST_BYTES = 256 << 10


class Question(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The words of a question in one language."""

    field: str
    language: str
    question: str = ""
    why_we_ask: str = ""


class Value(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A value of a pick list in one language."""

    list: str
    code: str
    language: str
    label: str = ""
    hidden: bool = False


class Portable(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The whole file."""

    format: Literal[1] = 1
    questions: list[Question] = []
    asked: dict[str, How] = {}
    values: list[Value] = []
    limits: dict[str, int] = {}
    services: list[OwnService] = []
    funds: list[OwnFund] = []
    languages: Languages | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that taking the file in would change: `what` is question, asked, value, limit, languages,
    service or fund.
    """

    what: str
    name: str
    now: str
    then: str


def taken_out(actor: Actor) -> bytes:
    """The file, in a fixed order, so that two of them can be compared line by line."""
    require(actor, Act.SETTINGS_MANAGE)
    note_read(actor, Act.SETTINGS_MANAGE, [])
    return msgspec.json.format(msgspec.json.encode(_here()), indent=1) + b"\n"


def _here() -> Portable:
    queries.languages_changed()  # another process may have decided since this one asked
    rows = db.session.scalars(select(FieldSetting).order_by(FieldSetting.field, FieldSetting.language))
    shown = db.session.scalars(select(FieldShown).order_by(FieldShown.field))
    picks = db.session.scalars(select(PickSetting).order_by(PickSetting.picklist, PickSetting.code))
    return Portable(
        questions=[
            Question(field=one.field, language=one.language, question=one.question, why_we_ask=one.why_we_ask)
            for one in rows
        ],
        asked={one.field: msgspec.convert(one.how, How) for one in shown},
        values=[
            Value(list=one.picklist, code=one.code, language=one.language, label=one.label, hidden=one.hidden)
            for one in picks
        ],
        limits={one.code: one.value for one in db.session.scalars(select(LimitSetting).order_by(LimitSetting.code))},
        services=servicelist.in_order("service", OwnService),
        funds=servicelist.in_order("fund", OwnFund),
        languages=queries.languages(),
    )


def read(content: bytes) -> Portable:
    """What a file holds. Raises `Broken` with `settings.file`, naming the place, where it is none of ours."""
    if len(content) > MOST_BYTES:
        raise Broken("settings.file", "file", {"place": "$"})
    try:
        found = msgspec.json.decode(content, type=Portable)
    except msgspec.ValidationError as error:
        raise Broken(
            "settings.file", "file", {"place": str(error).partition(" - at `")[2].rstrip("`") or "$"}
        ) from None
    except msgspec.DecodeError:
        raise Broken("settings.file", "file", {"place": "$"}) from None
    _check(found)
    return found


def _check(found: Portable) -> None:
    """Every name must be known here, every number within its range, every text short enough for its column."""
    known, lists = purposes(), picklists()
    for place, one in enumerate(found.questions):
        _refuse_unless(one.field in known, f"$.questions[{place}].field")
        _refuse_unless(len(one.question) <= 300 and len(one.why_we_ask) <= 600, f"$.questions[{place}]")
        _refuse_unless(len(one.language) <= 5, f"$.questions[{place}].language")
    for place, value in enumerate(found.values):
        _refuse_unless(value.list in lists, f"$.values[{place}].list")
        _refuse_unless(bool(CODE.fullmatch(value.code)), f"$.values[{place}].code")
        _refuse_unless(len(value.label) <= 200 and len(value.language) <= 5, f"$.values[{place}]")
    for field in found.asked:
        _refuse_unless(field in known, f"$.asked.{field[:60]}")
    for code, number in found.limits.items():
        _refuse_unless(code in limits() and limits()[code].least <= number <= limits()[code].most, "$.limits")
    for place, service in enumerate(found.services):
        _refuse_unless(servicelist.fits(service), f"$.services[{place}]")
    if found.languages is not None:
        try:
            _refuse_unless(queries.require_languages(found.languages) == found.languages, "$.languages")
        except Broken:
            raise Broken("settings.file", "file", {"place": "$.languages"}) from None
    for place, fund in enumerate(found.funds):
        _refuse_unless(servicelist.fits(fund), f"$.funds[{place}]")


def _refuse_unless(right: bool, place: str) -> None:
    if not right:
        raise Broken("settings.file", "file", {"place": place})


def differences(actor: Actor, found: Portable) -> list[Difference]:
    """What taking the file in would change, before anything does; what the file does not name stays as it is."""
    require(actor, Act.SETTINGS_MANAGE)
    here = _here()
    now = {(one.field, one.language): f"{one.question} {one.why_we_ask}".strip() for one in here.questions}
    changes = [
        Difference("question", f"{one.field} ({one.language})", now.get((one.field, one.language), ""), then)
        for one in found.questions
        if (then := f"{one.question} {one.why_we_ask}".strip()) != now.get((one.field, one.language), "")
    ]
    changes += [
        Difference("asked", field, here.asked.get(field, "shown"), how)
        for field, how in found.asked.items()
        if how != here.asked.get(field, "shown")
    ]
    values = {(one.list, one.code, one.language): (one.label, one.hidden) for one in here.values}
    for value in found.values:
        before = values.get((value.list, value.code, value.language), ("", False))
        if before != (value.label, value.hidden):
            name = f"{value.list}: {value.code} ({value.language})"
            changes.append(Difference("value", name, _value(*before), _value(value.label, value.hidden)))
    for code, number in found.limits.items():
        current = here.limits.get(code, limits()[code].default)
        if number != current:
            changes.append(Difference("limit", code, str(current), str(number)))
    if found.languages is not None and found.languages != here.languages:
        changes.append(Difference("languages", "", _spoken(here.languages), _spoken(found.languages)))
    changes += [Difference("service", one.code, "", _version(one)) for one in servicelist.not_here(found.services)]
    changes += [Difference("fund", one.code, "", _version(one)) for one in servicelist.not_here(found.funds)]
    return changes


def _spoken(one: Languages | None) -> str:
    return f"{', '.join(one.offered)} ({one.default})" if one else ""


def _version(one: OwnService | OwnFund) -> str:
    """A version in one line, as it is written."""
    told = msgspec.to_builtins(one)
    return " ".join(f"{name}: {value}" for name, value in told.items() if name != "code" and value)


def _value(label: str, hidden: bool) -> str:
    return f"{label} (-)" if hidden else label


def take_in(actor: Actor, found: Portable) -> None:
    """Decides here what the file says, all of it or nothing; every row goes up by one version."""
    with recorded(actor, Act.SETTINGS_MANAGE) as unit:
        unit.clause = require(actor, Act.SETTINGS_MANAGE).clause
        unit.detail = {"taken_in": len(differences(actor, found))}
        for one in found.questions:
            row = db.session.get(FieldSetting, (one.field, one.language)) or _added(
                FieldSetting(field=one.field, language=one.language, version=0)
            )
            row.question, row.why_we_ask, row.version = one.question, one.why_we_ask, row.version + 1
            words = {"language": one.language, "question": one.question, "why_we_ask": one.why_we_ask}
            keep(actor, FIELD, one.field, **words)
        for field, how in found.asked.items():
            shown = db.session.get(FieldShown, field) or _added(FieldShown(field=field, version=0))
            shown.how, shown.version = how, shown.version + 1
            keep(actor, FIELD, field, how=how)
        for value in found.values:
            pick = db.session.get(PickSetting, (value.list, value.code, value.language)) or _added(
                PickSetting(picklist=value.list, code=value.code, language=value.language, version=0)
            )
            pick.label, pick.hidden, pick.version = value.label, value.hidden, pick.version + 1
            said = {"value": value.code, "language": value.language, "label": value.label}
            keep(actor, PICK, value.list, **said, hidden=value.hidden)
        for code, number in found.limits.items():
            limit = db.session.get(LimitSetting, code) or _added(LimitSetting(code=code, value=number, version=0))
            limit.value, limit.version = number, limit.version + 1
            keep(actor, LIMIT, code, value=number)
        for service in servicelist.not_here(found.services):
            servicelist.put(actor, service)
        for fund in servicelist.not_here(found.funds):
            servicelist.put(actor, fund)
        if found.languages is not None and found.languages != queries.languages():
            actions.put_languages(actor, found.languages)
    limits_changed()
    servicelist.list_changed()
    queries.languages_changed()


def _added(row: Row) -> Row:
    db.session.add(row)
    return row
