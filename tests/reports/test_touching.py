"""What is left out before a report is counted changes none of its numbers, in any table of the catalogue."""

from __future__ import annotations

from random import Random

import pytest

from shelter.db.inbox import Fact
from shelter.reports.catalogue import NIGHTS, REPORTS, Quarter
from shelter.reports.columns import packed, unpacked
from shelter.reports.counting import rows_of
from shelter.reports.standing import Standing, standing
from shelter.reports.touching import touching

SITES = ("a" * 32, "b" * 32)
PERIODS = (Quarter(2026, 3), Quarter(2026, 0), Quarter(2025, 4))
_SAYS = {
    "person": {"born": (1980, 2015, 0), "language": ("english", "spanish")},
    "stay": {"stay": ("7", "30"), "place": ("permanent", "homeless")},
    "leaving": {"stay": ("90", "more"), "place": ("temporary",)},
    "matter": {"matter": ("t-visa", "asylum"), "outcome": ("granted", "denied")},
    "service": {"service": ("crisis", "transport", "unheard-of")},
    "goal": {"area": ("housing", "work")},
    "paper": {"back": ("2026-08", "2025-11", ""), "how": ("recovered", "replaced"), "time": ("month", "year")},
    "turned_away": {"month": ("2026-07", "2025-12"), "reason": ("capacity", "conflict")},
}


def drawn(draw: Random) -> Standing:
    facts = []
    for no in range(draw.randrange(60)):
        what = draw.choice(list(_SAYS))
        begins = f"{draw.choice((2024, 2025, 2026))}-{draw.randrange(1, 13):02d}"
        ends = draw.choice(("", begins, "2026-12"))
        values: dict[str, str | int] = {name: draw.choice(some) for name, some in _SAYS[what].items()}
        values |= {"site": draw.choice((*SITES, "")), "from": begins, "until": ends}
        facts.append(
            Fact(
                source=no.to_bytes(32, "big"),
                origin="shelter",
                version=1,
                generation=1,
                person=bytes([draw.randrange(8)]) * 16,
                what=what,
                values=values,
            )
        )
    return standing([], unpacked(memoryview(packed(facts))))


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("seed", range(12))
def test_no_table_counts_otherwise_for_what_is_left_out(seed: int) -> None:
    everything = drawn(Random(seed))
    for report in REPORTS.values():
        for quarter in PERIODS:
            if report.population != NIGHTS:
                whole = rows_of(report, everything.facts(), quarter, SITES)
                assert rows_of(report, touching(report, everything, quarter).facts(), quarter, SITES) == whole
