"""Reads about clients: the card of one, the list of one's own people, her record in parts, who has looked."""

from shelter.clients.queries.card import Age, PersonCard, age_on, agency_today, card, register_place
from shelter.clients.queries.coded import CodedView, happened, herself
from shelter.clients.queries.colleagues import readers, team
from shelter.clients.queries.contact import SafeContact, confirmation_lasts, judge, safest
from shelter.clients.queries.looked import door_alerts, looked
from shelter.clients.queries.merging import MergeView, apart_from_the_kept, merges
from shelter.clients.queries.overview import Block, Event, Line, card_of, overview, register_block, register_events
from shelter.clients.queries.own_file import (
    Held,
    Holding,
    StillToAsk,
    codes_of_hers,
    legal_part,
    one_line,
    own_file,
    register_own,
    still_to_ask,
    wholes,
)
from shelter.clients.queries.people import find, matches, matches_of, my_people
from shelter.clients.queries.reaching import Way, ways
from shelter.clients.queries.record import Whole, contact, dangers, household, part, steps, whole

__all__ = [
    "Age",
    "Block",
    "CodedView",
    "Event",
    "Held",
    "Holding",
    "Line",
    "MergeView",
    "PersonCard",
    "SafeContact",
    "StillToAsk",
    "Way",
    "Whole",
    "age_on",
    "agency_today",
    "apart_from_the_kept",
    "card",
    "card_of",
    "codes_of_hers",
    "confirmation_lasts",
    "contact",
    "dangers",
    "door_alerts",
    "find",
    "happened",
    "herself",
    "household",
    "judge",
    "legal_part",
    "looked",
    "matches",
    "matches_of",
    "merges",
    "my_people",
    "one_line",
    "overview",
    "own_file",
    "part",
    "readers",
    "register_block",
    "register_events",
    "register_own",
    "register_place",
    "safest",
    "steps",
    "still_to_ask",
    "team",
    "ways",
    "whole",
    "wholes",
]
