"""FVPSA, OVC's trafficking grants and OTIP's workbooks over small invented histories, counted by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shelter.rules.nights import StayDays
from shelter.rules.performance import (
    Event,
    FilledSheet,
    History,
    Someone,
    Stay,
    Window,
    count,
    form_of,
    sheets_of,
    unasked,
)
from shelter.rules.rulefile import TO_BE_CONFIRMED

QUARTER, YEAR = Window(2026, 2), Window(2026, 0)
JANUARY = date(2026, 1, 15)
TRAFFICKED = {"trafficking_status": frozenset({"actual"}), "trafficking_kind": frozenset({"labor"})}


def numbers(form: str, history: History, window: Window = QUARTER) -> dict[str, int | None]:
    version = form_of(form).on(window.last)
    assert version is not None
    return {f"{one.section}|{one.row}|{one.column}": one.number for one in count(version, history, window)}


def sheets(form: str, history: History, window: Window = QUARTER) -> dict[str, FilledSheet]:
    version = form_of(form).on(window.last)
    assert version is not None
    return {one.code: one for one in sheets_of(version, history, window, lambda person: f"n-{person}")}


def event(what: str, who: str, day: date = JANUARY, amounts: dict[str, int] | None = None, **keys: str) -> Event:
    sorted_by = {name: frozenset(value.split()) for name, value in keys.items()}
    source = f"{what}-{who}-{day}-{sorted(keys.items())}"
    return Event(source=source, what=what, day=day, person=who, keys=sorted_by, amounts=amounts or {"times": 1})


def slept(who: str, entry: date, left: date | None) -> Stay:
    return Stay(source=f"stay-{who}", person=who, roof="shelter", days=StayDays(entry=entry, exit=left))


def someone(who: str, born: date | None = None, *, came_with: tuple[str, ...] = (), **said: str) -> Someone:
    answers = {name: frozenset(value.split()) for name, value in said.items()}
    return Someone(id=who, born=born, said=answers, household=frozenset(came_with))


AT_HOME = "domestic_violence"


def test_fvpsa_counts_the_sheltered_once_and_nights_of_everybody() -> None:
    """A mother and her baby sleep two nights; she gets advocacy too. Bea comes to talk and never sleeps here."""
    people = {
        "mother": someone("mother", date(1990, 1, 1), victimisations=AT_HOME),
        "baby": someone("baby", date(2025, 12, 1), came_with=("mother",)),
        "bea": someone(
            "bea", date(1980, 1, 1), sex="female", race="black white", victimisations="teen_dating stalking"
        ),
    }
    talks = [event("service", who, service="counselling", setting="single") for who in ("mother", "bea")]
    away = date(2026, 1, 10), date(2026, 1, 12)
    history = History(people=people, events=tuple(talks), stays=(slept("mother", *away), slept("baby", *away)))
    told = numbers("fvpsa_ppr", history)
    assert (told["S1|1|people"], told["S2|1|people"]) == (2, 1)
    assert (told["C|1|people"], told["C|2|people"]) == (1, 0)
    assert told["N|1|nights"] == 4
    assert (told["R|8|people"], told["R|9|people"], told["G1|1|people"], told["G1|3|people"]) == (1, 2, 1, 2)


def test_fvpsa_is_about_violence_at_home_and_those_who_came_with_it() -> None:
    """Who was harmed otherwise, or was not asked, is not counted; who came with somebody who was, is."""
    people = {
        "ana": someone("ana", victimisations=AT_HOME),
        "her child": someone("her child", came_with=("ana",)),
        "bea": someone("bea", victimisations="trafficking_labor robbery"),
        "eva": someone("eva"),
    }
    talks = tuple(event("service", who, service="counselling", setting="single") for who in people)
    told = numbers("fvpsa_ppr", History(people=people, events=talks))
    assert (told["S1|1|people"], told["S2|1|people"]) == (0, 2)
    assert told["SC|1|times"] == 0  # nobody's age is known: the contacts stand in the line for that


def test_fvpsa_says_how_many_it_leaves_out_because_nobody_asked() -> None:
    """Ana was asked and it is no violence at home; Bea was never asked; Cem's mother was, and he came with her."""
    people = {
        "ana": someone("ana", date(1990, 1, 1), victimisations="robbery"),
        "bea": someone("bea", date(1980, 1, 1)),
        "mother": someone("mother", date(1985, 1, 1), victimisations=AT_HOME),
        "cem": someone("cem", date(2020, 1, 1), came_with=("mother",)),
    }
    talks = tuple(event("service", who, service="counselling", setting="single") for who in (*people, "stranger"))
    history, version = History(people=people, events=talks), form_of("fvpsa_ppr").on(QUARTER.last)
    assert version is not None
    assert unasked(version, history, QUARTER) == 2, "Bea, and somebody of whom nothing at all is known"
    assert unasked(version, history, Window(2025, 2)) == 0, "nobody came then"
    everybody = form_of("ovc_pmt").on(QUARTER.last)
    assert everybody is not None
    assert unasked(everybody, history, QUARTER) == 0, "a form about everybody asks nothing"


