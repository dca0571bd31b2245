"""The OVC PMT form over small invented histories, counted by hand, and sums that hold whatever the history."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from shelter.rules.nights import StayDays
from shelter.rules.performance import (
    Event,
    History,
    Someone,
    Stay,
    Window,
    count,
    form_of,
    warnings_of,
    window_of,
    windows,
)

PMT = form_of("ovc_pmt").version[0]
OCT_DEC, JAN_MAR, APR_JUN, JUL_SEP = (Window(2026, quarter) for quarter in (1, 2, 3, 4))
_sources = iter(range(1_000_000))


def service(who: str, what: str, day: date, times: int = 1) -> Event:
    keys = {"service": frozenset({what}), "setting": frozenset({"single"})}
    return Event(source=f"s{next(_sources)}", what="service", day=day, person=who, keys=keys, amounts={"times": times})


def stay(who: str, entry: date, left: date | None = None, leave: frozenset[date] = frozenset()) -> Stay:
    days = StayDays(entry=entry, exit=left, leave=leave)
    return Stay(source=f"n{next(_sources)}", person=who, roof="shelter", days=days)


def people(**said: dict[str, object]) -> dict[str, Someone]:
    found = {}
    for who, one in said.items():
        answers = {name: frozenset(str(value).split()) for name, value in one.items() if name != "born"}
        born = one.get("born")
        found[who] = Someone(id=who, born=born if isinstance(born, date) else None, said=answers)
    return found


def filled(history: History, window: Window) -> dict[str, int | None]:
    """Numbers by "question|row|column"."""
    answers = count(PMT, history, window)
    return {f"{one.section}|{one.row}|{one.column}": one.number for one in answers}


def asked(history: History, window: Window) -> set[str]:
    return {one.section for one in warnings_of(PMT, count(PMT, history, window), window)}


def test_october_to_december_sets_the_baseline_and_nobody_is_new_twice_in_a_year() -> None:
    old = [service("ana", "transport", date(2025, 8, 1)), service("ana", "transport", date(2025, 10, 9))]
    later = [service("ana", "transport", date(2026, 2, 2)), service("bea", "crisis", date(2026, 2, 3))]
    back = [service("bea", "crisis", date(2026, 9, 30)), service("ana", "crisis", date(2026, 10, 1))]
    history = History(people=people(ana={}, bea={}), events=(*old, *later, *back))
    told = [filled(history, one) for one in (OCT_DEC, JAN_MAR, APR_JUN, JUL_SEP, Window(2027, 1))]
    assert [one["1|1|people"] for one in told] == [1, 2, 0, 1, 1]
    assert [one["3|1|people"] for one in told] == [1, 1, 0, 0, 1]


def test_a_stay_over_the_turn_of_the_year_is_new_in_october_and_not_in_january() -> None:
    history = History(people=people(ana={}), stays=(stay("ana", date(2025, 6, 1), date(2026, 2, 1)),))
    assert filled(history, OCT_DEC)["3|1|people"] == 1
    january = filled(history, JAN_MAR)
    assert (january["1|1|people"], january["3|1|people"]) == (1, 0)
    assert january["8|D1|times"] == 31
    assert filled(history, APR_JUN)["1|1|people"] == 0


def test_anonymous_contacts_are_counts_of_nobody() -> None:
    flags = {"flags": frozenset({"anonymous", "repeat"})}
    named = Event(source="b", what="call", day=date(2026, 1, 1), amounts={"times": 5})
    anonymous = Event(source="a", what="call", day=date(2026, 1, 1), keys=flags, amounts={"times": 3})
    told = filled(History(people={}, events=(anonymous, named)), JAN_MAR)
    assert (told["2|1|times"], told["1|1|people"], told["3|1|people"]) == (3, 0, 0)
    assert not any(number for place, number in told.items() if not place.startswith("2|"))


def call(source: str, harm: str = "", flags: str = "anonymous", times: int = 1) -> Event:
    keys = {"flags": frozenset(flags.split()), "victimisations": frozenset(harm.split())}
    keys["several_harms"] = frozenset({"several"} if len(harm.split()) > 1 else ())
    return Event(source=source, what="call", day=date(2026, 1, 9), keys=keys, amounts={"times": times})


def test_a_kind_of_harm_told_by_a_caller_without_a_name_counts_beside_the_people() -> None:
    """A call with a name, or where nothing was told, counts in no kind; people and contacts are added up."""
    calls = [
        call("a", "stalking robbery"),
        call("b", "stalking", times=2),
        call("c", "arson", flags="repeat"),
        call("d"),
    ]
    ana = people(ana={"victimisations": "stalking"})
    told = filled(History(people=ana, events=(*calls, service("ana", "crisis", date(2026, 1, 5)))), JAN_MAR)
    assert [told[f"5A|{row}|people"] for row in (22, 21, 4)] == [4, 1, 0]
    assert told["5B|1|people"] == 1
    assert (told["1|1|people"], told["2|1|times"]) == (1, 4)
    assert asked(History(people=ana, events=(*calls, service("ana", "crisis", date(2026, 1, 5)))), JAN_MAR) == set()


@settings(max_examples=60, deadline=None)
@given(
    some.lists(some.tuples(some.sampled_from("ut"), some.sampled_from("ns"), some.integers(0, 2), some.integers(1, 5)))
)
def test_one_bed_that_two_lists_tell_of_is_one_unmet_request(told: list[tuple[str, str, int, int]]) -> None:
    """Of each month and house the longer list counts: never both, and never less than either says by itself."""
    events = [
        Event(
            source=f"{place}",
            what="unmet" if which == "u" else "turned_away",
            day=date(2026, 7 + month, 1),
            keys={
                "reason": frozenset({"capacity"}),
                "need": frozenset({"shelter"}),
                "site": frozenset({site}),
            },
            amounts={"times": times},
        )
        for place, (which, site, month, times) in enumerate(told)
    ]
    found = filled(History(people={}, events=tuple(events)), JUL_SEP)["A9|1|times"]
    sums: dict[tuple[str, int], dict[str, int]] = {}
    for which, site, month, times in told:
        one = sums.setdefault((site, month), {"u": 0, "t": 0})
        one[which] += times
    assert found == sum(max(one.values()) for one in sums.values())


def test_needs_other_than_a_bed_stand_in_one_list_and_all_count() -> None:
    keys = {"reason": frozenset({"capacity"}), "site": frozenset({"n"})}
    legal, bed = keys | {"need": frozenset({"legal"})}, keys | {"need": frozenset({"shelter"})}
    day = date(2026, 8, 1)
    events = (
        Event(source="a", what="unmet", day=day, keys=legal, amounts={"times": 3}),
        Event(source="b", what="unmet", day=day, keys=bed, amounts={"times": 1}),
        Event(source="c", what="turned_away", day=day, keys=bed, amounts={"times": 1}),
    )
    assert filled(History(people={}, events=events), JUL_SEP)["A9|1|times"] == 4


def test_a_child_who_turns_eighteen_counts_by_the_first_day_in_the_period() -> None:
    born = date(2008, 2, 10)
    before = History(people=people(kim={"born": born}), events=(service("kim", "crisis", date(2026, 2, 9)),))
    on_the_day = History(people=people(kim={"born": born}), events=(service("kim", "crisis", date(2026, 2, 10)),))
    assert filled(before, JAN_MAR)["4C|2|people"] == 1
    assert filled(on_the_day, JAN_MAR)["4C|3|people"] == 1
    both = History(people=before.people, events=(*before.events, *on_the_day.events))
    told = filled(both, JAN_MAR)
    assert (told["4C|2|people"], told["4C|3|people"], told["3|1|people"]) == (1, 0, 1)


def test_a_household_and_a_group_are_people_and_times() -> None:
    """A ride for a mother and two children; a group of three, one of whom came twice; two rides on one day."""
    ride = [service(who, "transport", date(2026, 5, 4)) for who in ("mother", "son", "daughter")]
    group = [service(who, "support_group", date(2026, 5, 5)) for who in ("mother", "ana", "bea")]
    again = [service("ana", "support_group", date(2026, 5, 12)), service("bea", "transport", date(2026, 5, 6), times=2)]
    everybody = people(mother={}, son={}, daughter={}, ana={}, bea={})
    told = filled(History(people=everybody, events=(*ride, *group, *again)), APR_JUN)
    assert (told["1|1|people"], told["8|B9|people"], told["8|B9|times"]) == (5, 4, 5)
    assert (told["8|C5|people"], told["8|C5|times"]) == (3, 4)
    assert (told["8T|B|people"], told["8T|C|people"], told["7|B|any"], told["7|A|any"]) == (4, 3, 1, 0)


def test_nights_are_times_of_the_shelter_line_without_agreed_leave() -> None:
    leave = frozenset({date(2026, 4, 3), date(2026, 4, 4)})
    stays = (stay("ana", date(2026, 4, 1), date(2026, 4, 11), leave), stay("bea", date(2026, 6, 30)))
    same_day = stay("eva", date(2026, 5, 1), date(2026, 5, 1))
    told = filled(History(people=people(ana={}, bea={}, eva={}), stays=(*stays, same_day)), APR_JUN)
    assert (told["8|D1|people"], told["8|D1|times"]) == (3, 8 + 1 + 1)


def test_kinds_of_harm_and_answers_of_several_lines() -> None:
    everybody = people(
        ana={"victimisations": "trafficking_labor stalking", "race": "asian white", "sex": "female"},
        bea={"victimisations": "trafficking_labor", "race": "hispanic", "classifications": "immigrant deaf"},
        eva={},
    )
    history = History(
        people=everybody, events=tuple(service(who, "crisis", date(2026, 1, 5)) for who in ("ana", "bea", "eva"))
    )
    told = filled(history, JAN_MAR)
    assert (told["5A|14|people"], told["5A|22|people"], told["5B|1|people"]) == (2, 1, 1)
    assert (told["4A|8|people"], told["4A|4|people"], told["4A|9|people"]) == (1, 1, 1)
    assert (told["4B|2|people"], told["4B|4|people"], told["5C|1|people"], told["5C|3|people"]) == (1, 2, 1, 1)
    assert asked(history, JAN_MAR) == set()
    assert asked(History(people=people(eva={}), events=history.events[2:]), JAN_MAR) == {"5A"}


def test_what_has_no_line_serves_nobody_but_help_with_compensation_does() -> None:
    history = History(
        people=people(ana={}, bea={}),
        events=(service("ana", "life_skills", date(2026, 1, 5)), service("bea", "compensation", date(2026, 1, 5))),
    )
    told = filled(history, JAN_MAR)
    assert (told["1|1|people"], told["6|1|people"]) == (1, 1)


def test_annual_questions_come_with_the_last_quarter_over_the_whole_year() -> None:
    capacity = {"reason": frozenset({"capacity"})}
    other = {"reason": frozenset({"declined"})}
    away = [
        Event(source=f"t{month}", what="turned_away", day=date(2026, month, 1), keys=keys, amounts={"times": 1})
        for month, keys in ((1, capacity), (7, capacity), (8, other))
    ]
    survey = Event(source="u", what="survey", day=date(2025, 11, 1), amounts={"times": 9, "returned": 4})
    history = History(people={}, events=(*away, survey))
    assert "A9|1|times" not in filled(history, APR_JUN)
    told = filled(history, JUL_SEP)
    assert (told["A9|1|times"], told["A10|1|times"], told["A10|1|returned"]) == (2, 9, 4)
    assert told["A11|1|text"] is None


def test_each_number_knows_the_records_it_counts() -> None:
    first, second = (
        service("ana", "crisis", date(2026, 1, 5), times=3),
        service("ana", "safety_planning", date(2026, 1, 6)),
    )
    answers = count(PMT, History(people=people(ana={}), events=(first, second)), JAN_MAR)
    line = [one for one in answers if one.section == "8" and one.row == "C1"]
    assert [(one.column, one.number) for one in line] == [("people", 1), ("times", 4)]
    assert all(one.sources == {first.source, second.source} for one in line)


def test_the_form_has_every_line_of_its_lists_and_says_how_sure_it_is() -> None:
    assert [len(PMT.at(code).rows) for code in ("4A", "4B", "4C", "5A", "5C")] == [10, 5, 7, 26, 8]
    lines = [one.row for one in count(PMT, History(people={}), JAN_MAR) if one.section == "8" and one.column == "times"]
    assert len(lines) == 4 + 10 + 7 + 3 + 11
    assert PMT.to_be_confirmed
    assert PMT.source
    assert form_of("ovc_pmt").on(date(2016, 9, 30)) is None


def test_periods_are_closed_quarters_of_the_fiscal_year() -> None:
    assert (OCT_DEC.first, OCT_DEC.last) == (date(2025, 10, 1), date(2025, 12, 31))
    assert (Window(2026, 0).first, JUL_SEP.last) == (date(2025, 10, 1), date(2026, 9, 30))
    offered = windows(date(2026, 10, 1))
    assert [str(one) for one in offered[:2]] == ["2026-4", "2026-3"]
    assert str(windows(date(2026, 9, 30))[0]) == "2026-3"
    assert all(window_of(str(one)) == one for one in offered)


# -- whatever the history ----------------------------------------------------------------------

SERVICES = ("crisis", "transport", "support_group", "life_skills", "compensation", "legal_advice")
SOME_DAY = some.dates(date(2025, 8, 1), date(2026, 10, 31))


@some.composite
def histories(draw: some.DrawFn) -> History:
    names = [f"p{number}" for number in range(draw(some.integers(1, 6)))]
    answers = some.fixed_dictionaries(
        {
            "born": some.one_of(some.none(), some.dates(date(1950, 1, 1), date(2025, 1, 1))),
            "race": some.sampled_from(["", "asian", "asian white", "hispanic"]),
            "sex": some.sampled_from(["", "female", "male", "other"]),
            "victimisations": some.sampled_from(["", "arson", "arson robbery"]),
        }
    )
    everybody = people(**{name: draw(answers) for name in names})
    done = draw(some.lists(some.tuples(some.sampled_from(names), some.sampled_from(SERVICES), SOME_DAY), max_size=12))
    slept = draw(some.lists(some.tuples(some.sampled_from(names), SOME_DAY, some.integers(0, 200)), max_size=4))
    stays = tuple(stay(who, day, day + timedelta(days=long)) for who, day, long in slept)
    return History(people=everybody, events=tuple(service(*one) for one in done), stays=stays)


@settings(max_examples=60, deadline=None)
@given(histories())
def test_sums_hold_whatever_the_history(history: History) -> None:
    new = 0
    for window in (OCT_DEC, JAN_MAR, APR_JUN, JUL_SEP):
        assert asked(history, window) <= {"5A"}
        told = filled(history, window)
        number = told["3|1|people"]
        assert number is not None
        new += number
    assert new == filled(history, Window(2026, 0))["1|1|people"]
