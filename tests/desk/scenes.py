"""An act of the desk's rooms each, and the way back from it, as test_every_act plays them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from shelter.clients import actions as clients
from shelter.clients.parts import SaveContact
from shelter.course import actions as around
from shelter.desk import actions as night
from shelter.desk.actions import Arrival, Came, KeepOut, KeepThing, PutOnList, Report, Ticking, ToKnow, Turn, TurnAway
from shelter.places import actions as places
from shelter.places.actions import ChangeRules
from shelter.rules import clock
from shelter.rules.desk import missing_steps
from shelter.rules.rollcall import Seen
from shelter.stays import actions as beds_of
from shelter.stays.actions import Admit, Correct, CorrectBed, Leave, Move, NoteRoom, TakeOut
from shelter.stays.models import Stay
from tests.factories.agency import World
from tests.factories.clients import begin
from tests.factories.stays import DAY, rows_of, stay_of, tonight

EVENING = datetime(2026, 11, 22, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Scene:
    """An act, the way back from what it gave, and whether that way closes after ten minutes."""

    do: Callable[[], Any]
    back: Callable[[Any], object]
    closes: bool = True


@dataclass(frozen=True)
class Place:
    """Where the scenes are played: beds A and B are free, Lin sleeps in C."""

    world: World
    beds: dict[str, bytes]
    lin: str

    @property
    def desk(self) -> Any:
        return self.world.actor("desk")

    @property
    def boss(self) -> Any:
        return self.world.actor("supervisor")

    @property
    def north(self) -> bytes:
        return self.world.sites["north"]

    @property
    def stay(self) -> Stay:
        return stay_of(self.lin)


def undo(at: Place) -> Callable[[bytes], object]:
    return lambda act: beds_of.undo(at.desk, act)


def admit(at: Place) -> Scene:
    code, rosa = begin(at.world, called="Bo"), at.world.actor("caseworker")
    return Scene(lambda: beds_of.admit(rosa, Admit(code, at.beds["A"], tonight())), lambda act: beds_of.undo(rosa, act))


def correct_bed(at: Place) -> Scene:
    (row,) = rows_of(at.stay)
    right = CorrectBed(at.lin, at.stay.id, at.stay.days_version, row.id, at.beds["A"], row.from_day, "It was A")
    return Scene(lambda: beds_of.correct_bed(at.desk, right), undo(at))


def correct(at: Place) -> Scene:
    right = Correct(at.lin, at.stay.id, at.stay.days_version, "A day late", tonight() - DAY, None)
    return Scene(lambda: beds_of.correct(at.desk, right), undo(at))


def leave(at: Place) -> Scene:
    goes = Leave(at.lin, at.stay.id, tonight(), at.stay.days_version, clean=True)
    return Scene(lambda: beds_of.leave(at.desk, goes), undo(at))


def move(at: Place) -> Scene:
    goes = Move(at.lin, at.stay.id, at.beds["D"], tonight(), at.stay.days_version)
    return Scene(lambda: beds_of.move(at.desk, goes), undo(at))


def note_room(at: Place) -> Scene:
    first = NoteRoom(at.lin, at.stay.id, at.stay.room_version, tonight() + 9 * DAY, notes="A lamp")
    beds_of.note_room(at.world.actor("caseworker"), first)
    second = NoteRoom(at.lin, at.stay.id, at.stay.room_version, away_from=tonight(), back_day=tonight() + 2 * DAY)
    return Scene(
        lambda: beds_of.note_room(at.desk, second), lambda _: beds_of.take_back_room(at.desk, at.lin, at.stay.id)
    )


def hold(at: Place) -> Scene:
    bed = at.beds["A"]
    return Scene(lambda: beds_of.hold(at.desk, bed), lambda _: beds_of.release(at.desk, bed), closes=False)


def release(at: Place) -> Scene:
    bed = at.beds["A"]
    beds_of.hold(at.desk, bed)
    return Scene(lambda: beds_of.release(at.desk, bed), lambda _: beds_of.hold(at.desk, bed), closes=False)


def take_out(at: Place) -> Scene:
    out = TakeOut(at.beds["A"], tonight(), None, "repair")
    return Scene(lambda: beds_of.take_out(at.desk, out), lambda _: beds_of.put_back(at.desk, out.bed), closes=False)


def put_back(at: Place) -> Scene:
    there = take_out(at)
    there.do()
    return Scene(lambda: there.back(None), lambda _: there.do(), closes=False)


def take_arrival(at: Place) -> Scene:
    told = Arrival((at.beds["A"],), tonight(), "Sol", legal_name="Sol Reyes", at_door="A grey car")
    return Scene(lambda: night.take_arrival(at.desk, told), lambda came: night.withdraw(at.desk, came.undo, came.alert))


def hand_over(at: Place) -> Scene:
    return Scene(
        lambda: night.hand_over(at.desk, at.north, "The boiler ticks.", "Lin knows."),
        lambda note: night.take_back_note(at.desk, note),
    )


def _report(at: Place) -> bytes:
    return night.report(
        at.desk, Report(at.north, "injury", tonight(), None, "Fell", (at.lin,), "", False, False, at.desk.id)
    )


def report(at: Place) -> Scene:
    return Scene(lambda: _report(at), lambda made: night.take_back_incident(at.desk, made))


def follow_up(at: Place) -> Scene:
    with clock.frozen(EVENING - timedelta(days=2)):
        made = _report(at)
    return Scene(
        lambda: night.follow_up(at.desk, made, 1, "Called her", done=True, told_funder=True),
        lambda _: night.take_back_incident(at.desk, made),
    )


def write_door(at: Place) -> Scene:
    came = Came(at.north, "visitor", "Ada", "tea", (at.lin,))
    return Scene(lambda: night.write_door(at.desk, came), lambda entry: night.take_back_door(at.desk, entry))


def went(at: Place) -> Scene:
    entry = write_door(at).do()
    return Scene(lambda: night.went(at.desk, entry), lambda _: night.take_back_door(at.desk, entry))


def keep(at: Place) -> Scene:
    thing = KeepThing(at.lin, "mail", "A letter", "drawer")
    return Scene(lambda: night.keep(at.desk, thing), lambda kept: night.take_back_thing(at.desk, at.lin, kept))


def handle(at: Place) -> Scene:
    kept = keep(at).do()
    return Scene(
        lambda: night.handle(at.desk, at.lin, kept, "handed_out"),
        lambda _: night.take_back_thing(at.desk, at.lin, kept),
    )


def know(at: Place) -> Scene:
    night.know(at.world.actor("caseworker"), at.lin, 0, ToKnow(school="Elm Street"))
    return Scene(
        lambda: night.know(at.desk, at.lin, 1, ToKnow(pet="A parrot")),
        lambda _: night.take_back_facts(at.desk, at.lin),
    )


def tick(at: Place) -> Scene:
    seen = Ticking(at.lin, tonight(), Seen.AWAY)
    return Scene(lambda: night.tick(at.desk, seen), lambda _: night.take_back(at.desk, at.lin))


def take_step(at: Place) -> Scene:
    tick(at).do()
    step = next(iter(missing_steps()))
    with clock.frozen(EVENING - timedelta(hours=1)):
        night.take_step(at.world.actor("caseworker"), at.lin, tonight(), step)
    return Scene(
        lambda: night.take_step(at.desk, at.lin, tonight(), list(missing_steps())[1]),
        lambda _: night.take_back(at.desk, at.lin),
    )


def _ban(at: Place, name: str) -> KeepOut:
    return KeepOut(at.north, (name,), "Limps", "Followed her", tonight() + 30 * DAY)


def keep_out(at: Place) -> Scene:
    line = _ban(at, "Mort Grau")
    return Scene(lambda: night.keep_out(at.desk, line), lambda ban: night.take_back_ban(at.desk, ban))


def review(at: Place) -> Scene:
    ban = night.keep_out(at.world.actor("caseworker"), _ban(at, "Mort Grau"))
    return Scene(
        lambda: night.review(at.desk, ban, _ban(at, "Mortimer Grau"), 1), lambda _: night.take_back_ban(at.desk, ban)
    )


def let_in_again(at: Place) -> Scene:
    ban = night.keep_out(at.world.actor("caseworker"), _ban(at, "Mort Grau"))
    return Scene(lambda: night.let_in_again(at.desk, ban), lambda _: night.take_back_ban(at.desk, ban))


def _waits(at: Place, called: str) -> PutOnList:
    return PutOnList(at.north, called, 1, 2, (), "soon", "text", "2135550188", "the dentist")


def put_on_list(at: Place) -> Scene:
    return Scene(
        lambda: night.put_on_list(at.desk, _waits(at, "Mar")), lambda made: night.take_back_waiting(at.desk, made)
    )


def change_waiting(at: Place) -> Scene:
    made = night.put_on_list(at.world.actor("caseworker"), _waits(at, "Mar"))
    return Scene(
        lambda: night.change_waiting(at.desk, made, 1, _waits(at, "Marisol")),
        lambda _: night.take_back_waiting(at.desk, made),
    )


def served(at: Place) -> Scene:
    made = night.put_on_list(at.world.actor("caseworker"), _waits(at, "Mar"))
    return Scene(lambda: night.served(at.desk, made), lambda _: night.take_back_waiting(at.desk, made))


def turn_away(at: Place) -> Scene:
    asked = TurnAway(at.north, tonight(), 1, 2, "capacity", "the county line")
    return Scene(lambda: night.turn_away(at.desk, asked), lambda made: night.take_back_request(at.desk, made))


def put_note_right(at: Place) -> Scene:
    with clock.frozen(EVENING - timedelta(days=2)):
        note = night.hand_over(at.world.actor("caseworker"), at.north, "The boiler ticks.", "Lin knows.")
    return Scene(
        lambda: night.put_note_right(at.desk, note, 1, "The boiler leaks.", "Sol knows.", "I heard wrong"),
        lambda _: night.take_back_note(at.desk, note),
    )


def put_incident_right(at: Place) -> Scene:
    with clock.frozen(EVENING - timedelta(days=2)):
        made = _report(at)
        night.follow_up(at.boss, made, 1, "Called her", done=True, told_funder=True)
    right = Report(at.north, "breach", tonight(), None, "Slipped", (), "A bruise", True, False, at.boss.id)
    return Scene(
        lambda: night.put_incident_right(at.desk, made, 2, right, "It was outside"),
        lambda _: night.take_back_incident(at.desk, made),
    )


def put_door_right(at: Place) -> Scene:
    with clock.frozen(EVENING - timedelta(days=2)):
        entry = write_door(at).do()
        night.went(at.desk, entry)
    right = Came(at.north, "delivery", "Ida", "bread", ())
    return Scene(
        lambda: night.put_door_right(at.desk, entry, 2, right, "Misheard"),
        lambda _: night.take_back_door(at.desk, entry),
    )


def put_thing_right(at: Place) -> Scene:
    with clock.frozen(EVENING - timedelta(days=2)):
        kept = keep(at).do()
    right = night.ThingRight(at.lin, kept, 1, "property", "A parcel", "shelf", "handed_out", "Not a letter")
    return Scene(lambda: night.put_thing_right(at.desk, right), lambda _: night.take_back_thing(at.desk, at.lin, kept))


def put_request_right(at: Place) -> Scene:
    with clock.frozen(EVENING - timedelta(days=2)):
        made = turn_away(at).do()
    right = TurnAway(at.north, tonight() - 3 * DAY, 2, 0, "declined", "a friend")
    return Scene(
        lambda: night.put_request_right(at.desk, made, 1, right, "Counted again"),
        lambda _: night.take_back_request(at.desk, made),
    )


def put_on_call(at: Place) -> Scene:
    turn = Turn(at.north, at.boss.id, tonight(), tonight() + DAY, "555-0142", "")
    return Scene(lambda: night.put_on_call(at.boss, turn), lambda made: night.take_back_turn(at.boss, made))


def take_off_call(at: Place) -> Scene:
    made = put_on_call(at).do()
    return Scene(lambda: night.take_off_call(at.boss, made), lambda _: night.take_back_turn(at.boss, made))


def refer(at: Place) -> Scene:
    rosa, told = at.world.actor("caseworker"), around.Refer(at.lin, at.north, tonight(), 2, "hotline", "A call")
    return Scene(lambda: around.refer(rosa, told), lambda coming: around.take_back_coming(rosa, at.lin, coming))


def take_turn(at: Place) -> Scene:
    rosa, coming = at.world.actor("caseworker"), refer(at).do()
    return Scene(
        lambda: around.take_turn(rosa, around.TakeTurn(at.lin, coming, 1, "screened", "Two children")),
        lambda _: around.take_back_coming(rosa, at.lin, coming),
    )


def ask_more_time(at: Place) -> Scene:
    places.change_rules(at.boss, ChangeRules(at.north, 90, 60, 0))
    rosa, asks = at.world.actor("caseworker"), around.AskMoreTime(at.lin, at.stay.id, tonight() + 90 * DAY, "School")
    return Scene(lambda: around.ask_more_time(rosa, asks), lambda made: around.take_back_more_time(rosa, at.lin, made))


def decide_more_time(at: Place) -> Scene:
    made = ask_more_time(at).do()
    return Scene(
        lambda: around.decide_more_time(at.boss, around.Decide(at.lin, made, 1, "granted", "Gladly.")),
        lambda _: around.take_back_more_time(at.boss, at.lin, made),
    )


def agree_afterwards(at: Place) -> Scene:
    rosa = at.world.actor("caseworker")
    clients.save_contact(rosa, SaveContact(at.lin, 0, "text", "allowed", "2135550143", confirmed=tonight()))
    beds_of.leave(at.desk, Leave(at.lin, at.stay.id, tonight() - DAY, at.stay.days_version))
    agreed = around.AgreeAfterwards(at.lin, at.stay.id)
    return Scene(
        lambda: around.agree_afterwards(rosa, agreed), lambda made: around.take_back_afterwards(rosa, at.lin, made)
    )


def note_call(at: Place) -> Scene:
    rosa, made = at.world.actor("caseworker"), agree_afterwards(at).do()
    call = around.NoteCall(at.lin, made, 1, 30, "reached", "She is well", stop=True)
    return Scene(lambda: around.note_call(rosa, call), lambda _: around.take_back_afterwards(rosa, at.lin, made))


ROOMS: dict[str, list[Any]] = {
    "stays": [admit, correct, correct_bed, hold, leave, move, note_room, put_back, release, take_out],
    "desk": [
        *(change_waiting, follow_up, hand_over, handle, keep, keep_out, know, let_in_again, put_on_call, put_on_list),
        *(put_door_right, put_incident_right, put_note_right, put_request_right, put_thing_right),
        *(report, review, served, take_arrival, take_off_call, take_step, tick, turn_away, went, write_door),
    ],
    "course": [agree_afterwards, ask_more_time, decide_more_time, note_call, refer, take_turn],
}
PLAYED: dict[str, Callable[[Place], Scene]] = {
    f"{room}.{scene.__name__}": scene for room, scenes in ROOMS.items() for scene in scenes
}
"""Every act that can be taken back, by its room and name."""
