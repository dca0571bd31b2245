"""A funder's file from import to hand-over: true to a published kit, two people, once, and never a number on a page."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from shelter.clients.actions import merge, undo_merge
from shelter.db import db
from shelter.db.errors import NoKey
from shelter.db.sections import open_section
from shelter.funders import actions, queries
from shelter.funders.actions import Prepare
from shelter.funders.models import CONTENT, FunderContent
from shelter.funders.records import assembled
from shelter.policy.errors import Denied
from shelter.reports import ledger
from shelter.rules.apr.records import Leaving as Left
from shelter.rules.broken import Broken
from shelter.stays.actions import Admit, Leave, admit, leave
from shelter.stays.models import Leaving
from tests.exchange.hmis.conftest import shared_data
from tests.exchange.hmis.sample import tables
from tests.factories import stays
from tests.factories.agency import World
from tests.factories.clients import begin
from tests.factories.exports import bring_in, bring_in_tables
from tests.reports.conftest import Browser, Hands, at, hands

__all__ = ["at", "hands", "shared_data"]
At = Callable[[str], Browser]
YEAR = Prepare("caper", "fy2022", date(2020, 10, 1), date(2021, 9, 30), "ESG, for the county")


def only_file(world: World, who: str = "preparer") -> queries.File:
    (found,) = queries.files(world.actor(who))
    return found


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name.removesuffix(".csv"): archive.read(name) for name in archive.namelist()}


def test_the_kit_comes_out_of_the_sealed_ledger_to_the_letter(world: World, shared_data: Path) -> None:
    bring_in(world, shared_data / "hmis_caper_fy2021" / "input")
    actions.prepare(world.actor("preparer"), YEAR)
    made = only_file(world)
    assert (made.about.tables, made.about.unbalanced) == (40, 0)
    actions.agree(world.actor("director"), made.id)
    handed = actions.hand_over(world.actor("preparer"), made.id)
    ours = unpacked(handed.content)
    theirs = {path.stem: path.read_bytes() for path in (shared_data / "hmis_caper_fy2021" / "expected").glob("*.csv")}
    assert ours.keys() == theirs.keys()
    assert [name for name in theirs if ours[name] != theirs[name]] == ["Q4a"]


def test_nobody_agrees_to_her_own_file_and_it_leaves_once(world: World) -> None:
    preparer, director = world.actor("preparer"), world.actor("director")
    actions.prepare(preparer, YEAR)
    file = only_file(world).id
    with pytest.raises(Broken, match=r"funders\.over"):
        actions.hand_over(preparer, file)
    with pytest.raises(Broken, match=r"funders\.yourself"):
        actions.agree(preparer, file)
    with pytest.raises(Denied):
        actions.prepare(director, YEAR)
    actions.agree(director, file)
    with pytest.raises(Denied):
        actions.hand_over(director, file)
    assert actions.hand_over(preparer, file).content[:2] == b"PK"
    with pytest.raises(Broken, match=r"funders\.over"):
        actions.hand_over(preparer, file)
    assert db.session.scalar(select(func.count()).select_from(FunderContent)) == 0
    assert only_file(world).state == "given"


def test_a_director_holds_no_key_to_what_is_inside(world: World) -> None:
    stays.resident(world, stays.make_beds(world)["A"])
    with pytest.raises(NoKey):
        assembled(world.actor("director"))
    actions.prepare(world.actor("preparer"), YEAR)
    held = db.session.scalars(select(FunderContent)).one()
    with pytest.raises(NoKey):
        open_section(world.actor("director"), held, CONTENT)


def test_what_is_dropped_is_gone(world: World) -> None:
    preparer = world.actor("preparer")
    actions.prepare(preparer, YEAR)
    actions.drop_file(preparer, only_file(world).id)
    assert db.session.scalar(select(func.count()).select_from(FunderContent)) == 0
    with pytest.raises(Broken, match=r"funders\.over"):
        actions.agree(world.actor("director"), only_file(world).id)


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (date(2026, 3, 1), date(2026, 2, 1), "funders.backwards"),
        (date(2024, 1, 1), date(2025, 6, 1), "funders.too-long"),
        (date(2026, 9, 1), date(2026, 10, 20), "funders.still-running"),
    ],
)
def test_a_period_is_over_and_no_longer_than_a_year(world: World, first: date, last: date, why: str) -> None:
    with pytest.raises(Broken, match=why):
        actions.prepare(world.actor("preparer"), Prepare("caper", "fy2026", first, last, "x"))


def test_a_stay_of_the_house_is_an_enrollment_with_its_way_out(world: World) -> None:
    code = stays.resident(world, stays.make_beds(world)["A"])
    preparer, stay = world.actor("preparer"), stays.stay_of(code)
    (found,) = assembled(preparer).enrollments
    assert (found.relationship, found.leaving, found.entry) == (1, None, stays.tonight())
    assert code not in repr(assembled(preparer))
    went = Leaving(destination="own_rental")
    leave(world.actor("desk"), Leave(code, stay.id, stays.tonight(), stay.days_version, went))
    (found,) = assembled(preparer).enrollments
    assert found.leaving == Left(day=stays.tonight(), destination=410)


def test_two_codes_of_one_person_are_one_length_of_stay_until_it_is_undone(world: World) -> None:
    """The kept record left first: the length that HUD asks for runs from the first day to the last of either."""
    beds, start = stays.make_beds(world), stays.tonight() - timedelta(days=20)
    kept, gone = (
        stays.resident(world, beds["A"], since=start),
        stays.resident(world, beds["B"], since=start + stays.DAY),
    )
    leave(world.actor("desk"), Leave(kept, stays.stay_of(kept).id, start + timedelta(days=5), 1))
    went = Leaving(destination="own_rental")
    leave(world.actor("desk"), Leave(gone, stays.stay_of(gone).id, start + timedelta(days=9), 1, went))
    preparer, sofia = world.actor("preparer"), world.actor("supervisor")
    before = assembled(preparer)
    assert len({one.household for one in before.enrollments}) == 2
    merge(sofia, gone, kept)
    whole = assembled(preparer)
    (one,) = whole.enrollments
    assert len(whole.people) == 1
    assert (one.entry, one.relationship) == (start, 1)
    assert one.leaving == Left(day=start + timedelta(days=9), destination=410)
    undo_merge(sofia, gone)
    assert assembled(preparer) == before


def test_two_who_are_joined_the_other_way_round_are_one_household_with_its_head(world: World) -> None:
    """The mother came first under the code of one household, her child under that of the other."""
    beds, day = stays.make_beds(world, labels="ABCD"), stays.tonight() - 9 * stays.DAY
    small, young = (begin(world, called=name) for name in ("Bo", "Bob"))
    mother = stays.resident(world, beds["A"], since=day)
    other = stays.resident(world, beds["B"], since=day + stays.DAY, guests=(stays.guest(small, beds["C"]),))
    admit(world.actor("caseworker"), Admit(young, beds["D"], day + 2 * stays.DAY, joins=mother))
    for gone, kept in ((other, mother), (small, young)):
        merge(world.actor("supervisor"), gone, kept)
    found = assembled(world.actor("preparer")).enrollments
    assert sorted(one.relationship for one in found) == [1, 5]
    assert len({one.household for one in found}) == 1


def test_exact_records_say_the_same_folded_or_waiting(world: World, tmp_path: Path) -> None:
    bring_in_tables(world, tmp_path, tables())
    preparer = world.actor("preparer")
    before = assembled(preparer)
    assert before.people
    actions.prepare(preparer, YEAR)
    assert ledger.waiting(preparer, ledger.Kind.EXACT) == 0
    assert assembled(preparer) == before


def test_pages_name_no_number_and_ask_to_confirm(world: World, at: At, hands: Hands) -> None:
    preparer = at("preparer")
    said = {"report": "caper", "rules": "fy2026", "first": "2025-10-01", "last": "2026-09-30"}
    page = preparer.post("/funder-files/prepare", "/funder-files/prepare", **said, purpose="")
    assert page.status_code == 422
    assert "Write for whom it is" in page.text
    made = preparer.post("/funder-files/prepare", "/funder-files/prepare", **said, purpose="For HUD")
    assert made.status_code == 302
    shown = preparer.get("/funder-files/").text
    assert "Balanced" in shown
    assert "Agree to hand it over" not in shown
    director = at("director")
    assert "Agree to hand it over" in director.get("/funder-files/").text
    hands.later(timedelta(minutes=11))
    file = only_file(world).id.hex()
    asked = director.post(f"/funder-files/{file}/agree", "/funder-files/")
    assert asked.status_code == 403  # first her passphrase again
    assert only_file(world).state == "waiting"
