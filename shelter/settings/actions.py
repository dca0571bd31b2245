"""Changing what the agency decides; each change is in the trail."""

from dataclasses import dataclass

from sqlalchemy import select

from shelter.db import db
from shelter.db.agency import SITE_HOUSE, Site, SiteHouse
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, save
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.limits import limits
from shelter.rules.picklists import picklists, purposes
from shelter.rules.sitetime import require_hour, zone_named
from shelter.settings import queries
from shelter.settings.history import FIELD, LANGUAGE, LIMIT, PICK, SITE, keep
from shelter.settings.models import FieldSetting, FieldShown, LimitSetting, PickSetting
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class WordField:
    field: str
    language: str
    question: str
    why_we_ask: str
    how: str
    version: int


@dataclass(frozen=True, slots=True)
class WordPick:
    picklist: str
    code: str
    language: str
    label: str
    hidden: bool
    version: int


@dataclass(frozen=True, slots=True)
class SetLimit:
    code: str
    value: int
    version: int


@dataclass(frozen=True, slots=True)
class ChangeSite:
    """`site` is None for a new one."""

    site: bytes | None
    code_name: str
    zone: str
    night_begins: int
    open_to_caseworkers: bool
    address: str
    phone: str
    directions: str
    version: int


def word_field(actor: Actor, command: WordField) -> None:
    """The agency's own words for a question. Raises `Conflict` where somebody was faster."""
    if command.field not in purposes():
        raise Missing
    with recorded(actor, Act.SETTINGS_MANAGE) as unit:
        require(actor, Act.SETTINGS_MANAGE)
        unit.detail = {"field": command.field}
        row = db.session.get(FieldSetting, (command.field, command.language), with_for_update=True)
        if (row.version if row else 0) != command.version:
            raise Conflict("field_setting", "words")
        if row is None:
            row = FieldSetting(field=command.field, language=command.language, version=0)
            db.session.add(row)
        row.question, row.why_we_ask = command.question, command.why_we_ask
        row.version += 1
        shown = db.session.get(FieldShown, command.field)
        if shown is None:
            db.session.add(FieldShown(field=command.field, how=command.how))
        else:
            shown.how = command.how
        words = {"language": command.language, "question": command.question, "why_we_ask": command.why_we_ask}
        keep(actor, FIELD, command.field, **words, how=command.how)


def word_pick(actor: Actor, command: WordPick) -> None:
    """Words, hides or adds a value of a pick list; hidden holds in every language.

    Raises `Broken` for a code that could not stand in a record or a new value without a label, `Conflict`.
    """
    if command.picklist not in picklists():
        raise Missing
    if not queries.CODE.fullmatch(command.code):
        raise Broken("settings.code", "code")
    shipped = {choice.code for choice in picklists()[command.picklist].choices}
    with recorded(actor, Act.SETTINGS_MANAGE) as unit:
        require(actor, Act.SETTINGS_MANAGE)
        unit.detail = {"picklist": command.picklist, "code": command.code}
        key = (command.picklist, command.code, command.language)
        row = db.session.get(PickSetting, key, with_for_update=True)
        if (row.version if row else 0) != command.version:
            raise Conflict("pick_setting", "words")
        others = db.session.scalars(select(PickSetting).filter_by(picklist=command.picklist, code=command.code)).all()
        if command.code not in shipped and not command.label and not any(one.label for one in others):
            raise Broken("settings.label", "label")
        for other in others:
            other.hidden = command.hidden
        if row is None:
            row = PickSetting(picklist=command.picklist, code=command.code, language=command.language, version=0)
            db.session.add(row)
        row.label, row.hidden = command.label, command.hidden
        row.version += 1
        words = {"value": command.code, "language": command.language, "label": command.label}
        keep(actor, PICK, command.picklist, **words, hidden=command.hidden)


def set_limit(actor: Actor, command: SetLimit) -> None:
    """A number of the agency's own. Raises `Broken` out of its range, `Conflict` where somebody was faster."""
    if command.code not in limits():
        raise Missing
    value = limits()[command.code].require(command.value)
    with recorded(actor, Act.SETTINGS_MANAGE) as unit:
        require(actor, Act.SETTINGS_MANAGE)
        unit.detail = {"limit": command.code}
        row = db.session.get(LimitSetting, command.code, with_for_update=True)
        if (row.version if row else 0) != command.version:
            raise Conflict("limit_setting", "value")
        if row is None:
            db.session.add(LimitSetting(code=command.code, value=value))
        else:
            row.value, row.version = value, row.version + 1
        keep(actor, LIMIT, command.code, value=value)
    queries.limits_changed()


def change_site(actor: Actor, command: ChangeSite) -> bytes:
    """A new site, or a changed one; its address is sealed for staff alone."""
    if not command.code_name:
        raise Broken("settings.site-needs-a-name", field="code_name")
    zone_named(command.zone)
    require_hour(command.night_begins)
    house = SiteHouse(address=command.address, phone=command.phone, directions=command.directions)
    with recorded(actor, Act.SETTINGS_MANAGE):
        require(actor, Act.SETTINGS_MANAGE)
        row = db.session.get(Site, command.site) if command.site else Site(code_name=command.code_name)
        if row is None:
            raise Missing
        row.code_name, row.zone, row.night_begins = command.code_name, command.zone, command.night_begins
        row.open_to_caseworkers = command.open_to_caseworkers
        if command.site is None:
            fill(actor, row, SITE_HOUSE, house)
            db.session.add(row)
        else:
            db.session.flush()
            save(actor, row, SITE_HOUSE, house, made_from=command.version)
        db.session.flush()
        plain = {"zone": row.zone, "night_begins": row.night_begins, "open_to_caseworkers": row.open_to_caseworkers}
        keep(actor, SITE, row.id.hex(), name=row.code_name, **plain, address_version=row.house_version)
    return row.id


def offer(actor: Actor, wanted: queries.Languages) -> None:
    """Decides it. Raises `Broken` as `require_languages` does."""
    wanted = queries.require_languages(wanted)
    with recorded(actor, Act.SETTINGS_MANAGE) as unit:
        unit.clause = require(actor, Act.SETTINGS_MANAGE).clause
        unit.detail = {"field": "languages"}
        put_languages(actor, wanted)
    queries.languages_changed()


def put_languages(actor: Actor, wanted: queries.Languages) -> None:
    """In the caller's transaction."""
    keep(actor, LANGUAGE, queries.OFFERED, offered=wanted.offered, default=wanted.default)
