"""The one blueprint of the pages of services."""

from dataclasses import replace

from flask import Blueprint
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from shelter.clients.queries import Held, Holding, one_line, register_events, register_own
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.services import queries
from shelter.services.words import COUNT_HINTS, GLOBALS, MONEY_STATES, dollars, fund_words, service_words
from shelter.settings.words import choice_words
from shelter.web.times import day_full, moment

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
    return Holding(
        _l("Services"), [Held(service_words(one.text.what), _given(one), one.text.on) for one in services], "services"
    )


def _given(one: queries.Given) -> str:
    text = one.text
    back = (_l("taken back"), one_line(moment(text.taken_back), text.taken_back_why)) if text.taken_back else ""
    length = ngettext("%(num)d minute", "%(num)d minutes", text.minutes) if text.minutes else ""
    times = ngettext("%(num)d time", "%(num)d times", text.times)
    paid = (_l("Paid from"), fund_words(text.fund))
    return one_line(text.words, length, times, _l("in a group") if text.session else "", paid, text.why, back)


def _money(payments: list[queries.MoneyView]) -> Holding:
    return Holding(_l("Money"), [Held(fund_words(one.text.fund), _spent(one), one.text.on) for one in payments])


def _spent(one: queries.MoneyView) -> str:
    text = one.text
    what = f"{dollars(text.cents)} {choice_words('money_needs', text.what)}"
    over = _l("more than the limit of the fund") if text.over else ""
    paid = ((_l("Paid on"), day_full(text.paid_on)), (_l("Receipt"), text.receipt))
    return one_line(what, text.words, MONEY_STATES[text.state], over, text.decided_why, *paid)


register_own(
    "services",
    32,
    lambda reader, client: [
        _services(queries.every_service(reader, client.code, Kind.ADVOCACY, Kind.SHELTER)),
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
    lambda reader, client: [_services(queries.every_service(reader, client.code, Kind.LEGAL))],
    tells=("service:legal",),
    title=_l("Legal work"),
    gives=Act.MATTERS_COPY,
)