def test_tvap_counts_relatives_who_came_with_a_client_and_are_none() -> None:
    """Ana heads a household: a husband, three children, one of no told age, a friend. Bea came with no head."""
    trafficked = TRAFFICKED | {"immigration": frozenset({"none"})}
    children = dict.fromkeys(("small", "grown", "baby"), "child")
    family = {"husband": "spouse_or_partner", "friend": "unrelated"} | children
    born = {"small": date(2017, 1, 1), "grown": date(2007, 1, 1)}
    people = {
        "ana": Someone(id="ana", said=trafficked | {"related": frozenset({"self"})}, household=frozenset(family)),
        "client": Someone(id="client", said=trafficked, household=frozenset({"bea"})),
        "bea": someone("bea", came_with=("client",), related="other_relative"),
        "alone": someone("alone", related="self"),
    } | {who: someone(who, born.get(who), came_with=("ana",), related=how) for who, how in family.items()}
    talks = tuple(event("service", who, service="case_management") for who in people)
    told = numbers("tvap", History(people=people, events=talks))
    assert told["1|1|people"] == 2
    assert [told[f"R|{row}|people"] for row in range(1, 7)] == [1, 1, 1, 0, 1, 2], "a baby and Bea are not known"
    assert numbers("dvht", History(people=people, events=talks))["R|1|people"] == 0, "that form is about others"


def test_fvpsa_contacts_are_of_the_grown_or_of_children_alone_or_in_a_group() -> None:
    born = {"ana": date(2008, 1, 15), "kim": date(2008, 1, 16), "eva": None}
    people = {who: someone(who, day, victimisations=AT_HOME) for who, day in born.items()}
    hour = {"times": 1, "minutes": 45}
    group = [event("service", who, amounts=hour, service="support_group", setting="group") for who in people]
    alone = event("service", "ana", date(2026, 2, 1), {"times": 2, "minutes": 45}, service="crisis", setting="single")
    told = numbers("fvpsa_ppr", History(people=people, events=(*group, alone)))
    assert [told[f"SC|{row}|times"] for row in "12345"] == [2, 1, 0, 1, 1]
    assert [told[f"SC|{row}|hours"] for row in "12345"] == [1, 1, 0, 1, 1]


def test_fvpsa_unmet_requests_are_for_want_of_room_and_of_adults() -> None:
    asked = [("capacity", "adult"), ("capacity", "child"), ("not_eligible", "adult"), ("capacity", "adult")]
    events = [
        event("turned_away", "", date(2026, 1, 1 + place), reason=reason, asked=who)
        for place, (reason, who) in enumerate(asked)
    ]
    survey = event("survey", "", amounts={"times": 9, "returned": 5, "safer": 4, "knows_more": 3}, about="counselling")
    talk = event("education", "", amounts={"times": 1, "people_there": 30})
    told = numbers("fvpsa_ppr", History(people={}, events=(*events, survey, talk)))
    assert told["U|1|times"] == 2
    assert [told[f"O|3|{column}"] for column in ("returned", "safer", "knows_more")] == [5, 4, 3]
    assert (told["CE|1|times"], told["CE|1|people_there"], told["S2|1|people"]) == (1, 30, 0)


