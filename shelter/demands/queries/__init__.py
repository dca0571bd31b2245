"""The registers as their keepers read them, person by person as far as each may see, and what waits."""

from shelter.demands.queries.breaches import BreachView, ClockView, PersonTold, breach, breaches, letter
from shelter.demands.queries.demands import DemandView, PersonPart, demand, demands, part_of, reached
from shelter.demands.queries.waiting import Waiting, waiting

__all__ = [
    "BreachView",
    "ClockView",
    "DemandView",
    "PersonPart",
    "PersonTold",
    "Waiting",
    "breach",
    "breaches",
    "demand",
    "demands",
    "letter",
    "part_of",
    "reached",
    "waiting",
]
