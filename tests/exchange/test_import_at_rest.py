"""Whoever reads the database after an import finds nothing that the export said."""

from __future__ import annotations

import base64
from pathlib import Path

from sqlalchemy import select

from shelter.db import Base, db
from tests.exchange.hmis.sample import child, enrollment, person, tables
from tests.factories.agency import World
from tests.factories.exports import bring_in_tables

CANARIES = (
    *("Xiomaracanary", "Quetzalcanary", "1987-06-05", "713024856", "PERSONCANARY", "ENROLLCANARY", "HOUSECANARY"),
    *("Canary real house name", "Canary organization", "canary words of a note", "DELETEDCANARY"),
)


def spellings(text: str) -> list[bytes]:
    plain = text.encode()
    return [
        *(plain, plain.upper(), plain.lower(), plain.hex().encode(), plain.hex().upper().encode()),
        *(text.encode("utf-16-le"), text.encode("utf-16-be"), base64.b64encode(plain)[:-4]),
    ]


def test_nothing_that_an_export_says_lies_in_clear(world: World, tmp_path: Path) -> None:
    of = tables()
    of["Organization"][0]["OrganizationName"] = "Canary organization"
    of["Project"][0]["ProjectName"] = "Canary real house name"
    more = {"SSN": "713024856", "DOB": "1987-06-05", "DOBDataQuality": "1"}
    of["Client"].append(person("PERSONCANARY", FirstName="Xiomaracanary", LastName="Quetzalcanary", **more))
    of["Client"].append(person("DELETEDCANARY", FirstName="Xiomaracanary", DateDeleted="2025-01-01 00:00:00"))
    words = {"Words": "canary words of a note"}
    row = enrollment("ENROLLCANARY", "PERSONCANARY", "p0", "2025-10-02", "HOUSECANARY", "1", **words)
    of["Enrollment"].append(row)
    of["HealthAndDV"].append(child("HealthAndDVID", "d7", "ENROLLCANARY", "PERSONCANARY", InformationDate="1987-06-05"))
    bring_in_tables(world, tmp_path, of)
    cells = [cell for table in Base.metadata.sorted_tables for row in db.session.execute(select(table)) for cell in row]
    dump = b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells)
    if db.engine.dialect.name == "sqlite":
        db.session.rollback()
        dump += b"".join(path.read_bytes() for path in sorted(world.settings.folder.glob("shelter.sqlite*")))
    assert len(dump) > 50_000
    assert [text for text in CANARIES for spelling in spellings(text) if spelling in dump] == []