def test_fvpsa_asks_for_sex_since_december_2025() -> None:
    form = form_of("fvpsa_ppr")
    before, after = form.on(date(2025, 12, 11)), form.on(date(2025, 12, 12))
    assert before is not None
    assert after is not None
    assert len(before.at("G1").rows) == 4
    assert [row.line for row in after.at("G1").rows] == ["Female", "Male", "Unknown"]


def test_tims_is_about_people_of_whom_trafficking_is_known_or_possible() -> None:
    ana = Someone(id="ana", born=date(2010, 1, 1), said=TRAFFICKED | {"country": frozenset({"MEX"})})
    people = {"ana": ana, "bea": someone("bea")}
    events = [event("service", who, service="transport", setting="single") for who in people]
    told = numbers("tims", History(people=people, events=tuple(events)))
    assert (told["1|1|people"], told["2|1|people"], told["3|2|people"], told["4|2|people"]) == (1, 1, 1, 1)
    assert (told["8|transport|people"], told["7|MEX|people"], told["6|unknown|people"]) == (1, 1, 1)


@pytest.mark.parametrize("form", ["tvap", "dvht"])
@given(gap=some.integers(-3, 6), how=some.sampled_from(["service", "bed", "no-line", "left-before"]))
def test_matched_within_48_hours_is_a_service_or_a_bed_by_the_second_day(form: str, gap: int, how: str) -> None:
    """The last day of a quarter on purpose: what answers it may lie in the next."""
    intake = QUARTER.last
    day = intake + timedelta(days=gap)
    at_intake = "none" if form == "tvap" else "citizen"
    ana = Someone(id="ana", said=TRAFFICKED | {"immigration": frozenset({at_intake})})
    done = {"service": "transport", "no-line": "life_skills_nobody_counts"}.get(how)
    events = [event("opening", "ana", intake, opening="first")]
    events += [event("service", "ana", day, service=done, setting="single")] if done else []
    stays = [slept("ana", day, day + timedelta(days=9))] if how == "bed" else []
    stays += [slept("ana", intake - timedelta(days=9), intake)] if how == "left-before" else []
    ((*_, answer),) = (
        row[:5]
        for row in sheets(form, History(people={"ana": ana}, events=tuple(events), stays=tuple(stays)))["E"].rows
    )
    met = {"service": 0 <= gap <= 2, "bed": gap <= 2}.get(how, False)
    assert answer == ("Yes" if met else "No")


def test_otip_sheets_have_a_row_for_each_entry_and_closing_under_the_number_of_the_grant() -> None:
    said = TRAFFICKED | {"immigration": frozenset({"none"}), "race": frozenset({"asian", "white"})}
    people = {"ana": Someone(id="ana", born=date(2000, 1, 16), said=said), "bea": someone("bea")}
    opening = [event("opening", who, opening="first") for who in people]
    closing = event("closing", "ana", date(2026, 3, 1), reason="goals_met", obtained="t_visa", continued="none_found")
    use = event("service", "ana", amounts={"times": 3, "minutes": 90}, service="transport", setting="single")
    history = History(people=people, events=(*opening, closing, use))
    found = sheets("tvap", history)
    assert set(found) == {"E", "X"}
    (entry,) = found["E"].rows
    assert entry[:7] == ("n-ana", "2026-01-15", "first", "", "Yes", "2000-01-16", "25")
    (closed,) = found["X"].rows
    assert closed == (
        "n-ana",
        "2026-03-01",
        "What she wanted is reached",
        "",
        "No",
        "Yes",
        "No",
        "No",
        "No, nobody was found",
    )
    assert sheets("tvap", history, YEAR)["S"].rows == (("n-ana", "Transportation", "3", "90"),)
    assert sheets("dvht", history)["E"].rows == ()


def test_every_form_says_where_it_was_read_and_how_sure_that_is() -> None:
    for code in ("fvpsa_ppr", "tims", "tvap", "dvht"):
        for version in form_of(code).version:
            assert version.source
            assert any(one.certainty in TO_BE_CONFIRMED for one in version.section)
            numbers(code, History(people={}))
