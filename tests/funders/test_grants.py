"""Numbers of a grant: the same person, another number for another funder, and no way from it to her for one person."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from shelter.clients.actions import SaveHappened, SaveHerself, save_happened, save_herself
from shelter.db import db, pseudonyms
from shelter.db.errors import NoKey
from shelter.db.inbox import SAME
from shelter.db.sections import open_section
from shelter.funders import actions, queries
from shelter.funders.actions import AddGrant, FillForm
from shelter.funders.models import GRANT, FunderGrant
from shelter.policy.errors import Denied
from shelter.policy.kinds import Kind
from shelter.reports import ledger
from shelter.rules.broken import Broken
from shelter.rules.performance import Window
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.services import enter
from tests.reports.conftest import TUESDAY, Browser, Hands, at, hands

__all__ = ["at", "hands"]
At = Callable[[str], Browser]
QUARTER = Window(2026, 4)


def add(world: World, name: str) -> bytes:
    actions.add_grant(world.actor("preparer"), AddGrant(name, "tvap"))
    return next(one.id for one in queries.grants(world.actor("preparer")) if one.name == name)


def entries(world: World, grant: bytes | None) -> list[list[str]]:
    """Rows of the sheet of entries, handed over by two people."""
    command = FillForm("tvap", QUARTER, "OTIP", grant=grant)
    file = actions.fill_form(world.actor("preparer"), command)
    actions.agree(world.actor("director"), file)
    handed = actions.hand_over(world.actor("preparer"), file)
    with zipfile.ZipFile(io.BytesIO(handed.content)) as archive:
        return list(csv.reader(io.StringIO(archive.read("tvap-E.csv").decode("utf-8-sig"))))[1:]


def met_in_september(world: World, hands: Hands) -> str:
    hands.now = datetime(2026, 9, 14, 18, tzinfo=UTC)
    code = clients.begin(world, called="Ana")
    caseworker = world.actor("caseworker")
    save_happened(caseworker, SaveHappened(code, 0, trafficking_status="actual", trafficking_kind="labor"))
    save_herself(caseworker, SaveHerself(code, 0, immigration_at_intake="none", race_ethnicity=("asian",)))
    enter(world, code, what="case_management", on=date(2026, 9, 14))
    hands.now = TUESDAY
    return code


def test_each_grant_knows_her_by_another_number_and_always_by_the_same(world: World, hands: Hands) -> None:
    code = met_in_september(world, hands)
    one, other = add(world, "90ZV0001"), add(world, "90ZV0002")
    (first,), (again,), (elsewhere,) = (entries(world, grant) for grant in (one, one, other))
    assert first == again
    assert first[0] != elsewhere[0]
    assert first[1:] == elsewhere[1:]
    assert first[1:3] == ["2026-09-14", "first"]
    assert code not in repr(first)
    pseudonyms_here = {f.person.hex() for f in ledger.current(world.actor("preparer"), Kind.EXACT) if f.what != SAME}
    assert first[0].replace("-", "").lower()[:16] not in {known[:16] for known in pseudonyms_here}


def test_who_makes_pseudonyms_holds_no_grants_key_and_who_holds_one_makes_no_pseudonym(world: World) -> None:
    row = db.session.get(FunderGrant, add(world, "90ZV0001"))
    assert row is not None
    for who in ("caseworker", "supervisor", "director", "steward"):
        with pytest.raises(NoKey):
            open_section(world.actor(who), row, GRANT)
    with pytest.raises(NoKey):
        pseudonyms.secret(world.actor("preparer"))
    with pytest.raises(Denied):
        actions.add_grant(world.actor("director"), AddGrant("x", "tvap"))


def test_rows_of_clients_need_a_grant_of_that_form(world: World) -> None:
    actions.add_grant(world.actor("preparer"), AddGrant("of another form", "dvht"))
    (other,) = queries.grants(world.actor("preparer"))
    for grant in (None, other.id, bytes(16)):
        with pytest.raises(Broken, match=r"funders\.which-grant"):
            actions.fill_form(world.actor("preparer"), FillForm("tvap", QUARTER, "OTIP", grant=grant))


def test_the_page_says_which_fields_leave_and_no_rows(world: World, at: At, hands: Hands) -> None:
    met_in_september(world, hands)
    preparer = at("preparer")
    assert preparer.post("/funder-files/grants", "/funder-files/grants", name="", form="tvap").status_code == 422
    added = preparer.post("/funder-files/grants", "/funder-files/grants", name="90ZV0003", form="tvap")
    assert added.status_code == 302
    grant = queries.grants(world.actor("preparer"))[0].id.hex()
    said = {"form": "tvap", "period": "2026-4", "purpose": "OTIP"}
    refused = preparer.post("/funder-files/portal", "/funder-files/portal", **said)
    assert "Choose a grant of its own" in refused.text
    made = preparer.post("/funder-files/portal", "/funder-files/portal", **said, grant=grant)
    assert made.status_code == 302
    shown = preparer.get(made.location).text
    assert "Exactly these fields leave" in shown
    assert "1 row." in shown
    assert "2026-09-14" not in shown
