"""The agency's own wording and choices, read over the shipped ones."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from shelter.db import db
from shelter.db.agency import SITE_HOUSE, Site, SiteHouse, the_agency
from shelter.db.errors import Missing
from shelter.db.sections import open_section
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.limits import Limit, limits
from shelter.rules.picklists import picklists, purposes
from shelter.settings.history import LANGUAGE
from shelter.settings.models import FieldSetting, FieldShown, LimitSetting, ListVersion, PickSetting

SHOWN, REQUIRED, HIDDEN = "shown", "required", "hidden"
CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,59}")
"""A value's code as it may stand in a record."""
_LIMITS = "shelter_limits"


@dataclass(frozen=True, slots=True)
class FieldWords:
    """A question: `own_*` are the agency's texts in one language, empty where the shipped ones hold."""

    field: str
    question: str
    why_we_ask: str
    who_will_see: str
    own_question: str = ""
    own_why: str = ""
    how: str = SHOWN
    version: int = 0


@dataclass(frozen=True, slots=True)
class OwnPick:
    """What an agency made of a value: its label (empty: the shipped one), whether it is hidden, its version."""

    label: str = ""
    hidden: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class PickWords:
    """A value of a list: the shipped label and hint, and what the agency made of them."""

    code: str
    label: str
    hint: str = ""
    own: OwnPick = OwnPick()
    shipped: bool = True


@dataclass(frozen=True, slots=True)
class SiteView:
    id: bytes
    code_name: str
    zone: str
    night_begins: int
    open_to_caseworkers: bool
    house_version: int
    house: SiteHouse


def fields(language: str) -> dict[str, FieldWords]:
    """Every question of the shipped intake, with what this agency made of it."""
    own = {row.field: row for row in db.session.scalars(select(FieldSetting).where(FieldSetting.language == language))}
    shown = {row.field: row for row in db.session.scalars(select(FieldShown))}
    return {
        name: FieldWords(
            field=name,
            question=purpose.question,
            why_we_ask=purpose.why_we_ask,
            who_will_see=purpose.who_will_see,
            own_question=own[name].question if name in own else "",
            own_why=own[name].why_we_ask if name in own else "",
            how=shown[name].how if name in shown else (HIDDEN if purpose.starts_off else SHOWN),
            version=own[name].version if name in own else 0,
        )
        for name, purpose in purposes().items()
    }


def is_asked(name: str) -> bool:
    """Whether this agency asks the question at all; KeyError for a field nobody knows."""
    starts_off = purposes()[name].starts_off
    row = db.session.get(FieldShown, name)
    return row.how != HIDDEN if row else not starts_off


def field(name: str, language: str) -> FieldWords:
    """One question; `Missing` for a field nobody asks."""
    try:
        return fields(language)[name]
    except KeyError:
        raise Missing from None


def picks(name: str, language: str, *, with_hidden: bool = False) -> list[PickWords]:
    """The values of a pick list in their order, the agency's own after the shipped ones; `Missing` for no list."""
    if name not in picklists():
        raise Missing
    return _worded(name, own_picks(language).get(name, {}), with_hidden)


def own_picks(language: str) -> dict[str, dict[str, OwnPick]]:
    """What the agency made of the lists, by list and code; a value worded in another language only has that label."""
    found: dict[str, dict[str, OwnPick]] = {}
    for row in db.session.scalars(select(PickSetting)):
        before = found.setdefault(row.picklist, {}).get(row.code, OwnPick())
        best = row.label if row.label and (row.language == language or not before.label) else before.label
        mine = row.version if row.language == language else before.version
        found[row.picklist][row.code] = OwnPick(best, row.hidden or before.hidden, mine)
    return found


def worded(name: str, own: Mapping[str, OwnPick]) -> list[PickWords]:
    """The values on offer, given what the agency made of this list."""
    return _worded(name, own, with_hidden=False)


def _worded(name: str, own: Mapping[str, OwnPick], with_hidden: bool) -> list[PickWords]:
    nothing = OwnPick()
    values = [PickWords(one.code, one.label, one.hint, own.get(one.code, nothing)) for one in picklists()[name].choices]
    known = {one.code for one in values}
    values += [PickWords(code, one.label, "", one, False) for code, one in sorted(own.items()) if code not in known]
    return [one for one in values if with_hidden or not one.own.hidden]


