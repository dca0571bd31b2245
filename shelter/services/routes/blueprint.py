"""The one blueprint of the pages of services."""

from dataclasses import replace

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from shelter.clients.queries import register_events
from shelter.services import queries
from shelter.services.words import COUNT_HINTS, GLOBALS, MONEY_STATES, service_words

blueprint = Blueprint("services", __name__)
for said in GLOBALS:
    blueprint.add_app_template_global(said)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {"count_hints": COUNT_HINTS, "money_states": MONEY_STATES}


register_events(
    "services",
    lambda reader, client: [
        replace(event, title=service_words(event.title), kind=_l("Service")) for event in queries.events(reader, client)
    ],
)
