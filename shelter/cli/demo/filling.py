"""Filling the fictional agency, feature by feature, with three years of work that never happened."""

from collections.abc import Callable

from shelter.cli.demo.founding import FictionalAgency


def fill_agency(agency: FictionalAgency, say: Callable[[str], object]) -> None:
    """Clients, households, stays, plans, matters and papers through the features' own actions."""
    say("  staff and keys: done")
