"""What an agency decided in its settings."""

from shelter.settings import actions, queries
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
