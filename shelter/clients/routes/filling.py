"""From what is saved to what stands in a form, in the shapes that the fields read."""

from typing import Any

from shelter.clients.words import language_words
from shelter.rules.contact import Answer
from shelter.web.dates import PartialDate


def part_data(values: Any) -> dict[str, Any]:
    """Field data of one part by field name, from the values of the record."""
    shapes = {"languages": language_words, "aliases": "\n".join, "birth": _birth}
    data = {name: shapes[name](value) if name in shapes else value for name, value in values.items()}
    return {name: None if value == "" and name in _CHOICES else value for name, value in data.items()}


_CHOICES = frozenset({"minor_consent", "referral_source"})


def _birth(told: Any) -> PartialDate | None:
    if told.year is None:
        return None
    return PartialDate(told.year, told.month, told.day, told.precision != "exact")


def channel_data(rule: Any) -> dict[str, Any]:
    """Field data of one channel's rule, or of a channel not asked about yet."""
    if rule is None:
        return {"allowed": Answer.NOT_ASKED.value}
    kept = ("allowed", "value", "hours_from", "hours_to", "say", "code_word", "language", "shared_with")
    return {name: getattr(rule, name) for name in kept}


def danger_data(danger: Any) -> dict[str, Any]:
    """Field data of somebody who endangers her; a new one gets an alert at the door unless she says no."""
    if danger is None:
        return {"at_door": True, "respond": "call_on_call"}
    return {
        "names": "\n".join(danger.names),
        "aliases": "\n".join(danger.aliases),
        "relationship": danger.relationship or None,
        "description": danger.description,
        "vehicle": danger.vehicle,
        "order_in_force": danger.order_in_force or None,
        "respond": danger.respond,
        "at_door": bool(danger.alert),
    }
