"""What an import brought is told anew from the rows kept of it: nothing of it is lost, nothing counts twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db.errors import Spoiled
from shelter.db.packed import Inbox
from shelter.exchange.models import ImportedRows
from shelter.funders.records import assembled
from shelter.plans.actions import CloseCase, ReopenCase, close_case, reopen_case
from shelter.policy.kinds import Kind
from shelter.reports import anew, folding
from shelter.reports.ledger import broken
from shelter.rules.apr.records import Records
from shelter.rules.clock import frozen, now
from shelter.stays.actions import Leave, leave
from shelter.stays.models import Stay
from tests.exchange.hmis.conftest import shared_data
from tests.exchange.hmis.sample import bed_night, tables
from tests.exchange.hmis.sample import leave as left
from tests.factories.agency import World
from tests.factories.clients import begin
from tests.factories.exports import bring_in, bring_in_tables
from tests.reports.test_anew import WHO, fold_all, spoil, told

__all__ = ["shared_data"]


def said(world: World) -> dict[Kind, list[tuple[Any, ...]]]:
    """Both ledgers without versions: of an import they are the moment of telling."""
    return {kind: [(*one[:3], *one[4:]) for one in told(world, kind)] for kind in WHO}


def tell_all(world: World, origins: tuple[Kind, ...] = (Kind.IDENTITY, Kind.ADVOCACY, Kind.SHELTER)) -> None:
    for origin in origins:
        anew.tell(world.actor("supervisor"), origin)
    fold_all(world)


def counted(world: World) -> Records:
    return assembled(world.actor("preparer"))


@pytest.mark.parametrize("kit", ["hmis_caper_fy2021/input"])
def test_a_lost_part_of_an_import_is_told_anew_record_by_record(
    world: World, db: Any, monkeypatch: pytest.MonkeyPatch, shared_data: Path, kit: str
) -> None:
    monkeypatch.setattr(folding, "MOST_YOUNG", 1)
    bring_in(world, shared_data / kit)
    fold_all(world)
    before, records = said(world), counted(world)
    assert {what for what, *_ in before[Kind.EXACT]} >= {"project", "person", "enrollment"}
    for kind in WHO:
        for origin in (Kind.ADVOCACY, Kind.SHELTER):
            spoil(world, db, origin, kind)
    tell_all(world)
    assert {kind: broken(world.actor(who), kind) for kind, who in WHO.items()} == {kind: {} for kind in WHO}
    assert said(world) == before
    assert counted(world) == records
    assert db.session.scalars(select(Inbox.id)).all() == []


def test_nights_by_night_and_two_imports_are_told_as_they_were(world: World, tmp_path: Path) -> None:
    first = tables()
    bring_in_tables(world, tmp_path, first)
    later = tables()
    later["Exit"].append(left("x2", "n2", "c2", "2025-12-24"))
    later["Services"].append(bed_night("s9", "n3", "c3", "2025-12-09"))
    with frozen(now() + timedelta(minutes=5)):  # of two imports in one second neither is the later
        bring_in_tables(world, tmp_path, later)
        fold_all(world)
        before, records = said(world), counted(world)
        tell_all(world)
        assert said(world) == before
        assert counted(world) == records


def test_a_stay_that_the_house_ended_keeps_its_exact_days(world: World, tmp_path: Path, db: Any) -> None:
    bring_in_tables(world, tmp_path, tables())
    stay, code = db.session.execute(
        select(Stay, Client.code).join(Client, Client.id == Stay.client_id).where(Stay.state == "open")
    ).one()
    leave(world.actor("supervisor"), Leave(code, stay.id, agency_today(), stay.days_version))
    fold_all(world)
    before, records = said(world), counted(world)
    assert "days" in {what for what, *_ in before[Kind.EXACT]}
    tell_all(world)
    assert said(world) == before
    assert counted(world) == records


def test_that_a_file_went_on_is_told_anew_with_its_day(world: World) -> None:
    code = begin(world, called="Lin")
    actor = world.actor("supervisor")
    close_case(actor, CloseCase(code, agency_today(), "goals_met", "own_home"))
    reopen_case(actor, ReopenCase(code, "she called"))
    fold_all(world)
    before = said(world)
    assert "opening" in {what for what, *_ in before[Kind.EXACT]}
    tell_all(world, (Kind.ADVOCACY,))
    assert said(world) == before


def test_nothing_is_told_where_a_kept_row_does_not_open(world: World, tmp_path: Path, db: Any) -> None:
    bring_in_tables(world, tmp_path, tables())
    fold_all(world)
    db.session.execute(update(ImportedRows).where(ImportedRows.history.is_not(None)).values(history=bytes(300)))
    db.session.commit()
    with pytest.raises(Spoiled):
        anew.tell(world.actor("supervisor"), Kind.ADVOCACY)
    assert db.session.scalars(select(Inbox.id)).all() == []


def test_of_an_import_under_way_nothing_is_told(world: World, tmp_path: Path) -> None:
    """It may be given up: then nobody of it was ever there."""
    begin(world, called="Lin")
    fold_all(world)
    before = said(world)

    def tells_and_ends(done: int, total: int) -> None:
        for origin in (Kind.IDENTITY, Kind.ADVOCACY, Kind.SHELTER):
            anew.tell(world.actor("supervisor"), origin)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in_tables(world, tmp_path, tables(), tell=tells_and_ends)
    fold_all(world)
    assert said(world) == before
