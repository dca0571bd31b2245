"""Around a stay: who may come, more time with a reason and a letter, and asking later only with her yes."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shelter.accounts.models import StaffRole
from shelter.clients import actions as clients
from shelter.clients.models import Denial
from shelter.clients.parts import SaveContact
from shelter.clients.queries import agency_today
from shelter.course import actions, queries
from shelter.course.actions import AgreeAfterwards, AskMoreTime, Decide, NoteCall, Refer, TakeTurn
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.places import actions as places
from shelter.places.actions import ChangeRules
from shelter.policy.errors import Denied
from shelter.policy.roles import Role
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.stays import actions as stays
from shelter.stays.actions import Admit, Leave, Leaving
from shelter.today import queries as today
from tests.factories.agency import World
from tests.factories.clients import Desk, begin, client_id
from tests.factories.stays import DAY, resident, stay_of, tonight

Beds = dict[str, bytes]
SignedIn = Callable[[str], Desk]
WHO = "caseworker"


def refused(error: pytest.ExceptionInfo[Broken]) -> tuple[str, str | None]:
    return error.value.message_key, error.value.field


def limited(world: World, nights: int | None) -> None:
    places.change_rules(world.actor("supervisor"), ChangeRules(world.sites["north"], 90, nights, 0))


def safe_channel(world: World, code: str) -> None:
    rule = SaveContact(code, 0, "text", "allowed", "2135550143", say="the dentist", confirmed=agency_today())
    clients.save_contact(world.actor(WHO), rule)


# -- before ---------------------------------------------------------------------------


def test_a_call_becomes_a_talk_a_yes_and_an_arrival(world: World, beds: Beds) -> None:
    actor, code = world.actor(WHO), begin(world)
    coming = actions.refer(actor, Refer(code, world.sites["north"], tonight(), 3, "hotline"))
    actions.take_turn(actor, TakeTurn(code, coming, 1, "screened", "two children"))
    with pytest.raises(Broken) as error:
        actions.take_turn(actor, TakeTurn(code, coming, 2, "screened"))
    assert refused(error) == ("course.not_next", "state")
    with pytest.raises(Conflict):
        actions.take_turn(actor, TakeTurn(code, coming, 1, "accepted"))
    actions.take_turn(actor, TakeTurn(code, coming, 2, "accepted"))
    assert [one.state for one in queries.course_of(actor, code).comings] == ["accepted"]
    stays.admit(actor, Admit(code, beds["A"], tonight()))
    view = queries.course_of(actor, code)
    assert [one.state for one in view.comings] == ["arrived"]
    assert [turn.state for turn in view.comings[0].words.turns] == ["referred", "screened", "accepted"]


# -- longer ---------------------------------------------------------------------------


def test_a_stay_over_its_limit_is_listed_until_somebody_gives_more_time(world: World, beds: Beds) -> None:
    code, actor, boss = (
        resident(world, beds["A"], since=tonight() - 61 * DAY),
        world.actor(WHO),
        world.actor("supervisor"),
    )
    stay = stay_of(code).id
    assert queries.near_limit(actor) == []
    with pytest.raises(Broken) as error:
        actions.ask_more_time(actor, AskMoreTime(code, stay, tonight() + 30 * DAY, "school ends"))
    assert refused(error) == ("course.no_limit", "until")
    limited(world, 60)
    assert [(one.code, one.last, one.nights) for one in queries.near_limit(actor)] == [(code, tonight() - DAY, 61)]
    with pytest.raises(Broken) as error:
        actions.ask_more_time(actor, AskMoreTime(code, stay, tonight() - DAY, "school ends"))
    assert refused(error) == ("course.not_longer", "until")
    asked = actions.ask_more_time(actor, AskMoreTime(code, stay, tonight() + 30 * DAY, "school ends"))
    assert [one.asked for one in queries.near_limit(actor)] == [True]
    with pytest.raises(Denied):
        actions.decide_more_time(actor, Decide(code, asked, 1, "granted"))
    actions.decide_more_time(boss, Decide(code, asked, 1, "granted", "Gladly."))
    assert queries.near_limit(actor) == []
    with pytest.raises(Broken) as error:
        actions.decide_more_time(boss, Decide(code, asked, 2, "declined"))
    assert refused(error) == ("course.decided_already", "decision")
    assert queries.course_of(boss, code).stays[0].last == tonight() + 30 * DAY


def test_what_is_due_is_told_for_the_first_page(world: World, beds: Beds) -> None:
    code, actor = resident(world, beds["A"], since=tonight() - 55 * DAY), world.actor(WHO)
    limited(world, 60)
    hers = client_id(code)
    assert [(one.what, one.day) for one in queries.due(actor, [hers], tonight() + 7 * DAY)] == [
        ("limit", tonight() + 5 * DAY)
    ]
    assert queries.due(actor, [hers], tonight() + DAY) == []
    actions.ask_more_time(actor, AskMoreTime(code, stay_of(code).id, tonight() + 30 * DAY, "school ends"))
    assert [one.what for one in queries.due(actor, [hers], tonight() + 7 * DAY)] == ["more_time"]


def test_a_second_pair_of_eyes_decides_where_there_is_one(world: World, beds: Beds) -> None:
    code, boss = resident(world, beds["A"], since=tonight() - 55 * DAY), world.actor("supervisor")
    limited(world, 60)
    more = AskMoreTime(code, stay_of(code).id, tonight() + 30 * DAY, "school ends")
    alone = actions.ask_more_time(boss, more)
    actions.decide_more_time(boss, Decide(code, alone, 1, "declined"))  # the smallest agency has one supervisor
    asked = actions.ask_more_time(boss, more)
    other = world.members["caseworker_two"].id
    db.session.add(StaffRole(staff_id=other, role=Role.SUPERVISOR.value))
    db.session.commit()
    with pytest.raises(Broken) as error:
        actions.decide_more_time(boss, Decide(code, asked, 1, "granted"))
    assert refused(error) == ("course.decided_by_another", "decision")
    with pytest.raises(Missing):
        actions.take_back_more_time(world.actor(WHO), code, asked)
    db.session.add(Denial(client_id=client_id(code), staff_id=other))
    db.session.commit()
    actions.decide_more_time(boss, Decide(code, asked, 1, "granted"))  # who may not open her file cannot decide


# -- after ----------------------------------------------------------------------------


def test_she_is_asked_later_only_with_her_yes_and_where_it_is_safe(world: World, beds: Beds) -> None:
    code, actor = resident(world, beds["A"], since=tonight() - 40 * DAY), world.actor(WHO)
    stay = stay_of(code).id
    with pytest.raises(Broken) as error:
        actions.agree_afterwards(actor, AgreeAfterwards(code, stay))
    assert refused(error)[0] == "course.still_here"
    stays.leave(actor, Leave(code, stay, tonight() - 35 * DAY, 1))
    with pytest.raises(Broken) as error:
        actions.agree_afterwards(actor, AgreeAfterwards(code, stay))
    assert refused(error)[0] == "course.no_safe_channel"
    safe_channel(world, code)
    actions.agree_afterwards(actor, AgreeAfterwards(code, stay))
    after = queries.course_of(actor, code).stays[0].after
    assert after is not None
    assert [(call.days, (call.due - after.words.left).days) for call in after.words.calls] == [
        (30, 30),
        (90, 90),
        (180, 180),
    ]
    assert [one.what for one in queries.due(actor, [client_id(code)], tonight())] == ["follow_up"]


@pytest.mark.parametrize(("said", "warned"), [("no", True), ("she_calls", True), ("yes", False), ("", False)])
def test_what_she_said_on_leaving_about_being_reached_stands_where_she_is_asked(
    world: World, beds: Beds, desk: SignedIn, said: str, warned: bool
) -> None:
    code, actor = resident(world, beds["A"], since=tonight() - 9 * DAY), world.actor(WHO)
    stay = stay_of(code).id
    stays.leave(actor, Leave(code, stay, tonight() - DAY, 1, Leaving(safe_after=said, reason="A home")))
    page = desk(WHO).get(f"/people/{code}/course/{stay.hex()}/afterwards").text
    assert ("Go on only if she says otherwise now" in page) is warned


def test_a_later_call_waits_until_she_was_asked_again_and_the_page_says_how(
    world: World, beds: Beds, desk: SignedIn
) -> None:
    """What she said when she left is too old after 90 days: the first page, the stay and the call say to ask her."""
    code, hand = resident(world, beds["A"], since=tonight() - 120 * DAY), desk(WHO)
    stays.leave(world.actor(WHO), Leave(code, stay_of(code).id, tonight() - 95 * DAY, 1))
    with clock.frozen(clock.now() - timedelta(days=40)):
        safe_channel(world, code)
        made = actions.agree_afterwards(world.actor(WHO), AgreeAfterwards(code, stay_of(code).id))
    with pytest.raises(Broken) as error:
        actions.note_call(world.actor(WHO), NoteCall(code, made, 1, 90, "reached"))
    assert refused(error)[0] == "course.no_safe_channel"
    place, first = f"/people/{code}/course/afterwards/{made.hex()}/90", "First ask her whether it still holds"
    page = hand.get(place).text
    assert first in page
    assert f'href="/people/{code}/reach"' in page
    assert "Ask again first" in hand.get(f"/people/{code}/reach").text
    shown = today.day(world.actor(WHO))
    assert [(line.what, line.code) for line in (*shown.overdue, *shown.today)] == [
        ("course-follow_up", code),
        ("contact", code),
    ]
    assert shown.not_met == ()
    clients.confirm(world.actor(WHO), code, "text", 1)
    assert first not in hand.get(place).text
    actions.note_call(world.actor(WHO), NoteCall(code, made, 1, 90, "reached"))


@pytest.mark.parametrize(
    ("made", "stopped"),
    [
        ((("not_reached", False), ("not_reached", False)), "silence"),
        ((("not_reached", False), ("reached", False), ("not_reached", False)), ""),
        ((("reached", True),), "she_asked"),
    ],
)
def test_two_calls_into_silence_or_her_word_end_the_calls(
    world: World, beds: Beds, made: tuple[tuple[str, bool], ...], stopped: str
) -> None:
    code, actor = resident(world, beds["A"], since=tonight() - 240 * DAY), world.actor(WHO)
    stays.leave(actor, Leave(code, stay_of(code).id, tonight() - 200 * DAY, 1))
    safe_channel(world, code)
    actions.agree_afterwards(actor, AgreeAfterwards(code, stay_of(code).id))
    after = queries.course_of(actor, code).stays[0].after
    assert after is not None
    for version, (days, (state, stop)) in enumerate(zip((30, 90, 180), made, strict=False), start=1):
        actions.note_call(actor, NoteCall(code, after.id, version, days, state, stop=stop))
    after = queries.course_of(actor, code).stays[0].after
    assert after is not None
    assert after.words.stopped == stopped
    if stopped:
        with pytest.raises(Broken):
            actions.note_call(actor, NoteCall(code, after.id, after.version, 180, "reached"))
        assert queries.due(actor, [client_id(code)], tonight()) == []


# -- who, and the pages -----------------------------------------------------------------


@pytest.mark.parametrize("who", ["desk", "volunteer", "director", "advocate", "caseworker_two", "stranger"])
def test_nobody_else_reads_it(world: World, beds: Beds, who: str) -> None:
    code = resident(world, beds["A"])
    with pytest.raises((Missing, Denied)):
        queries.course_of(world.actor(who), code)
    with pytest.raises((Missing, Denied)):
        actions.refer(world.actor(who), Refer(code, world.sites["north"], None, 1, ""))


def test_the_pages_from_the_first_call_to_the_letter(world: World, beds: Beds, desk: SignedIn) -> None:
    code, hand, boss = begin(world), desk(WHO), desk("supervisor")
    path, north = f"/people/{code}/course", world.sites["north"].hex()
    answer = hand.post(f"{path}/coming/new", site=north, people="0", note="hotline")
    assert answer.status_code == 422
    assert "hotline" in answer.text
    assert hand.post(f"{path}/coming/new", site=north, people="2", day=str(tonight())).status_code == 302
    coming = queries.course_of(world.actor(WHO), code).comings[0].id.hex()
    assert hand.post(f"{path}/coming/{coming}", state="screened", version="1").status_code == 302
    stays.admit(world.actor(WHO), Admit(code, beds["A"], tonight() - timedelta(days=3)))
    limited(world, 30)
    stay, late = stay_of(code).id.hex(), str(tonight() + 60 * DAY)
    assert hand.post(f"{path}/{stay}/more-time", until="2199-01-01", reason="x").status_code == 422
    assert hand.post(f"{path}/{stay}/more-time", until=late, reason="her own words").status_code == 302
    asked = queries.course_of(world.actor(WHO), code).stays[0].more_time[0].id.hex()
    assert hand.get(f"{path}/more-time/{asked}").status_code == 403
    decided = boss.post(f"{path}/more-time/{asked}", decision="granted", answer="Gladly.", version="1")
    assert decided.status_code == 302
    letter = hand.get(f"{path}/more-time/{asked}/letter").text
    assert "Gladly." in letter
    assert "her own words" not in letter
    assert code not in letter.replace(f"/people/{code}", "")
    assert "Granted" in hand.get(path).text
    assert hand.get("/stays/limits").status_code == 200
    night = desk("desk")
    assert [night.get(page).status_code for page in ("/stays/limits", path)] == [403, 403]
