"""Reads about clients: the card of one, the list of one's own people, her record in parts, who has looked."""

from shelter.clients.queries.card import Age, PersonCard, age_on, agency_today, card, register_place
from shelter.clients.queries.contact import SafeContact, safest

__all__ = [
    "Age",
    "PersonCard",
    "SafeContact",
    "age_on",
    "agency_today",
    "card",
    "register_place",
    "safest",
]
