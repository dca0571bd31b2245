"""What colleagues do reaches the ledger in whole months and years, through the use-cases behind their pages."""

from datetime import date, timedelta

from shelter.clients import actions as clients
from shelter.clients.parts import Born, Part, Progress, SavePart, Told
from shelter.legal import actions as legal
from shelter.legal.commands import ChangeMatter, MoveStage, OpenMatter
from shelter.reports.ledger import current
from shelter.stays import actions as stays
from shelter.stays.actions import Leave, Move, NoteRoom
from tests.factories.agency import World
from tests.factories.clients import begin, give_advocate
from tests.factories.stays import make_beds, resident, stay_of, tonight

DAY = timedelta(days=1)
Values = dict[str, str | int]


def said(world: World, what: str) -> list[Values]:
    """What the director's ledger holds of one kind of fact."""
    return [fact.values for fact in current(world.actor("director")) if fact.what == what]


def test_a_new_client_is_a_person_of_unknown_age_and_her_year_follows(world: World) -> None:
    code = begin(world)
    assert said(world, "person") == [{"born": 0, "language": "unknown"}]
    answer = Told("exact", 1991, 4, 17)
    clients.save_part(
        world.actor("caseworker"), SavePart(code, Part.BIRTH, 0, Born(birth=answer), progress=Progress.DONE)
    )
    assert said(world, "person") == [{"born": 1991, "language": "unknown"}]


def test_a_stay_says_site_and_months_and_its_changes_replace_it(world: World) -> None:
    beds, today = make_beds(world), tonight()
    code = resident(world, beds["A"], since=today - 40 * DAY)
    open_stay: Values = {"site": world.sites["north"].hex(), "from": f"{today - 40 * DAY:%Y-%m}", "until": ""}
    assert said(world, "stay") == [open_stay]
    stay = stay_of(code)
    stays.move(world.actor("caseworker"), Move(code, stay.id, beds["B"], today, stay.days_version))
    assert said(world, "stay") == [open_stay]
    stay = stay_of(code)
    undo = stays.leave(world.actor("caseworker"), Leave(code, stay.id, today, stay.days_version))
    assert said(world, "stay") == [open_stay | {"until": f"{today - DAY:%Y-%m}", "stay": "90"}]
    stays.undo(world.actor("caseworker"), undo)
    assert said(world, "stay") == [open_stay]


def test_a_stay_that_was_taken_back_counts_for_nothing(world: World) -> None:
    beds = make_beds(world)
    code = begin(world)
    undo = stays.admit(world.actor("caseworker"), stays.Admit(code, beds["A"], tonight()))
    assert len(said(world, "stay")) == 1
    stays.undo(world.actor("caseworker"), undo)
    assert said(world, "stay") == []


def test_what_the_desk_notes_of_a_room_tells_the_ledger_nothing(world: World) -> None:
    code = resident(world, make_beds(world)["A"])
    before = current(world.actor("director"))
    stays.note_room(world.actor("desk"), NoteRoom(code, stay_of(code).id, 0, notes="Sleeps badly"))
    assert current(world.actor("director")) == before


def test_leaving_on_the_first_of_a_month_ends_with_the_last_night_before(world: World) -> None:
    today = tonight()
    first = today.replace(day=1)
    code = resident(world, make_beds(world)["A"], since=first - 5 * DAY)
    stay = stay_of(code)
    stays.leave(world.actor("caseworker"), Leave(code, stay.id, first, stay.days_version))
    assert [one["until"] for one in said(world, "stay")] == [f"{first - DAY:%Y-%m}"]


def test_a_matter_says_her_site_its_months_and_a_group_of_kinds(world: World) -> None:
    code = begin(world)
    give_advocate(world, code)
    opened = OpenMatter(code, "protection_order", date(2026, 3, 2), None, "Scope words", ("Adversary Mortimer",), "")
    matter = legal.open_matter(world.actor("advocate"), opened)
    open_matter: Values = {"site": world.sites["north"].hex(), "from": "2026-03", "until": "", "matter": "other"}
    assert said(world, "matter") == [open_matter]
    legal.change_matter(world.actor("advocate"), ChangeMatter(code, matter, 1, "Other words", (), ""))
    assert said(world, "matter") == [open_matter]
    closed = MoveStage(code, matter, 1, "withdrawn", date(2026, 8, 31))
    legal.move_stage(world.actor("advocate"), closed)
    assert said(world, "matter") == [open_matter | {"until": "2026-08", "outcome": "withdrawn"}]


def test_no_fact_holds_a_day_a_name_or_an_id(world: World) -> None:
    code = resident(world, make_beds(world)["A"], called="Quellmann")
    stay = stay_of(code)
    for fact in current(world.actor("director")):
        assert set(fact.values) <= {"born", "language", "site", "from", "until"}
        assert all(len(str(value)) in {0, 1, 4, 7, 32} for value in fact.values.values())
        assert not {stay.id, stay.client_id} & {fact.person, fact.source}
