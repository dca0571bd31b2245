"""What a thief of the database reads of legal work: that there is a matter, and not one word or day of it."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date

import msgspec
from sqlalchemy import Date, DateTime, MetaData, String, inspect, select

from shelter.clients.models import Client
from shelter.db import db
from shelter.db.sections import open_section
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
from shelter.legal.models import EARLIER_TEXT, LegalFile, LegalShown, LegalWriting, Matter, MatterEarlier
from tests.factories.agency import World
from tests.factories.legal import RFE, make_filing, make_notice, make_told

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


DAYS = {
    "bed.from_day", "bed.until_day", "bed_out.from_day", "bed_out.until_day", "calendar_entry.ends",
    "calendar_feed.ends", "client.keep_until", "cover.ends", "cover.starts", "door_entry.month", "draft.keep_until",
    "dropped_referral.keep_until", "hand_over.month", "incident.month", "message.keep_until", "roll_mark.night",
    "stay_bed.from_day", "stay_bed.until_day", "turned_away.month",
}  # fmt: skip
"""Every day that stands in the open: of beds and nights, of who is away, and of when something may be thrown away.
`calendar_entry.ends` is the last day of a cover, as in `cover.ends`, and never the day of the entry."""


def test_no_due_date_and_no_expiry_stands_in_any_column_of_the_schema(world: World) -> None:
    """Every table there is: a new column that holds a day is looked at here before it is let in."""
    tables = MetaData()
    tables.reflect(db.session.connection())
    days = {
        f"{table.name}.{column.name}"
        for table in tables.sorted_tables
        for column in table.columns
        if isinstance(column.type, Date) or (isinstance(column.type, DateTime) and "legal" in table.name)
    }
    assert days == DAYS


def test_no_rule_and_no_kind_of_matter_stands_beside_a_client_or_a_matter(world: World) -> None:
    """The law book is in the open, and names nobody; what names somebody has no words of the law book."""
    tables = MetaData()
    tables.reflect(db.session.connection())
    book = tables.tables["law_version"]
    assert not {"client_id", "matter_id", "subject"} & set(book.columns.keys())
    legal = [table for name, table in tables.tables.items() if name.startswith(("matter", "legal_", "calendar"))]
    legal += [table for table in tables.tables.values() if "matter_id" in table.columns and table not in legal]
    assert {table.name for table in legal} == {
        "calendar_entry", "calendar_feed", "legal_file", "legal_hold", "legal_shown", "legal_writing", "matter",
        "matter_earlier",
    }  # fmt: skip
    assert [column for table in legal for column in table.columns if isinstance(column.type, String)] == []


CODES = {
    "MatterText": {"type", "stage"},
    "Move": {"stage"},
    "Filing": {"form", "how", "fee", "ground", "receipt_number", "address"},
    "Notice": {"type", "came", "receipt_number"},
    "Due": {"rule", "kind", "notice_type", "about", "kept_why"},
    "End": {"how"},
    "Visit": {"what", "time"},
    "Dates": {"type"},
    "Ask": {"kind", "certifier", "how", "answer"},
    "Member": {"relation", "where", "stage", "client_code"},
}
"""What holds a code of ours or a number checked by its shape; and `kept_why`, which a changed rule alone brings."""


def test_every_field_of_a_matter_that_takes_words_has_a_canary(world: World, hers: Client, matter: bytes) -> None:
    """What the thief looks for, by field: one that is added and filled by nothing is found here."""
    make_told(world, hers, matter, lambda section: f"canary of {section}")
    boss = world.actor("legal_supervisor")
    row = db.session.get(Matter, matter)
    earlier = db.session.scalars(select(MatterEarlier)).all()
    sections = [open_section(boss, row, section) for section in Matter.sections.values()]
    seen: dict[tuple[str, str], set[str]] = {}
    for one in [*sections, *(open_section(boss, old, EARLIER_TEXT) for old in earlier)]:
        _look(one, seen)
    bare = {
        (name, field)
        for (name, field), words in seen.items()
        if field not in CODES.get(name, set()) and not any("canary" in word for word in words)
    }
    # An A-number, whose canary is above; why somebody near is no conflict, where nobody is near.
    assert bare == {("MatterText", "a_number"), ("Compared", "cleared")}


def _look(found: object, seen: dict[tuple[str, str], set[str]]) -> None:
    """Every text under every field of every struct."""
    if isinstance(found, msgspec.Struct):
        for field in msgspec.structs.fields(found):
            value = getattr(found, field.name)
            words = value if isinstance(value, list) else [value]
            texts = {word for word in words if isinstance(word, str)}
            if texts or field.type is str:
                seen.setdefault((type(found).__name__, field.name), set()).update(texts)
            _look(value, seen)
    elif isinstance(found, list | tuple):
        for one in found:
            _look(one, seen)


def test_a_matter_with_much_in_it_has_no_more_rows_than_an_empty_one(world: World, hers: Client, matter: bytes) -> None:
    def rows() -> int:
        return len(db.session.scalars(select(Matter.id)).all())

    before = rows()
    make_filing(world, hers, matter, "I-914", "I-192", "G-28")
    make_notice(world, hers, matter, RFE)
    assert rows() == before == 1
