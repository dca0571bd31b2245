"""What a thief of the database reads of legal work: that there is a matter, and not one word or day of it."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date

from sqlalchemy import MetaData, String, inspect, select

from shelter.clients.models import Client
from shelter.db import db
from shelter.legal import actions, queries
from shelter.legal.commands import (
    AddVisit,
    Arrangements,
    ChangeMatter,
    CorrectNotice,
    MoveStage,
    ReplaceDate,
    ShowDate,
    Write,
)
from shelter.legal.models import LegalFile, LegalShown, LegalWriting, Matter, MatterEarlier
from tests.factories.agency import World
from tests.factories.legal import RFE, make_filing, make_notice

CANARIES = (
    "Scope words",
    "Adversary Mortimer",
    "A200300400",
    "EAC2601234567",
    "Quokka reason",
    "2026-08-29",
    "2026-11-24",
    "2026-11-19",
    "t_visa",
    "rfe_response",
    "declaration",
    "I-914",
    "Wombat statement",
    "Room of the numbat",
    "Keep this quoll",
)


def everything() -> bytes:
    """Every value of every row of every table, as bytes."""
    connection = db.session.connection()
    tables = MetaData()
    tables.reflect(connection)
    kept: list[bytes] = []
    for table in tables.sorted_tables:
        if table.name == "alembic_version":
            continue
        for row in connection.execute(select(table)):
            kept += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    return b"\n".join(kept)


def written(text: str) -> list[bytes]:
    raw = text.encode()
    return [raw, raw.lower(), text.encode("utf-16-le"), raw.hex().encode(), base64.b64encode(raw)[:-4] or raw]


def test_no_word_and_no_day_of_a_matter_stands_in_the_database(world: World, hers: Client, matter: bytes) -> None:
    advocate = world.actor("advocate")
    make_filing(world, hers, matter)
    make_notice(world, hers, matter, replace(RFE, receipt_number="EAC2601234567"))
    actions.move_stage(advocate, MoveStage(hers.code, matter, 1, "declaration", date(2026, 3, 9)))
    actions.change_matter(advocate, ChangeMatter(hers.code, matter, 2, "Other", (), ""))
    view = queries.matter(advocate, hers.code, matter)
    notice = view.notices[0].now.id
    actions.correct_notice(advocate, CorrectNotice(hers.code, matter, notice, 1, RFE, "Quokka reason"))
    due = queries.matter(advocate, hers.code, matter).open_dates[0]
    actions.replace_date(advocate, ReplaceDate(hers.code, matter, due.id, date(2026, 11, 19), "Quokka reason"))
    actions.write(advocate, Write(hers.code, matter, "statement", "Title", "Wombat statement"))
    visit = actions.add_visit(
        advocate, AddVisit(hers.code, matter, date(2026, 12, 1), Arrangements("talk", place="Room of the numbat"))
    )
    actions.show_date(advocate, ShowDate(hers.code, matter, visit.id, "Keep this quoll"))
    db.session.commit()
    stored = everything()
    assert hers.code.encode() in stored  # the search itself works
    found = [word for word in CANARIES for way in written(word) if way in stored]
    assert found == []


def test_the_tables_have_no_column_that_could_hold_a_word_or_a_day(world: World) -> None:
    inspector = inspect(db.session.connection())
    for model in (Matter, MatterEarlier, LegalFile, LegalShown, LegalWriting):
        sealed = {name for section in model.sections for name in (section, f"{section}_version")}
        plain = {column["name"]: column["type"] for column in inspector.get_columns(model.__tablename__)}
        rest = {name: kind for name, kind in plain.items() if name not in sealed}
        assert rest.keys() <= {"id", "client_id", "matter_id", "was_version"}
        assert not [name for name, kind in rest.items() if isinstance(kind, String)]


def test_a_matter_with_much_in_it_has_no_more_rows_than_an_empty_one(world: World, hers: Client, matter: bytes) -> None:
    def rows() -> int:
        return len(db.session.scalars(select(Matter.id)).all())

    before = rows()
    make_filing(world, hers, matter, "I-914", "I-192", "G-28")
    make_notice(world, hers, matter, RFE)
    assert rows() == before == 1
