"""A portal's form from the record to the hand-over: exact days, two people, and no name to the preparer."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from shelter.clients.actions import SaveHappened, SaveHerself, add_member, save_happened, save_herself
from shelter.clients.parts import AddMember, FirstMeeting, Told
from shelter.db import db
from shelter.db.errors import Missing, NoKey
from shelter.db.inbox import emit
from shelter.funders import actions, queries
from shelter.funders.actions import AddGrant, FillForm
from shelter.funders.models import FunderContent
from shelter.funders.records import answer_of, history_of
from shelter.policy.errors import Denied
from shelter.policy.kinds import Kind
from shelter.rules.broken import Broken
from shelter.rules.performance import Window
from shelter.rules.services import service_book
from shelter.services.actions import CountNobody, TakeBack, count_nobody, take_back
from shelter.services.facts import Given, of_service
from shelter.services.models import ServiceText
from shelter.stays.actions import Admit, Guest, NoteRoom, admit, note_room
from shelter.trail.record import recorded
from tests.factories import clients, stays
from tests.factories.agency import World
from tests.factories.services import enter, hers
from tests.reports.conftest import TUESDAY, Browser, Hands, at, hands

__all__ = ["at", "hands"]
At = Callable[[str], Browser]
QUARTER = Window(2026, 4)
JULY = date(2026, 7, 14)


def fill_form(world: World, form: str = "ovc_pmt", window: Window = QUARTER, **more: object) -> bytes:
    return actions.fill_form(world.actor("preparer"), FillForm(form, window, "VOCA, for the state", **more))  # type: ignore[arg-type]


def numbers(world: World, file: bytes) -> dict[str, tuple[int | None, int]]:
    """Number and records by "question|row|column"."""
    worked = queries.worked(world.actor("preparer"), file)
    every = (told for question in worked.questions for line in question.lines for told in line.told)
    return {f"{one.section}|{one.row}|{one.column}": (one.number, one.records) for one in every}


def a_quarter(world: World) -> list[str]:
    """Ana: a bed from 20 September, rides; Bea: a group with Ana, coded answers; three calls of nobody."""
    ana = stays.resident(world, stays.make_beds(world)["A"], called="Ana", since=date(2026, 9, 20))
    bea = clients.begin(world, called="Bea")
    enter(world, ana, what="transport", on=date(2026, 9, 21), times=2)
    enter(world, ana, bea, what="support_group", on=date(2026, 9, 22), group=True, why="came to us before")
    enter(world, bea, what="crisis", on=date(2026, 10, 1), why="came to us before")
    happened = SaveHappened(bea, 0, trafficking_status="actual", trafficking_kind="both", victimisations=("stalking",))
    save_happened(world.actor("caseworker"), happened)
    save_herself(world.actor("caseworker"), SaveHerself(bea, 0, race_ethnicity=("asian", "white"), sex_asked="female"))
    for _ in range(3):
        count = CountNobody(world.sites["north"], "call", date(2026, 8, 2), flags=("anonymous",))
        count_nobody(world.actor("desk"), count)
    return [ana, bea]


def test_a_quarter_from_the_record_to_the_portal(world: World) -> None:
    a_quarter(world)
    told = numbers(world, fill_form(world))
    assert told["1|1|people"] == (2, 4)  # a stay, a ride, two in the group
    assert told["2|1|times"] == (3, 3)
    assert told["3|1|people"][0] == 2
    assert (told["8|B9|people"], told["8|B9|times"]) == ((1, 1), (2, 1))
    assert (told["8|C5|people"], told["8|C5|times"]) == ((2, 2), (2, 2))
    assert told["8|D1|times"] == (11, 1)  # 20 to 30 September
    assert told["8|C1|people"] == (0, 0)  # the first of October lies in the next quarter
    assert [told[f"5A|{row}|people"][0] for row in (14, 15, 22)] == [1, 1, 1]
    assert [told[place][0] for place in ("5B|1|people", "4A|8|people", "4A|9|people", "4B|2|people")] == [1, 1, 1, 1]
    assert [one.section for one in queries.worked(world.actor("preparer"), fill_form(world)).warnings] == []


def test_what_is_taken_back_counts_no_more(world: World) -> None:
    ana, _ = a_quarter(world)
    ride = next(one for one in hers(world, ana) if one.text.what == "transport")
    take_back(world.actor("caseworker"), TakeBack(ana, ride.id, 1, "a slip"))
    assert numbers(world, fill_form(world))["8|B9|times"] == (0, 0)


def test_agreed_leave_is_no_night_in_a_bed(world: World, hands: Hands) -> None:
    hands.now = datetime(2026, 9, 24, 18, tzinfo=UTC)
    ana = stays.resident(world, stays.make_beds(world)["A"], called="Ana", since=date(2026, 9, 20))
    stay = stays.stay_of(ana)
    away = NoteRoom(ana, stay.id, stay.room_version, away_from=date(2026, 9, 25), back_day=date(2026, 9, 28))
    note_room(world.actor("desk"), away)
    hands.now = TUESDAY
    assert numbers(world, fill_form(world))["8|D1|times"] == (8, 1)


def test_a_service_from_before_exact_records_had_services_counts_in_its_month_and_once(world: World) -> None:
    code = clients.begin(world, called="Ana")
    client, worker = clients.client_id(code), world.actor("caseworker")
    text = ServiceText(what="transport", on=JULY, by=worker.id, at=TUESDAY)
    with recorded(worker, "told"):
        told = of_service(Given(client, world.sites["north"], bytes(16), 1, Kind.ADVOCACY, text))
        emit(worker, [told])
    assert numbers(world, fill_form(world))["8|B9|times"] == (1, 1)
    enter(world, code, what="transport", on=JULY, why="before")
    assert numbers(world, fill_form(world))["8|B9|times"] == (2, 2)


def test_a_house_is_counted_by_itself(world: World) -> None:
    a_quarter(world)
    here, there = world.sites["north"].hex(), world.sites["south"].hex()
    assert numbers(world, fill_form(world, projects=(here,)))["1|1|people"] == (2, 4)
    assert numbers(world, fill_form(world, projects=(there,)))["1|1|people"] == (0, 0)


def test_a_grant_counts_the_services_of_its_funds_alone_and_so_does_who_asks_about_a_number(world: World) -> None:
    code = clients.begin(world, called="Ana")
    funds = list(service_book().funds)[:2]
    for fund in (*funds, ""):
        enter(world, code, what="transport", on=JULY, why="before", fund=fund)
    preparer = world.actor("preparer")
    actions.add_grant(preparer, AddGrant("90VO0001", "ovc_pmt", (funds[0],)))
    actions.add_grant(preparer, AddGrant("90VO0002", "ovc_pmt"))
    one, every = (grant.id for grant in queries.grants(preparer))
    assert numbers(world, fill_form(world, grant=one))["8|B9|times"] == (1, 1)
    assert numbers(world, fill_form(world, grant=every))["8|B9|times"] == (3, 3)
    assert numbers(world, fill_form(world))["8|B9|times"] == (3, 3)
    about = next(file.about for file in queries.files(preparer) if file.about.funds)
    assert len(answer_of(preparer, about, "8", "B9").sources) == 1
    with pytest.raises(Broken):
        fill_form(world, "fvpsa_ppr", grant=one)


def test_the_page_says_who_was_never_asked_and_that_nights_are_of_no_fund(world: World, at: At, hands: Hands) -> None:
    code = clients.begin(world, called="Ana")
    funds = list(service_book().funds)[:1]
    enter(world, code, what="transport", on=JULY, why="before", fund=funds[0])
    preparer = world.actor("preparer")
    actions.add_grant(preparer, AddGrant("90FV0001", "fvpsa_ppr", (funds[0],)))
    (grant,) = queries.grants(preparer)
    browser = at("preparer")
    page = browser.get(f"/funder-files/{fill_form(world, 'fvpsa_ppr', grant=grant.id).hex()}/counted").text
    assert "1 person with a service or a night in this period is in none of them" in page
    assert "Nights belong to no fund" in page
    everybody = browser.get(f"/funder-files/{fill_form(world).hex()}/counted").text
    assert "What these numbers leave out" not in everybody


def test_a_child_who_came_with_a_client_is_a_relative_served(world: World) -> None:
    caseworker, beds = world.actor("caseworker"), stays.make_beds(world)
    mother = clients.begin(world, called="Ana")
    child = add_member(caseworker, AddMember(mother, FirstMeeting("Bo"), "child", Told("exact", 2019, 2, 3)))
    admit(caseworker, Admit(mother, beds["A"], date(2026, 9, 20), (Guest(child, beds["B"]),)))
    save_happened(caseworker, SaveHappened(mother, 0, trafficking_status="actual"))
    save_herself(caseworker, SaveHerself(mother, 0, immigration_at_intake="none"))
    actions.add_grant(world.actor("preparer"), AddGrant("90ZV0001", "tvap"))
    (grant,) = queries.grants(world.actor("preparer"))
    told = numbers(world, fill_form(world, "tvap", grant=grant.id))
    assert told["1|1|people"][0] == 1
    assert [told[f"R|{row}|people"][0] for row in range(1, 7)] == [0, 1, 0, 0, 0, 0]


def test_a_harm_told_by_an_anonymous_caller_reaches_the_portal(world: World) -> None:
    told = {"flags": ("anonymous",), "harm": ("stalking", "robbery")}
    count_nobody(world.actor("desk"), CountNobody(world.sites["north"], "call", JULY, **told))  # type: ignore[arg-type]
    found = numbers(world, fill_form(world))
    assert [found[place][0] for place in ("5A|22|people", "5A|21|people", "5B|1|people", "1|1|people")] == [1, 1, 1, 0]
    with pytest.raises(Broken):
        count_nobody(world.actor("desk"), CountNobody(world.sites["north"], "call", JULY, harm=("gossip",)))


def test_only_a_preparer_counts_and_sees_how(world: World) -> None:
    a_quarter(world)
    with pytest.raises(Denied):
        actions.fill_form(world.actor("director"), FillForm("ovc_pmt", QUARTER, "x"))
    with pytest.raises(NoKey):
        history_of(world.actor("director"))
    file = fill_form(world)
    with pytest.raises(Denied):
        queries.worked(world.actor("director"), file)


@pytest.mark.parametrize(
    ("window", "why"), [(Window(2027, 1), "funders.still-running"), (Window(2015, 1), "funders.no-rules")]
)
def test_a_period_is_over_and_has_rules(world: World, window: Window, why: str) -> None:
    with pytest.raises(Broken, match=why):
        fill_form(world, window=window)


def test_two_people_and_a_file_to_type_from_without_a_name_or_a_formula(world: World) -> None:
    codes = a_quarter(world)
    file = fill_form(world)
    actions.agree(world.actor("director"), file)
    handed = actions.hand_over(world.actor("preparer"), file)
    with zipfile.ZipFile(io.BytesIO(handed.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(files) == ["ovc_pmt.csv", "ovc_pmt.pdf", "ovc_pmt.xlsx"]
    rows = list(csv.reader(io.StringIO(files["ovc_pmt.csv"].decode("utf-8-sig"))))
    assert ["8", "D1", "Emergency shelter or safe house", "times", "11", "1"] in rows
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(files["ovc_pmt.xlsx"])).get_sheet_by_index(0).to_python()
    assert ["8", "D1", "Emergency shelter or safe house", "times", 11.0, 1.0] in [row[:6] for row in sheet]
    with zipfile.ZipFile(io.BytesIO(files["ovc_pmt.xlsx"])) as book:
        assert not [name for name in book.namelist() if b"<f>" in book.read(name)]
    assert files["ovc_pmt.pdf"][:4] == b"%PDF"
    assert not [code for code in codes for raw in files.values() if code.encode() in raw]
    assert db.session.scalar(select(func.count()).select_from(FunderContent)) == 0
    with pytest.raises(Missing):
        queries.worked(world.actor("preparer"), file)


def test_the_same_records_give_the_same_file(world: World) -> None:
    a_quarter(world)
    fill_form(world)
    fill_form(world)
    assert len({one.about.digest for one in queries.files(world.actor("preparer"))}) == 1


def test_through_the_pages_a_preparer_counts_and_a_director_agrees(world: World, at: At, hands: Hands) -> None:
    codes = a_quarter(world)
    preparer = at("preparer")
    page = preparer.post("/funder-files/portal", "/funder-files/portal", form="ovc_pmt", period="2026-4", purpose="")
    assert page.status_code == 422
    said = {"form": "ovc_pmt", "period": "2026-4", "purpose": "For the state"}
    assert preparer.post("/funder-files/portal", "/funder-files/portal", **said).status_code == 302
    (made,) = queries.files(world.actor("preparer"))
    counted = preparer.get(f"/funder-files/{made.id.hex()}/counted")
    assert counted.status_code == 200
    assert "Served in this period and not before in this fiscal year" in counted.text
    assert not [code for code in codes if code in counted.text]
    assert "Ana" not in counted.text
    director = at("director")
    assert "How it was counted" not in director.get("/funder-files/").text
    assert director.get(f"/funder-files/{made.id.hex()}/counted").status_code == 403
    assert director.post(f"/funder-files/{made.id.hex()}/agree", "/funder-files/").status_code == 302
    handed = preparer.post(f"/funder-files/{made.id.hex()}/hand-over", "/funder-files/")
    assert handed.data[:2] == b"PK"
    assert preparer.get(f"/funder-files/{made.id.hex()}/counted").status_code == 404
