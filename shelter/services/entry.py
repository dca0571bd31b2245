"""What is entered: the command, what holds of every entry, and its words. Asks nobody and writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shelter.clients.models import Client
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.services.timing import Oddity
from shelter.services.models import ServiceText
from shelter.services.queries.given import oddities
from shelter.settings.servicelist import service_list

MOST_IN_A_GROUP = 60


@dataclass(frozen=True, slots=True)
class EnterService:
    """One service for one person, or for all who were in a group; `why` is asked where the day is unusual."""

    codes: tuple[str, ...]
    what: str
    on: date
    minutes: int | None = None
    times: int = 1
    fund: str = ""
    words: str = ""
    why: str = ""
    group: bool = False


def require_known(command: EnterService, codes: Sequence[str]) -> None:
    book = service_list()
    if not codes:
        raise Broken("services.nobody-chosen", field="codes")
    if len(codes) > MOST_IN_A_GROUP:
        raise Broken("services.too-many", field="codes", values={"most": MOST_IN_A_GROUP})
    if command.what not in book.services or book.services[command.what].retired:
        raise Broken("services.unknown", field="what")
    if command.fund and (command.fund not in book.funds or book.funds[command.fund].retired):
        raise Broken("services.unknown-fund", field="fund")


def require_usual(people: Sequence[Client], command: EnterService) -> None:
    """A day in the future is refused: what was not given yet is counted for nobody. Other unusual days need a why."""
    found = oddities(people, command.on)
    for odd in (Oddity.FUTURE, Oddity.BEFORE_INTAKE, Oddity.OUTSIDE_STAY):
        how_many = sum(one is odd for one in found.values())
        if how_many and odd is Oddity.FUTURE:
            raise Broken("services.future", field="on")
        if how_many and not command.why:
            raise Broken(f"services.{odd.value}", field="why", values={"people": how_many})


def worded(actor: Actor, command: EnterService, session: bytes = b"") -> ServiceText:
    return ServiceText(
        what=command.what,
        on=command.on,
        by=actor.id,
        at=now(),
        minutes=command.minutes,
        times=command.times,
        session=session,
        fund=command.fund,
        words=command.words,
        why=command.why,
    )
