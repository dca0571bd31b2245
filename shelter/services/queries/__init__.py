"""Reads about services: those of one person, whom one can enter them for, counts of nobody, money."""

from shelter.services.queries.given import (
    Given,
    ServicesView,
    events,
    every_service,
    given_to,
    last_given,
    my_choices,
    oddities,
    of_person,
)
from shelter.services.queries.house import in_the_house
from shelter.services.queries.money import MoneyView, Purse, money_of, one_payment, waiting_money
from shelter.services.queries.nobody import CountView, SiteChoice, counts, my_places

__all__ = [
    "CountView",
    "Given",
    "MoneyView",
    "Purse",
    "ServicesView",
    "SiteChoice",
    "counts",
    "events",
    "every_service",
    "given_to",
    "in_the_house",
    "last_given",
    "money_of",
    "my_choices",
    "my_places",
    "oddities",
    "of_person",
    "one_payment",
    "waiting_money",
]
