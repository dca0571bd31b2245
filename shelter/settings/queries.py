"""The agency's own wording and choices, read over the shipped ones."""

from dataclasses import dataclass

from sqlalchemy import select

from shelter.db import db
from shelter.db.agency import SITE_HOUSE, Site, SiteHouse, the_agency
from shelter.db.errors import Missing
from shelter.db.sections import open_section
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.picklists import picklists, purposes
from shelter.settings.models import FieldSetting, FieldShown, PickSetting

SHOWN, REQUIRED, HIDDEN = "shown", "required", "hidden"


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
class PickWords:
    """A value on offer: `own_label` is empty where the shipped label holds."""

    code: str
    label: str
    own_label: str = ""
    hidden: bool = False
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


def field(name: str, language: str) -> FieldWords:
    """One question; `Missing` for a field nobody asks."""
    try:
        return fields(language)[name]
    except KeyError:
        raise Missing from None


def picks(name: str, language: str, *, with_hidden: bool = False) -> list[PickWords]:
    """The values of a pick list in their order, the agency's own after the shipped ones."""
    if name not in picklists():
        raise Missing
    rows = db.session.scalars(
        select(PickSetting).where(PickSetting.picklist == name, PickSetting.language.in_((language, "")))
    )
    own: dict[str, PickSetting] = {}
    for row in sorted(rows, key=lambda one: one.language):
        own[row.code] = row
    shipped = [
        PickWords(choice.code, choice.label, *_own(own.get(choice.code))) for choice in picklists()[name].choices
    ]
    known = {one.code for one in shipped}
    added = [PickWords(code, row.label, row.label, row.hidden, False) for code, row in own.items() if code not in known]
    return [one for one in shipped + sorted(added, key=lambda one: one.code) if with_hidden or not one.hidden]


def _own(row: PickSetting | None) -> tuple[str, bool]:
    return (row.label, row.hidden) if row else ("", False)


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
