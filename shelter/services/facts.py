"""What reports may know: which service, in which month, how often and how long; counts of nobody; dollars of a fund.

Exact records have the day of a service: an age on that day, and whether somebody is new, hang on it. The words stay
where they were entered. The line of each funder is found from the code and the month when a report is
made, so that a new mapping needs no new entry.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from shelter.clients.models import Client
from shelter.db.inbox import Coded, emit
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.rules.coarse import in_month
from shelter.services.models import Assistance, CountText, MoneyText, NobodysCount, Service, ServiceText

Values = dict[str, str | int]


class Given(NamedTuple):
    """One entry as the ledgers hear of it: of whom, at which site she is, the row and the version of its section."""

    client: bytes
    site: bytes | None
    service: bytes
    version: int
    origin: Kind
    text: ServiceText


def given(actor: Actor, services: Iterable[tuple[Client, Service, Kind, ServiceText]]) -> None:
    """Tells both ledgers of services, in the caller's transaction, after each was sealed."""
    given_many(actor, [_given(*one) for one in services])


def given_many(actor: Actor, services: Iterable[Given]) -> None:
    """The same where many came in together."""
    told = [(of_service(one), one.text) for one in services]
    emit(actor, [coarse for coarse, _ in told])
    emit(actor, [_on_its_day(coarse, text) for coarse, text in told], into=Kind.EXACT)


def gone(actor: Actor, services: Iterable[tuple[bytes, bytes, Kind]]) -> None:
    """Both ledgers hear that entries (client, row, origin) of the first version are no more."""
    told = [
        Coded(
            client=client,
            table="service",
            row=row,
            section=origin.value,
            origin=origin,
            version=2,
            what="service",
            values={},
            deleted=True,
        )
        for client, row, origin in services
    ]
    for ledger in (Kind.FACTS, Kind.EXACT):
        emit(actor, told, into=ledger)


def _given(client: Client, service: Service, origin: Kind, text: ServiceText) -> Given:
    version = getattr(service, f"{origin.value}_version")
    return Given(client.id, client.site_id, service.id, version, origin, text)


def of_service(one: Given) -> Coded:
    text = one.text
    values = _when(one.site, text.on) | {
        "service": text.what,
        "times": text.times,
        "minutes": text.minutes or 0,
        "setting": "group" if text.session else "single",
        "fund": text.fund,
    }
    return Coded(
        client=one.client,
        table="service",
        row=one.service,
        section=one.origin.value,
        origin=one.origin,
        version=one.version,
        what="service",
        values={} if text.taken_back else values,
        deleted=text.taken_back is not None,
    )


def _on_its_day(coarse: Coded, text: ServiceText) -> Coded:
    """The same with its day instead of its month."""
    dated = {name: value for name, value in coarse.values.items() if name not in ("from", "until")}
    return replace(coarse, values={} if coarse.deleted else dated | {"day": text.on.isoformat()})


def counted(actor: Actor, row: NobodysCount, text: CountText) -> None:
    """A count has no person; it goes under a pseudonym of its own, which no other fact will ever have."""
    values = _when(row.site_id, text.on) | {
        "kind": text.kind,
        "times": text.times,
        "people": text.people,
        "minutes": text.minutes or 0,
        "flags": " ".join(text.flags),
        "about": text.about,
        "returned": text.returned,
        "safer": text.safer,
        "knows_more": text.knows_more,
    }
    if text.harm:
        values["harm"] = " ".join(text.harm)
    coded = Coded(
        client=row.id,
        table="nobodys_count",
        row=row.id,
        section="text",
        origin=Kind.SHELTER,
        version=row.text_version,
        what="count",
        values={} if text.taken_back else values,
        deleted=text.taken_back,
    )
    emit(actor, [coded])


def paid(actor: Actor, client: Client, row: Assistance, text: MoneyText) -> None:
    """Whole dollars, once they are paid."""
    values = _when(client.site_id, text.paid_on or text.on) | {
        "need": text.what,
        "fund": text.fund,
        "dollars": round(text.cents / 100),
    }
    coded = Coded(
        client=client.id,
        table="assistance",
        row=row.id,
        section="money",
        origin=Kind.ADVOCACY,
        version=row.money_version,
        what="money",
        values=values,
    )
    emit(actor, [coded])


def _when(site: bytes | None, day: date) -> Values:
    month = in_month(day)
    return {"site": site.hex() if site else "", "from": month, "until": month}
