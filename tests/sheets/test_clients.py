"""People from a sheet: all of it or none, found and counted like anybody else, and gone again when it is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from shelter.clients import actions as client_actions
from shelter.clients.models import DESK_CARD, IDENTITY, Client, DeskCard, Identity
from shelter.clients.queries import find
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.keystore import KeyDek, KeyTombstone
from shelter.db.sections import open_section
from shelter.db.transaction import write_transaction
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.rules.clock import frozen, now
from shelter.sheets import actions, queries
from shelter.sheets.actions import BRING_TOO, BringIn
from shelter.sheets.models import SheetImport, SheetMatch, SheetRows
from shelter.sheets.upkeep import DUTIES
from shelter.trail.rows import wrong_rows
from tests.factories.agency import World
from tests.factories.clients import named, save_names
from tests.factories.exports import WRITTEN_ALONG, everything
from tests.factories.services import told
from tests.factories.sheets import English, as_csv, brought, looked_at, sent

HEADINGS = ["Client ID", "First name", "Last name", "DOB", "Languages", "Phone", "A-number", "Referred by"]
ANA = ["1042", "Ana", "Prueba Ejemplo", "02/03/1990", "Spanish, English", "213 555 0100", "A200300400", ""]
LUZ = ["1043", "Luz", "Muestra", "1985", "spa", "", "", ""]


def people(world: World) -> dict[str, tuple[Client, Identity, DeskCard]]:
    actor, found = world.actor("supervisor"), {}
    for row in db.session.scalars(select(Client)):
        identity, card = open_section(actor, row, IDENTITY), open_section(actor, row, DESK_CARD)
        assert identity is not None
        assert card is not None
        found[identity.legal_name] = (row, identity, card)
    return found


def test_people_come_in_as_the_first_meeting_makes_them(world: World) -> None:
    supervisor = world.actor("supervisor")
    brought(supervisor, "clients", [HEADINGS, ANA, LUZ])
    found = people(world)
    client, identity, card = found["Ana Prueba Ejemplo"]
    assert client.site_id == world.sites["north"]
    assert (identity.birth.precision, identity.birth.year, identity.birth.month) == ("exact", 1990, 2)
    assert found["Luz Muestra"][1].birth.precision == "approximate"
    assert identity.languages == ["spa", "eng"]
    assert card.languages == ["spa", "eng"]
    assert card.working_name == ""
    assert [(rule.value, rule.allowed) for rule in identity.contact] == [("213 555 0100", "not_asked")]
    assert [hit.code for hit in find(supervisor, "ejemplo ana")] == [client.code]
    assert [hit.code for hit in find(supervisor, "A200300400")] == [client.code]
    assert [hit.code for hit in find(supervisor, "2135550100")] == [client.code]
    assert len(told(world, "person")) == 2
    assert wrong_rows() == []


def test_what_waited_is_gone_once_it_is_in_and_only_the_way_back_stays(world: World) -> None:
    coming = brought(world.actor("supervisor"), "clients", [HEADINGS, ANA])
    rows = db.session.scalars(select(SheetRows).where(SheetRows.import_id == coming)).all()
    assert [row.sheet for row in rows] == [-1]
    text = queries.done(world.actor("supervisor"), coming)
    assert text.counts == {"client": 1}
    assert "Prueba" not in repr(queries.imports(world.actor("supervisor")))


def test_one_wrong_row_keeps_all_of_them_out(world: World) -> None:
    supervisor = world.actor("supervisor")
    bad = ["1044", "", "", "31/31/1990", "", "", "12", ""]
    coming = sent(supervisor, "clients", [HEADINGS, ANA, bad])
    found = looked_at(supervisor, coming)
    assert [(one.row, one.column) for one in found.problems] == [(3, "born"), (3, "a_number")]
    before = everything(but=WRITTEN_ALONG)
    with pytest.raises(Broken) as broken:
        actions.bring_in(supervisor, BringIn(coming, English()))
    assert broken.value.message_key == "sheets.rows_are_wrong"
    assert everything(but=WRITTEN_ALONG) == before


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([["Last name"], ["x" * 101]], ("last_name", "sheets.cell_too_long")),
        ([["Name", "DOB"], ["Ana", "2050-01-01"]], ("born", "sheets.future_day")),
        ([["Name", "Referred by"], ["Ana", "a friend of mine"]], ("referral_source", "sheets.not_in_list")),
        ([["Name", "House"], ["Ana", "South House"]], ("site", "sheets.no_such_site")),
        ([["Name", "Id"], ["Ana", "7"], ["Bea", "7"]], ("number", "sheets.number_twice")),
        ([["Name", "Pronouns"], ["", "she"]], ("legal_name", "sheets.no_name")),
    ],
)
def test_what_a_form_would_refuse_is_refused_with_row_column_and_reason(
    world: World, rows: list[list[str]], wrong: tuple[str, str]
) -> None:
    supervisor = world.actor("supervisor")
    found = looked_at(supervisor, sent(supervisor, "clients", rows))
    assert [(one.column, one.key) for one in found.problems] == [wrong]


def test_likely_repetitions_are_named_and_left_out_unless_she_says_otherwise(world: World) -> None:
    supervisor = world.actor("supervisor")
    code = named(world, "Ana Prueba Ejemplo")
    rows = [HEADINGS, ["", "Anna", "Prueba Ejemplo", "", "", "", "", ""], LUZ, [*LUZ[1:2], *LUZ[1:]]]
    found = looked_at(supervisor, sent(supervisor, "clients", rows))
    assert {number: (twin.key, twin.code, twin.other_row) for number, twin in found.twins.items()} == {
        2: ("sheets.same_name", code, 0),
        4: ("sheets.same_row", "", 3),
    }
    brought(supervisor, "clients", rows)
    assert sorted(people(world)) == ["Ana Prueba Ejemplo", "Luz Muestra"]
    brought(supervisor, "clients", rows, twins=BRING_TOO)
    assert "Anna Prueba Ejemplo" in people(world)


def test_somebody_at_another_house_is_no_more_than_somebody(world: World) -> None:
    named(world, "Ana Prueba Ejemplo", who="stranger", site="south")
    supervisor = world.actor("supervisor")
    found = looked_at(supervisor, sent(supervisor, "clients", [HEADINGS, ANA]))
    assert [twin.code for twin in found.twins.values()] == [""]


def test_a_whole_sheet_is_taken_back_with_names_numbers_keys_and_facts(world: World) -> None:
    supervisor = world.actor("supervisor")
    named(world, "Somebody Else")
    kept = everything(but=WRITTEN_ALONG | {"segment", "inbox", "sheet_match", "sheet_import", "key_dek"})
    coming = brought(supervisor, "clients", [HEADINGS, ANA, LUZ])
    gone = [row.id for row, _, _ in people(world).values() if row.identity_version == 1][-2:]
    assert actions.take_back(supervisor, coming) == 2
    after = everything(but=WRITTEN_ALONG | {"segment", "inbox", "sheet_match", "sheet_import", "key_dek"})
    assert after.pop("key_tombstone") != kept.pop("key_tombstone")
    assert after == kept
    assert db.session.scalars(select(KeyDek).where(KeyDek.subject_id.in_(gone))).all() == []
    assert set(db.session.scalars(select(KeyTombstone.subject_id))) == set(gone)
    assert find(supervisor, "ejemplo ana") == []
    assert find(supervisor, "A200300400") == []
    assert len([fact for fact in told(world, "person") if not fact.deleted]) == 1
    assert wrong_rows() == []
    found = looked_at(supervisor, sent(supervisor, "clients", [HEADINGS, ANA]))
    assert found.twins == {}


def test_what_people_have_worked_with_is_not_taken_back(world: World) -> None:
    supervisor = world.actor("supervisor")
    coming = brought(supervisor, "clients", [HEADINGS, ANA, LUZ])
    code = people(world)["Luz Muestra"][0].code
    save_names(supervisor, code, "Luz Muestra Segunda")
    assert queries.in_the_way(supervisor, coming) == [code]
    with pytest.raises(Broken) as broken:
        actions.take_back(supervisor, coming)
    assert broken.value.message_key == "sheets.worked_with_since"
    assert len(people(world)) == 2


def test_a_colleague_given_to_her_is_in_the_way_too(world: World) -> None:
    supervisor = world.actor("supervisor")
    coming = brought(supervisor, "clients", [HEADINGS, ANA])
    code = people(world)["Ana Prueba Ejemplo"][0].code
    client_actions.assign(supervisor, code, world.members["caseworker"].id)
    assert queries.in_the_way(supervisor, coming) == [code]


def test_after_a_week_the_way_back_is_gone_and_the_people_stay(world: World) -> None:
    supervisor = world.actor("supervisor")
    coming = brought(supervisor, "clients", [HEADINGS, ANA])
    with frozen(now() + timedelta(days=8)):
        late = world.actor("supervisor")
        with pytest.raises(Missing):
            actions.take_back(late, coming)
        tick()
    assert db.session.scalars(select(SheetImport)).all() == []
    assert db.session.scalars(select(SheetRows)).all() == []
    assert len(people(world)) == 1


def test_a_file_that_nobody_brings_in_is_gone_after_a_day_with_its_keys(world: World) -> None:
    keys = set(db.session.scalars(select(KeyDek.id)))
    sent(world.actor("supervisor"), "clients", [HEADINGS, ANA])
    with frozen(now() + timedelta(hours=25)):
        tick()
    assert db.session.scalars(select(SheetRows)).all() == []
    remembered = select(KeyDek.id).join(SheetMatch, SheetMatch.id == KeyDek.subject_id)
    assert set(db.session.scalars(select(KeyDek.id))) == keys | set(db.session.scalars(remembered))


def test_columns_are_remembered_for_the_next_file_with_the_same_headings(world: World) -> None:
    supervisor = world.actor("supervisor")
    rows = [["Persona", "Dia"], ["Ana Prueba", "05/02/1990"]]
    brought(supervisor, "clients", rows, targets=("legal_name", "born"), day_first=True)  # type: ignore[arg-type]
    again = actions.take_in(supervisor, "clients", as_csv(rows))
    said, is_known = queries.suggested(supervisor, queries.waiting(supervisor, again), {})
    assert is_known
    assert (said["column_0"], said["column_1"], said["days"]) == ("legal_name", "born", "day")
    assert people(world)["Ana Prueba"][1].birth.month == 2


def test_only_she_who_sent_it_sees_what_waits_and_only_supervisors_send(world: World) -> None:
    coming = sent(world.actor("supervisor"), "clients", [HEADINGS, ANA])
    for who in ("caseworker", "advocate", "director", "administrator", "desk"):
        with pytest.raises(Denied):
            queries.imports(world.actor(who))
    with pytest.raises(Missing):
        queries.waiting(world.actor("legal_supervisor"), coming)
    assert queries.imports(world.actor("legal_supervisor")) == []
    with pytest.raises(Broken):
        sent(world.actor("legal_supervisor"), "clients", [HEADINGS, ANA])


def tick() -> None:
    """What `tick` does for sheets: it holds no key."""
    for duty in DUTIES:
        with write_transaction():
            duty(now())
