"""What the record's own room gives to her file beside the record itself: what she answered for funders, in words."""

from typing import Any

from flask_babel import lazy_gettext as _l

from shelter.clients import queries
from shelter.clients.forms.coded import HappenedForm, HerselfForm
from shelter.clients.queries import Held, Holding, register_own
from shelter.policy.actor import Actor
from shelter.web.asked import SKIP_REASONS, Asked


def _read_back(form: type[HappenedForm] | type[HerselfForm], said: Any) -> list[Held]:
    """The questions of a form with the answers that were given."""
    filled = form(formdata=None, data={name: getattr(said, name) or None for name in form.asked}, meta={"csrf": False})
    fields = [field for field in filled if isinstance(field, Asked) and field.short_name in form.asked]
    reasons = {name: dict(SKIP_REASONS).get(why, why) for name, why in said.skipped.items()}
    told = ((field.label.text, field.shown or reasons.get(field.short_name, "")) for field in fields)
    return [Held(label, words) for label, words in told if words]


def _coded(reader: Actor, code: str) -> list[Holding]:
    return [
        Holding(_l("What happened"), _read_back(HappenedForm, queries.happened(reader, code).said)),
        Holding(_l("Who she is"), _read_back(HerselfForm, queries.herself(reader, code).said)),
    ]


register_own(
    "coded",
    5,
    lambda reader, client: _coded(reader, client.code),
    tells=("client_coded:happened", "client_coded:herself"),
)
