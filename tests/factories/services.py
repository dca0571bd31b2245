"""Services and money of a world, and the facts that were told of them."""

from datetime import date

from shelter.clients.queries import agency_today
from shelter.db.inbox import Fact
from shelter.reports import ledger
from shelter.services import actions, queries
from shelter.services.actions import AskMoney, EnterService
from shelter.services.queries import Given
from tests.factories.agency import World


def enter(
    world: World,
    *codes: str,
    what: str = "case_management",
    who: str = "caseworker",
    on: date | None = None,
    **more: object,
) -> list[bytes]:
    command = EnterService(codes, what, on or agency_today(), **more)  # type: ignore[arg-type]
    return actions.enter(world.actor(who), command)


def hers(world: World, code: str, who: str = "caseworker") -> list[Given]:
    return list(queries.given_to(world.actor(who), code).services)


def told(world: World, what: str) -> list[Fact]:
    """What the ledger has of one kind, as the director opens it."""
    return [fact for fact in ledger.current(world.actor("director")) if fact.what == what]


def ask(world: World, code: str, dollars: int, who: str = "caseworker", fund: str = "emergency") -> bytes:
    return actions.ask_money(world.actor(who), AskMoney(code, fund, "food", dollars * 100))
