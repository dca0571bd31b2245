"""A way back as pure steps: no step behind a closed gate is ever taken, and nothing that happened is lost."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from shelter.documents import way
from shelter.documents.way import LEFT_OPEN, Event, Taken, begin, changed, open_steps, waits
from shelter.rules.broken import Broken
from shelter.rules.papers import papers

START = datetime(2026, 11, 2, 17, tzinfo=UTC)
WAYS = list(papers().ways.values())
WHAT = ["asked", "answered", "arranged", "done", "left_out", "reopened"]
EVENTS = st.lists(st.tuples(st.integers(0, 8), st.sampled_from(WHAT), st.booleans()), max_size=25)


def event(what: str, minutes: int = 1, **more: object) -> Event:
    return Event(what=what, at=START + timedelta(minutes=minutes), by=b"r" * 16, **more)  # type: ignore[arg-type]


def gates_before(taken: Taken, code: str) -> list[str]:
    codes = [step.code for step in taken.steps]
    return [step.state for step in taken.steps[: codes.index(code)] if step.gate]


@given(chosen=st.sampled_from(WAYS), events=EVENTS)
def test_whatever_is_tried_no_step_closes_behind_a_closed_gate_and_history_only_grows(
    chosen: object, events: list[tuple[int, str, bool]]
) -> None:
    taken = begin(chosen, by=b"r" * 16, at=START)  # type: ignore[arg-type]
    for number, (place, what, yes) in enumerate(events):
        step = taken.steps[place % len(taken.steps)]
        before = sum(len(one.events) for one in taken.steps)
        try:
            after = changed(taken, step.code, event(what, number, go_ahead=yes, owner="staff"))
        except Broken:
            continue
        if what in ("done", "left_out", "answered"):
            assert "open" not in gates_before(taken, step.code)
        gate = next(one for one in after.steps if one.code == step.code)
        if gate.gate and step.state == "open" and gate.state != "open":
            assert what == "answered"
            assert yes
        assert sum(len(one.events) for one in after.steps) == before + 1
        taken = after
    for code in open_steps(taken):
        assert "open" not in gates_before(taken, code)


def test_a_gate_waits_for_nobody_asked_then_for_counsel_then_for_the_next_owner() -> None:
    taken = begin(papers().ways["foreign_passport"], by=b"r" * 16, at=START)
    first = waits(taken)
    assert first is not None
    assert (first.step.code, first.on, first.since) == ("ask_counsel", LEFT_OPEN, START)
    asked = changed(taken, "ask_counsel", event("asked", 5))
    second = waits(asked)
    assert second is not None
    assert (second.on, second.since) == ("legal", START + timedelta(minutes=5))
    refused = changed(asked, "ask_counsel", event("answered", 9, go_ahead=False))
    assert open_steps(refused) == ["ask_counsel"]
    agreed = changed(refused, "ask_counsel", event("answered", 20, go_ahead=True))
    third = waits(agreed)
    assert third is not None
    assert (third.step.code, third.on, third.since) == (
        "police_report",
        "client_with_staff",
        START + timedelta(minutes=20),
    )


def test_arranging_a_step_does_not_make_the_wait_look_shorter() -> None:
    taken = begin(papers().ways["us_birth_certificate"], by=b"r" * 16, at=START)
    moved = changed(taken, "registrar", event("arranged", 600, owner="office", due=date(2026, 12, 1)))
    now_waits = waits(moved)
    assert now_waits is not None
    assert (now_waits.on, now_waits.since, now_waits.step.due) == ("office", START, date(2026, 12, 1))


def test_a_way_carries_its_own_steps_so_that_new_rules_change_nothing_begun_under_the_old() -> None:
    rule = papers().ways["foreign_passport"]
    older = replace(rule, steps=rule.steps[:3], label="As it was in 2020", effective_from=date(2020, 1, 1))
    taken = changed(begin(older, by=b"r" * 16, at=START), "ask_counsel", event("answered", go_ahead=True))
    assert (taken.way, taken.label, taken.version) == (rule.code, "As it was in 2020", date(2020, 1, 1))
    assert open_steps(taken) == ["police_report", "photographs"]


@pytest.mark.parametrize("what", ["done", "left_out", "reopened"])
def test_a_gate_cannot_be_ticked_off_or_left_out(what: str) -> None:
    taken = begin(papers().ways["foreign_passport"], by=b"r" * 16, at=START)
    with pytest.raises(Broken):
        changed(taken, "ask_counsel", event(what))


def test_closing_the_gate_again_closes_every_later_step() -> None:
    taken = begin(papers().ways["foreign_passport"], by=b"r" * 16, at=START)
    taken = changed(taken, "ask_counsel", event("answered", go_ahead=True))
    taken = changed(taken, "police_report", event("done", 2))
    taken = changed(taken, "ask_counsel", event("reopened", 3))
    with pytest.raises(Broken) as no:
        changed(taken, "photographs", event("done", 4))
    assert no.value.message_key == "paper.gate_closed"
    assert waits(taken).on == LEFT_OPEN  # type: ignore[union-attr]


def test_a_finished_way_waits_for_nobody() -> None:
    taken = begin(papers().ways["us_birth_certificate"], by=b"r" * 16, at=START)
    for number, step in enumerate(taken.steps):
        taken = changed(taken, step.code, event(way.OUTCOMES[number % 2], number))
    assert taken.finished
    assert waits(taken) is None
