"""The one blueprint of the pages of services."""

from dataclasses import replace

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from shelter.clients.queries import Held, Holding, register_events, register_own
from shelter.policy.acts import Act
from shelter.services import queries
from shelter.services.words import COUNT_HINTS, GLOBALS, MONEY_STATES, dollars, fund_words, service_words

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


def _services(services: list[queries.Given]) -> Holding:
    """What was done for her, as her own file says it; what was taken back says so."""
    taken_back = _l("taken back")
    lines = [
        Held(service_words(one.text.what), taken_back if one.text.taken_back else one.text.words, one.text.on)
        for one in services
    ]
    return Holding(_l("Services"), lines, "services")


def _money(payments: list[queries.MoneyView]) -> Holding:
    lines = [
        Held(fund_words(one.text.fund), f"{dollars(one.text.cents)} {one.text.words}".strip(), one.text.on)
        for one in payments
    ]
    return Holding(_l("Money"), lines)


register_own(
    "services",
    32,
    lambda reader, client: [
        _services(queries.every_service(reader, client.code)),
        _money(queries.money_of(reader, client.code)[1]),
    ],
    tells=(
        "service:advocacy",
        "service:shelter",
        "assistance:money",
    ),
)
register_own(
    "legal services",
    62,
    lambda reader, client: [_services(queries.every_service(reader, client.code))],
    tells=("service:legal",),
    title=_l("Legal work"),
    gives=Act.MATTERS_COPY,
)
