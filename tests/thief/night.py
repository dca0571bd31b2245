"""A night at the desk with words of its own in every field, and what is agreed around a stay beside it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from shelter.clients import actions as client_actions
from shelter.clients.parts import SaveContact
from shelter.course import actions as around
from shelter.desk import actions as night_desk
from shelter.desk.actions import (
    Arrival,
    Came,
    KeepOut,
    KeepThing,
    PutOnList,
    Report,
    ThingRight,
    Ticking,
    ToKnow,
    Turn,
    TurnAway,
)
from shelter.places import actions as places
from shelter.places.actions import ChangeRules
from shelter.rules.clock import frozen
from shelter.rules.desk import missing_steps
from shelter.rules.rollcall import Seen
from shelter.services import actions as services
from shelter.services.actions import EnterService
from shelter.stays import actions as stays
from shelter.stays.actions import Correct, Leave, Leaving, NoteRoom
from tests.factories.agency import World
from tests.factories.stays import DAY, make_beds, stay_of

DAY_ONE = date(2026, 12, 1)


def spend(world: World, words: Mapping[str, str]) -> None:
    """What the night desk writes down, each entry put right once, and what is said around her stay."""
    with frozen(datetime(2026, 12, 1, 20, tzinfo=UTC)):
        code = _at_the_door(world, words)
        _books(world, words, code)
        _lists(world, words)
        _kept(world, words, code)
        _around_her_stay(world, words, code)


def _at_the_door(world: World, words: Mapping[str, str]) -> str:
    night = world.actor("desk")
    told = Arrival(
        beds=(make_beds(world)["A"],),
        arrived=DAY_ONE,
        working_name=words["told at the door"],
        pronouns=words["told at the door"],
        allergies=words["told at the door"],
        legal_name=words["name told at the door"],
        danger_names=(words["danger told at the door"],),
        danger=words["told at the door"],
        at_door=words["looks for the door"],
    )
    code = night_desk.take_arrival(night, told).codes[0]
    night_desk.tick(night, Ticking(code, DAY_ONE, Seen.AWAY))
    night_desk.take_step(night, code, DAY_ONE, next(iter(missing_steps())))
    boss = world.actor("supervisor")
    night_desk.check(boss, code)
    night_desk.settle(boss, code, 2, stands=False, note=words["looked at"])
    return code


def _books(world: World, words: Mapping[str, str], code: str) -> None:
    night, north = world.actor("desk"), world.sites["north"]
    said = words["hand-over"]
    note = night_desk.hand_over(night, north, said, said)
    night_desk.put_note_right(night, note, 1, said, said, words["why put right"])
    said = words["incident"]
    report = Report(north, "injury", DAY_ONE, None, said, (code,), said, False, False, night.id)
    incident = night_desk.report(night, report)
    night_desk.follow_up(night, incident, 1, said, done=False, told_funder=False)
    night_desk.put_incident_right(night, incident, 2, report, words["why put right"])
    came = Came(north, "visitor", words["visitor"], words["visitor"], (code,))
    entry = night_desk.write_door(night, came)
    night_desk.put_door_right(night, entry, 1, came, words["why put right"])
    boss, said = world.actor("supervisor"), words["on call"]
    night_desk.put_on_call(boss, Turn(north, boss.id, DAY_ONE, DAY_ONE, said, said))


def _lists(world: World, words: Mapping[str, str]) -> None:
    """Each line changed once, so that what stood lies beside it."""
    night, north, said = world.actor("desk"), world.sites["north"], words["not to admit"]
    line = KeepOut(north, (said,), said, said, date(2027, 1, 1))
    night_desk.review(night, night_desk.keep_out(night, line), line, 1)
    waits = PutOnList(
        *(north, words["who waits"], 1, 0, (), "now", "text"),
        value=words["how to reach who waits"],
        say=words["who waits"],
    )
    night_desk.change_waiting(night, night_desk.put_on_list(night, waits), 1, waits)
    asked = TurnAway(north, DAY_ONE, 1, 2, "capacity", words["turned away"])
    night_desk.put_request_right(night, night_desk.turn_away(night, asked), 1, asked, words["why put right"])


def _kept(world: World, words: Mapping[str, str], code: str) -> None:
    night, said = world.actor("desk"), words["kept thing"]
    thing = night_desk.keep(night, KeepThing(code, "mail", said, said))
    right = ThingRight(code, thing, 1, "mail", said, said, "handed_out", words["why put right"])
    night_desk.put_thing_right(night, right)
    services.give_in_house(night, EnterService((code,), "crisis", DAY_ONE, words=words["service of the desk"]))
    said = words["custody order"]
    told = ToKnow(
        pet=said, pet_care=said, school=said, picks_up=said, custody=said, immunisation=said, mandated_report=said
    )
    night_desk.know(night, code, 0, told)
    night_desk.know(night, code, 1, told)


def _around_her_stay(world: World, words: Mapping[str, str], code: str) -> None:
    boss, north, said = world.actor("supervisor"), world.sites["north"], words["around a stay"]
    coming = around.refer(boss, around.Refer(code, north, DAY_ONE, 1, said, said))
    around.take_turn(boss, around.TakeTurn(code, coming, 1, "screened", said))
    stay = stay_of(code).id
    for version in (0, 1):
        stays.note_room(boss, NoteRoom(code, stay, version, DAY_ONE + 9 * DAY, notes=words["room"]))
    places.change_rules(boss, ChangeRules(north, 90, 60, 0))
    asked = around.ask_more_time(boss, around.AskMoreTime(code, stay, DAY_ONE + 90 * DAY, said))
    around.decide_more_time(boss, around.Decide(code, asked, 1, "granted", said))
    rule = SaveContact(code, 0, "text", "allowed", "2135550143", say="the dentist", confirmed=DAY_ONE)
    client_actions.save_contact(boss, rule)
    stays.correct(boss, Correct(code, stay, 1, words["why put right"], DAY_ONE - 3 * DAY, None))
    said = words["leaving"]
    leaving = Leaving(destination="family_for_good", reason=said, belongings=said, forwarding=said)
    stays.leave(boss, Leave(code, stay, DAY_ONE, 2, leaving))
    after = around.agree_afterwards(boss, around.AgreeAfterwards(code, stay))
    around.note_call(boss, around.NoteCall(code, after, 1, 30, "not_reached", words["around a stay"]))
