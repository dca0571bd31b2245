"""An agency's own services, words, mappings and funds over the shipped list; every version is kept.

A version holds from its day on, over every version before it: an entry is counted by what holds on its own day.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

import msgspec
from msgspec.structs import replace

from shelter.rules.broken import Broken
from shelter.rules.picklists import picklists
from shelter.rules.services import Counted, Fund, Funder, ServiceBook, ServiceType

OWN = "own_"
"""Before the codes of services and funds that the agency added."""
MOST_LABEL = 120
MOST_WHY = 200
MOST_DOLLARS = 100_000


class OwnService(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One version of a service. `labels` are the agency's words by language (none: as shipped), `counts` the line of
    each funder that counts it from `effective_from` on; `why` says why it counts for days that have passed.
    """

    code: str
    labels: Mapping[str, str] = {}
    area: str
    legal: bool = False
    group: bool = False
    retired: bool = False
    counts: Mapping[str, str] = {}
    effective_from: date
    why: str = ""


class OwnFund(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One version of a fund; `limits` are whole dollars for one person in a year, and over which somebody is asked.
    None for a shipped fund, whose limits are numbers of the settings.
    """

    code: str
    labels: Mapping[str, str] = {}
    needs: tuple[str, ...]
    limits: tuple[int, int] | None = None
    retired: bool = False


def overlaid(book: ServiceBook, services: Sequence[OwnService], funds: Sequence[OwnFund]) -> ServiceBook:
    """The book as it holds here; versions come in the order in which they were made."""
    listed = dict(book.services)
    for one in services:
        listed[one.code] = _service(book.services.get(one.code), one)
    purses = dict(book.funds)
    for fund in funds:
        purses[fund.code] = _fund(book.funds.get(fund.code), fund)
    funders = {code: _mapped(funder, services) for code, funder in book.funders.items()}
    return ServiceBook(listed, book.areas, purses, funders)


def _service(shipped: ServiceType | None, own: OwnService) -> ServiceType:
    if shipped is not None:
        return replace(shipped, labels=own.labels, retired=own.retired)
    return ServiceType(
        code=own.code,
        label=next(iter(own.labels.values()), own.code),
        area=own.area,
        legal=own.legal,
        group=own.group,
        labels=own.labels,
        retired=own.retired,
    )


def _fund(shipped: Fund | None, own: OwnFund) -> Fund:
    if shipped is not None:
        return replace(shipped, labels=own.labels, needs=own.needs, retired=own.retired)
    label = next(iter(own.labels.values()), own.code)
    return Fund(code=own.code, label=label, needs=own.needs, limits=own.limits, labels=own.labels, retired=own.retired)


def _mapped(funder: Funder, services: Sequence[OwnService]) -> Funder:
    """The same lines, cut into versions where a mapping of the agency's begins."""
    days = {one.effective_from for one in services}
    return replace(funder, version=tuple(_parts(funder, days, services))) if days else funder


def _parts(funder: Funder, days: Iterable[date], services: Sequence[OwnService]) -> Iterable[Counted]:
    for version in funder.version:
        cuts = [version.effective_from, *sorted(day for day in days if _inside(version, day))]
        for begins, ends in pairwise([*cuts, None]):
            until = version.effective_until if ends is None else ends - timedelta(days=1)
            yield _over(version, begins or version.effective_from, until, funder.code, services)


def _inside(version: Counted, day: date) -> bool:
    return day > version.effective_from and version.holds_on(day)


def _over(version: Counted, begins: date, until: date | None, funder: str, services: Sequence[OwnService]) -> Counted:
    counts = dict(version.counts)
    holding = [one for one in services if one.effective_from <= begins]
    for one in holding:
        counts.pop(one.code, None)
        if (line := one.counts.get(funder, "")) in version.lines:
            counts[one.code] = line
    own = frozenset(one.code for one in holding if counts.get(one.code) != version.counts.get(one.code))
    return replace(version, effective_from=begins, effective_until=until, counts=counts, own=own)


def require_service(book: ServiceBook, one: OwnService, today: date) -> None:
    """Raises Broken beside the field: no name, no such area or line, or days that have passed without a reason.

    `book` is what holds without it.
    """
    known = one.code in book.services
    if not known and not any(one.labels.values()):
        raise Broken("services.name-it", field="label_en")
    _require_another_name(one, book.services)
    if one.area not in book.areas:
        raise Broken("services.unknown-area", field="area")
    for funder, line in one.counts.items():
        if funder not in book.funders:
            raise Broken("services.unknown-line")
        if line not in _lines_on(book.funders[funder], one.effective_from):
            raise Broken("services.unknown-line", field=f"line_{funder}")
    if known and one.effective_from < today and not one.why and _changes(book, one):
        raise Broken("services.why-earlier", field="why")


def require_fund(book: ServiceBook, one: OwnFund) -> None:
    """Raises Broken beside the field."""
    if one.code not in book.funds and not any(one.labels.values()):
        raise Broken("services.name-it", field="label_en")
    _require_another_name(one, book.funds)
    if not one.needs or not set(one.needs) <= {choice.code for choice in picklists()["money_needs"].choices}:
        raise Broken("services.say-what-for", field="needs")
    shipped = bool(book.funds[one.code].per_person_a_year) if one.code in book.funds else False
    if shipped != (one.limits is None):
        raise Broken("services.say-limits", field="a_year")
    if one.limits is not None and not 0 <= one.limits[1] <= one.limits[0] <= MOST_DOLLARS:
        raise Broken("services.limits-order", field="approval_over")


def lines_on(book: ServiceBook, funder: str, day: date) -> Mapping[str, str]:
    """The lines of a funder on a day; of its latest version where none holds yet."""
    return _lines_on(book.funders[funder], day)


def _lines_on(funder: Funder, day: date) -> Mapping[str, str]:
    return (funder.on(day) or max(funder.version, key=lambda one: one.effective_from)).lines


def _changes(book: ServiceBook, one: OwnService) -> bool:
    """Whether an entry of that day would be counted in another line than now."""
    for code, funder in book.funders.items():
        version = funder.on(one.effective_from)
        if version is not None and version.counts.get(one.code) != one.counts.get(code):
            return True
    return False


def _require_another_name(one: OwnService | OwnFund, known: Mapping[str, ServiceType] | Mapping[str, Fund]) -> None:
    """Two services with one name could not be told apart in a list."""
    others = [other for code, other in known.items() if code != one.code and not other.retired]
    taken = {name.casefold() for other in others for name in (*other.labels.values(), other.label)}
    for language, name in one.labels.items():
        if name.casefold() in taken:
            raise Broken("services.name-taken", field=f"label_{language}")