_OWN_LIMITS = select(LimitSetting.code, LimitSetting.value)


def limit(code: str) -> int:
    """The number this agency set, else the shipped one; KeyError for a limit nobody knows. Read once a request."""
    own = db.session.info.get(_LIMITS)
    if own is None:
        own = db.session.info[_LIMITS] = {row.code: row.value for row in db.session.execute(_OWN_LIMITS)}
    return int(own.get(code, limits()[code].default))


def limits_changed() -> None:
    """Forget what this request has read."""
    db.session.info.pop(_LIMITS, None)


@dataclass(frozen=True, slots=True)
class LimitView:
    """A limit as it stands: the shipped one, and what the agency made of it."""

    limit: Limit
    value: int
    version: int


def limit_views() -> list[LimitView]:
    """Every limit in the order of the file."""
    own = {row.code: row for row in db.session.scalars(select(LimitSetting))}
    return [_limit(one, own.get(one.code)) for one in limits().values()]


def limit_view(code: str) -> LimitView:
    """One limit; `Missing` for one that nobody knows."""
    if code not in limits():
        raise Missing
    return _limit(limits()[code], db.session.get(LimitSetting, code))


def _limit(shipped: Limit, row: LimitSetting | None) -> LimitView:
    return LimitView(shipped, row.value if row else shipped.default, row.version if row else 0)


def agency_zone() -> str:
    """The zone a new site begins with."""
    agency = the_agency()
    return agency.zone if agency else "UTC"


def sites(actor: Actor) -> list[SiteView]:
    """Every site with its sealed house data, for the administrator."""
    require(actor, Act.SETTINGS_MANAGE)
    return [_site(actor, row) for row in db.session.scalars(select(Site).order_by(Site.code_name))]


def site(actor: Actor, site_id: bytes) -> SiteView:
    require(actor, Act.SETTINGS_MANAGE)
    row = db.session.get(Site, site_id)
    if row is None:
        raise Missing
    return _site(actor, row)


def _site(actor: Actor, row: Site) -> SiteView:
    return SiteView(
        id=row.id,
        code_name=row.code_name,
        zone=row.zone,
        night_begins=row.night_begins,
        open_to_caseworkers=row.open_to_caseworkers,
        house_version=row.house_version,
        house=open_section(actor, row, SITE_HOUSE) or SiteHouse(),
    )


# -- languages ----------------------------------------------------------------

SHIPPED = ("en", "es")
OFFERED = "offered"
KNOWN_FOR = 10.0
"""Seconds for which a process goes by what it has read: a change is on every page of every host after them."""


class Languages(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`default` is one of those offered."""

    offered: tuple[str, ...] = SHIPPED
    default: str = SHIPPED[0]


@dataclass(slots=True)
class _Known:
    at: float
    said: Languages


_known: dict[str, _Known] = {}
"""By database; it only saves asking again and may be lost at any time."""
_NEWEST = (
    select(ListVersion.text)
    .where(ListVersion.kind == LANGUAGE, ListVersion.code == OFFERED)
    .order_by(ListVersion.number.desc())
    .limit(1)
)


def languages() -> Languages:
    """What holds; all that are shipped where nothing was decided, or while the database is away."""
    place = str(db.engine.url)
    known = _known.get(place)
    if known is None or time.monotonic() - known.at > KNOWN_FOR:
        known = _known[place] = _Known(time.monotonic(), _read())
    return known.said


def _read() -> Languages:
    """On a connection of its own: an error page asks too, when this request's has failed."""
    try:
        with db.engine.connect() as connection:
            text = connection.execute(_NEWEST).scalar()
    except DBAPIError:
        return Languages()
    return msgspec.json.decode(text, type=Languages) if text else Languages()


def languages_changed() -> None:
    """Forget what this process has read."""
    _known.pop(str(db.engine.url), None)


def require_languages(wanted: Languages) -> Languages:
    """In the order they are shipped in. Raises `Broken` where none is left, or the default is not among them."""
    offered = tuple(one for one in SHIPPED if one in wanted.offered)
    if not offered or set(wanted.offered) - set(SHIPPED):
        raise Broken("settings.no-language", "offered")
    if wanted.default not in offered:
        raise Broken("settings.language-not-offered", "default")
    return Languages(offered=offered, default=wanted.default)
