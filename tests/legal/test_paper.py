"""Papers from the record: what stands on them, whose name is in no file name, and who receives one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from sqlalchemy import select

from shelter.clients.models import Client
from shelter.db import db
from shelter.legal import actions
from shelter.legal.commands import Agreed, ChangeMatter, MakePaper, NoticeWords
from shelter.policy.errors import Denied
from shelter.releases.disclosing import NotCovered
from shelter.releases.models import Disclosure
from shelter.trail.models import Trail
from tests.factories import releases
from tests.factories.agency import World
from tests.factories.legal import make_filing, make_notice
from tests.legal.conftest import Browser
from tests.support.pdftext import words_of

At = Callable[[str], Browser]
NAME = "Testname Quellmann"
KINDS = ["cover_letter", "exhibit_list", "declaration", "g28", "index"]


@pytest.fixture
def filed(world: World, hers: Client, matter: bytes) -> bytes:
    advocate = world.actor("advocate")
    make_filing(world, hers, matter, "I-914", "G-28")
    make_notice(world, hers, matter, NoticeWords("receipt", date(2026, 4, 9), receipt_number="EAC2601234567"))
    agreed = Agreed(date(2026, 3, 3), "Dana Counsel")
    actions.change_matter(advocate, ChangeMatter(hers.code, matter, 1, "", (), "A200300400", agreed))
    return matter


def test_each_paper_is_made_with_her_code_in_its_file_name_and_not_her_name(hers: Client, filed: bytes, at: At) -> None:
    advocate, url = at("advocate"), f"/people/{hers.code}/matters/{filed.hex()}/paper"
    for kind in KINDS:
        sent = advocate.post(url, url, kind=kind, language="en", words="A first line\nA second line")
        assert (sent.status_code, sent.mimetype) == (200, "application/pdf")
        name = sent.headers["Content-Disposition"]
        assert hers.code in name
        assert "Testname" not in name
        with pikepdf.open(BytesIO(sent.data)) as opened:
            assert str(opened.docinfo["/Title"]) == hers.code
        said = words_of(sent.data)
        for words in (hers.code, "8 U.S.C. 1367"):
            assert words in said, kind


def test_the_data_sheet_and_the_declaration_say_what_the_record_says(hers: Client, filed: bytes, at: At) -> None:
    advocate, url = at("advocate"), f"/people/{hers.code}/matters/{filed.hex()}/paper"
    sheet = words_of(advocate.post(url, url, kind="g28", language="en", words="").data)
    for words in (NAME, "A200300400", "Dana Counsel", "I-914"):
        assert words in sheet
    hers_said = words_of(advocate.post(url, url, kind="declaration", language="es", words="Llegué de noche").data)
    for words in (NAME, "Llegué de noche", "pena de perjurio"):
        assert words in hers_said


def test_a_third_party_receives_one_under_a_live_release_that_covers_it_and_the_telling_is_written_down(
    world: World, hers: Client, filed: bytes
) -> None:
    advocate = world.actor("advocate")
    narrow = releases.live(world, hers.code)
    command = MakePaper(hers.code, filed, "cover_letter", narrow, "phone")
    with pytest.raises(NotCovered):
        actions.make_paper(advocate, command)
    assert db.session.scalars(select(Trail.act).order_by(Trail.seq.desc()).limit(1)).one() == "refused:release"
    wide = releases.live(world, hers.code, items=("name", "legal_papers"), methods=("paper",))
    with pytest.raises(NotCovered):
        actions.make_paper(advocate, replace(command, release=wide))
    facts = actions.make_paper(advocate, replace(command, release=wide, method="paper"))
    assert facts.recipient == "Harbor Legal Aid"
    assert len(db.session.scalars(select(Disclosure.id)).all()) == 1


def test_nobody_outside_the_legal_staff_makes_one(world: World, hers: Client, filed: bytes) -> None:
    with pytest.raises(Denied):
        actions.make_paper(world.actor("caseworker"), MakePaper(hers.code, filed, "index", None, ""))
