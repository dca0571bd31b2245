"""The list of services and the funds as this agency has them: its own versions over the shipped list.

A version is a row that is never changed; what holds is found from all of them.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Generic, TypeVar

import msgspec
from msgspec.structs import replace
from sqlalchemy import func, select

from shelter.accounts.queries import names_of
from shelter.db import db
from shelter.db.agency import the_agency
from shelter.db.errors import Conflict, Missing
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules import services as shipped
from shelter.rules import sitetime
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.matters.lines import code_of
from shelter.rules.services import ServiceBook
from shelter.rules.services.own import MOST_LABEL, OWN, OwnFund, OwnService, overlaid, require_fund, require_service
from shelter.settings.history import add_row
from shelter.settings.models import ListVersion
from shelter.settings.queries import CODE
from shelter.trail.record import recorded

_BOOK = "shelter_service_list"
_LISTED = (
    select(ListVersion.kind, ListVersion.text)
    .where(ListVersion.kind.in_(("service", "fund")))
    .order_by(ListVersion.number)
)
Own = TypeVar("Own", OwnService, OwnFund)


@dataclass(frozen=True, slots=True)
class Version(Generic[Own]):
    """One version that somebody of this agency made; a form made from it carries its number."""

    number: int
    text: Own
    by: str
    at: datetime


def service_list() -> ServiceBook:
    """What holds here. Read once a request."""
    found: ServiceBook | None = db.session.info.get(_BOOK)
    if found is None:
        rows = db.session.execute(_LISTED).all()
        texts = {kind: tuple(row.text for row in rows if row.kind == kind) for kind in ("service", "fund")}
        found = db.session.info[_BOOK] = _over(texts["service"], texts["fund"])
    return found


@lru_cache(maxsize=4)
def _over(services: tuple[str, ...], funds: tuple[str, ...]) -> ServiceBook:
    read_services = [msgspec.json.decode(text, type=OwnService) for text in services]
    read_funds = [msgspec.json.decode(text, type=OwnFund) for text in funds]
    return overlaid(shipped.service_book(), read_services, read_funds)


def list_changed() -> None:
    """Forget what this request has read."""
    db.session.info.pop(_BOOK, None)


def service_versions(actor: Actor, code: str) -> list[Version[OwnService]]:
    """Every version that this agency made of a service, the latest first. `Missing` for one that is not listed."""
    require(actor, Act.SETTINGS_MANAGE)
    if code not in service_list().services:
        raise Missing
    return _versions(actor, "service", code, OwnService)


def fund_versions(actor: Actor, code: str) -> list[Version[OwnFund]]:
    require(actor, Act.SETTINGS_MANAGE)
    if code not in service_list().funds:
        raise Missing
    return _versions(actor, "fund", code, OwnFund)


def _versions(actor: Actor, kind: str, code: str, struct: type[Own]) -> list[Version[Own]]:
    query = select(ListVersion).where(ListVersion.kind == kind, ListVersion.code == code)
    rows = db.session.scalars(query.order_by(ListVersion.number.desc())).all()
    names = names_of(actor, {row.made_by for row in rows})
    return [
        Version(row.number, msgspec.json.decode(row.text, type=struct), names.get(row.made_by, ""), row.made_at)
        for row in rows
    ]


def in_order(kind: str, struct: type[Own]) -> list[Own]:
    """Every version of the services or the funds, by code and then as they were made."""
    query = select(ListVersion.text).where(ListVersion.kind == kind).order_by(ListVersion.code, ListVersion.number)
    return [msgspec.json.decode(text, type=struct) for text in db.session.scalars(query)]


def not_here(listed: Sequence[Own]) -> list[Own]:
    """Of the versions in a file those that are none yet: what is here keeps its place, the rest comes behind it."""
    here, found = Counter(db.session.scalars(select(ListVersion.text))), []
    for one in listed:
        text = msgspec.json.encode(one).decode()
        if here[text]:
            here[text] -= 1
        else:
            found.append(one)
    return found


def fits(one: OwnService | OwnFund) -> bool:
    """Whether a version from elsewhere could stand here, whatever else does."""
    shipped_book = shipped.service_book()
    if not CODE.fullmatch(one.code) or any(len(label) > MOST_LABEL for label in one.labels.values()):
        return False
    try:
        if isinstance(one, OwnFund):
            require_fund(shipped_book, one)
        else:
            require_service(shipped_book, one, one.effective_from)
    except Broken:
        return False
    known = shipped_book.funds if isinstance(one, OwnFund) else shipped_book.services
    return one.code in known or one.code.startswith(OWN)


def keep_service(actor: Actor, one: OwnService, made_from: int) -> str:
    """A new version, or a new service where it has no code; its code. `made_from` is the number that the form showed,
    0 for the shipped one. Raises `Broken`, and `Conflict` where somebody was faster.
    """
    with recorded(actor, Act.SETTINGS_MANAGE) as unit:
        unit.clause = require(actor, Act.SETTINGS_MANAGE).clause
        one = _coded(one, service_list().services)
        require_service(service_list(), one, today())
        _require_latest("service", one.code, made_from)
        unit.detail = {"service": one.code}
        put(actor, one)
    list_changed()
    return one.code


def keep_fund(actor: Actor, one: OwnFund, made_from: int) -> str:
    """The same for a fund."""
    with recorded(actor, Act.SETTINGS_MANAGE) as unit:
        unit.clause = require(actor, Act.SETTINGS_MANAGE).clause
        one = _coded(one, service_list().funds)
        require_fund(service_list(), one)
        _require_latest("fund", one.code, made_from)
        unit.detail = {"fund": one.code}
        put(actor, one)
    list_changed()
    return one.code


def put(actor: Actor, one: OwnService | OwnFund) -> None:
    """One more row, in the caller's transaction."""
    kind = "fund" if isinstance(one, OwnFund) else "service"
    add_row(actor, kind, one.code, msgspec.json.encode(one).decode())


def _coded(one: Own, known: Collection[str]) -> Own:
    """With a code of its own, where it has none yet. `Missing` for a code that is not listed."""
    if one.code:
        if one.code not in known:
            raise Missing
        return one
    taken = {code.removeprefix(OWN) for code in known}
    return replace(one, code=f"{OWN}{code_of(next(iter(one.labels.values()), ''), taken)}")


def _require_latest(kind: str, code: str, made_from: int) -> None:
    latest = db.session.scalar(
        select(func.max(ListVersion.number)).where(ListVersion.kind == kind, ListVersion.code == code)
    )
    if (latest or 0) != made_from:
        raise Conflict("list_version", "text")


def today() -> date:
    """Today where the agency is."""
    agency = the_agency()
    return sitetime.today(now(), agency.zone if agency else "UTC")
