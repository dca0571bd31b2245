"""What an agency decided in its settings."""

from datetime import date

from shelter.rules.services.own import OwnFund, OwnService
from shelter.settings import actions, queries, servicelist
from shelter.settings.actions import SetLimit, WordField
from tests.factories.agency import World


def ask(
    world: World, field: str, how: str = "shown", *, question: str = "", why: str = "", language: str = "en"
) -> None:
    """The administrator asks a question here, requires it or hides it, in words of the agency's own."""
    version = queries.field(field, language).version
    actions.word_field(world.actor("administrator"), WordField(field, language, question, why, how, version))


def set_limit(world: World, code: str, value: int) -> None:
    version = queries.limit_view(code).version
    actions.set_limit(world.actor("administrator"), SetLimit(code, value, version))


def choir(world: World, version: int = 0, *, code: str = "", **said: object) -> str:
    """A service of the agency's own, counted with the support groups; its code."""
    words = {"labels": {"en": "Choir", "es": "Coro"}, "area": "support", "group": True, "counts": {"ovc_pmt": "C5"}}
    told = words | {"effective_from": date(2026, 1, 1)} | said
    return servicelist.keep_service(world.actor("administrator"), OwnService(code=code, **told), version)  # type: ignore[arg-type]


def gifts(world: World) -> str:
    """A fund of the agency's own: 300 dollars a year, 50 without asking."""
    fund = OwnFund(code="", labels={"en": "Gifts"}, needs=("food", "clothes"), limits=(300, 50))
    return servicelist.keep_fund(world.actor("administrator"), fund, 0)
