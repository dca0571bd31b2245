"""Every field of every sealed class that her file tells is told, or the rules name it with a reason that she can read.

The fields come from the schema: whoever adds one decides at once whether she gets it. Words are looked for as they
stand; of a code, a day, a number or a yes her file must say another thing when it is another.
"""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import pyzipper
from flask import Flask

from shelter.clients.models import HAPPENED, HERSELF, Client
from shelter.clients.queries import legal_part as legal_part_of
from shelter.clients.queries.own_file import _rooms, own_file, part_of, told, told_by, wholes
from shelter.clients.routes.rows import own_rows, record_rows
from shelter.db import Base, db
from shelter.db.sections import INVENTORY, Section, fill, save
from shelter.desk.models import AT_DOOR, FOR_WHOM
from shelter.documents.models import Paper
from shelter.features import load_models, modules
from shelter.legal.models import Matter
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.rules.clock import now
from shelter.rules.her_file import apart
from shelter.stays.models import LEAVING, Stay
from shelter.trail.record import recorded
from tests.factories import clients, documents, legal
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.stays import make_beds, resident, stay_of
from tests.support.filled import Filled, leaves
from tests.support.pdftext import words_of

DATABASES = ("sqlite",)  # what is told is asked of what opens a section, whatever database it came from

LEFT = ("not_today", "prefers_not")
CODES: dict[str, tuple[Any, Any]] = {
    "client.identity.birth.precision": ("exact", "approximate"),
    "client.identity.contact.channel": ("call", "text"),
    "client.identity.contact.allowed": ("allowed", "never"),
    "client.identity.dangers.respond": ("call_police", "call_on_call"),
    "client.identity.contact.skipped": LEFT,
    "client.identity.dangers.skipped": LEFT,
    "client.identity.skipped": LEFT,
    "client.identity.ssn": ("078051120", "078051121"),
    "client.identity.parts.key": ("names", ""),
    "appointment.text.kind": ("meeting", "follow_up"),
    "appointment.text.state": ("done", "missed"),
    "assistance.money.state": ("paid", "refused"),
    "client_coded.happened.trafficking_status": ("actual", "possible"),
    "client_coded.happened.trafficking_kind": ("labor", "sex"),
    "client_coded.happened.exploitation": ("sexual", "forced_labour"),
    "client_coded.happened.control": ("threatens_family", "physical_threats"),
    "client_coded.happened.industry": ("A", "F"),
    "client_coded.happened.victimisations": ("adult_sexual_assault", "adult_physical_assault"),
    "client_coded.herself.race_ethnicity": ("asian", "black"),
    "client_coded.herself.sex_asked": ("female", "male"),
    "client_coded.herself.country": ("PHL", "MEX"),
    "client_coded.herself.citizenship": ("GTM", "HND"),
    "client_coded.herself.disabilities": ("physical", "sensory"),
    "client_coded.herself.classifications": ("deaf", "homeless"),
    "client_coded.herself.immigration_at_intake": ("visa", "lpr"),
    "client_coded.herself.housing_before": ("street", "shelter"),
    "coming.expected.state": ("accepted", "not_coming"),
    "coming.expected.turns.state": ("screened", "accepted"),
    "copy_given.about.part": ("plan", "notes"),
    "copy_given.about.reason": ("form", "court"),
    "desk_facts.facts.pet_care": ("foster", "vet"),
    "desk_facts.facts.immunisation": ("seen", "to_do"),
    "episode.text.skipped": LEFT,
    "extension.more_time.decision": ("granted", "declined"),
    "follow_up.afterwards.calls.state": ("reached", "not_reached"),
    "follow_up.afterwards.stopped": ("she_asked", "silence"),
    "goal.text.state": ("reached", "set-aside"),
    "goal.text.steps.owner": ("staff", "partner"),
    "goal.text.steps.state": ("done", "open"),
    "goal.text.steps.changes.what": ("moved", "dropped"),
    "legal_writing.text.kind": ("statement", "note"),
    "matter.asks.asks.kind": ("t_declaration", "supplement_b"),
    "matter.asks.asks.answer": ("signed", "refused"),
    "matter.dates.dates.end.how": ("done", "missed"),
    "matter.family.members.relation": ("child", "spouse"),
    "matter.family.members.where": ("here", "abroad"),
    "matter.papers.filings.how": ("courier", "hand"),
    "matter.papers.filings.fee": ("exempt", "paid"),
    "matter.papers.filings.address": ("office", "home"),
    "matter.papers.notices.type": ("rfe", "receipt"),
    "matter.papers.notices.came": ("mail", "hand"),
    "matter.dates.type": ("t_visa", "t_visa"),
    "matter.text.type": ("t_visa", "t_visa"),
    "matter.text.stage": ("intake", "intake"),
    "matter.text.moves.stage": ("filed", "rfe"),
    "note.text.kind": ("case", "counselling"),
    "paper.recovery.ways.steps.owner": ("staff", "client"),
    "paper.recovery.ways.steps.state": ("done", "left_out"),
    "paper.recovery.ways.steps.events.what": ("done", "arranged"),
    "paper.recovery.ways.steps.events.owner": ("staff", "client"),
    "paper.recovery.ways.steps.events.paid_by": ("agency", "client"),
    "paper.text.back_how": ("replaced", "recovered"),
    "paper.text.skipped": LEFT,
    "paper.text.state": ("in_hand", "lost"),
    "paper_held.line.what": ("taken_in", "moved"),
    "paper_held.line.before": ("", "again"),
    "plan.text.asked.what": ("agreement", "second_look"),
    "plan.text.asked.answer": ("agreed", "changes"),
    "referral.text.way": ("in", "out"),
    "referral.text.state": ("accepted", "refused"),
    "referral.text.history.what": ("accepted", "refused"),
    "release.terms.signer": ("self", "guardian"),
    "release.terms.declined": (False, True),
    "release.terms.signatures.who": ("self", "guardian"),
    "release.terms.signatures.how": ("typed", "drawn"),
    "release.terms.history.what": ("extended", "let_end"),
    "stay_answers.answers.stage": (1, 3),
    "stay_answers.answers.chosen.key": ("any_income", ""),
    "stay_answers.answers.amounts.key": ("living_length", ""),
    "stay_answers.answers.skipped.key": ("disabling", ""),
    "stay_answers.answers.skipped": LEFT,
} | {
    f"paper.text.{day}.{part}": two
    for day in ("issued", "expires", "seen_when")
    for part, two in (("month", (5, 6)), ("day", (11, 12)), ("approximate", (True, False)))
}
"""What a field may hold that is no word of anybody, and another value; what a list does not know stands as it is."""

NO_FILE = [
    f"{table}.about.{name}" for table in ("file", "legal_file") for name in ("replaces", "original", "original_of")
]
WITH_IT = {"door_entry": (AT_DOOR, FOR_WHOM)}
"""Sections without which a row is nobody's."""
load_models()
list(modules("routes"))  # each room says what it tells when its pages are loaded
SKIPPED = {
    ("client_coded", "happened"): ("trafficking_kind",),
    ("client_coded", "herself"): ("country",),
    ("stay_exit", "leaving"): ("destination",),
}
"""A question of each section whose reasons stand in the place of answers."""
IN_PLACE = frozenset(f"{table}.{name}.skipped" for table, name in SKIPPED)
RECORD = frozenset({"client:identity", "client:desk_card"})
"""What no room tells, because it stands on her paper as her record itself."""
CANARY, WORDS = re.compile(r"(?i)heron[0-9]+quill"), "tres barcos en el mar"
UNTOLD = frozenset(field for one in apart() for field in one.fields)


@pytest.fixture
def in_a_request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


class _Hers:
    """Somebody of whom each section has a row, made from the schema."""

    def __init__(self, world: World) -> None:
        self.world, code = world, resident(world, make_beds(world)["A"])
        clients.give_advocate(world, code)
        self.client = db.session.query(Client).filter_by(code=code).one()
        self.there = {
            Client: self.client.id,
            Stay: stay_of(code).id,
            Matter: legal.make_matter(world, self.client),
            Paper: documents.paper(world, code),
        }
        none = dict.fromkeys(("disclosure.shared.release", *NO_FILE), b"")
        self.made = Filled(CODES, none | {"door_entry.whom.people": [code], "incident.report.people": [code]})

    def actor(self, kind: Kind) -> Any:
        return self.world.actor("advocate" if kind is Kind.LEGAL else "caseworker")

    def row(self, model: Any) -> Any:
        """One that is there, or a new one: whose it is, and a number, which is all that a thief may see."""
        if model in self.there:
            return db.session.get(model, self.there[model])
        me, other = self.world.members["caseworker"].id, self.world.members["advocate"].id
        ids = {"client_id": self.client.id, "site_id": self.world.sites["north"], "giver_id": me, "reader_id": other}
        ids |= {"stay_id": self.there[Stay], "matter_id": self.there[Matter], "paper_id": self.there[Paper]}
        ids |= {"ends": now() + timedelta(days=2)}
        asked = [one.name for one in model.__table__.columns if not one.nullable and one.default is None]
        return model(**{name: ids.get(name, 1) for name in asked})

    def keep(self, row: Any, section: Section[Any]) -> None:
        """Each field of it has a value of its own."""
        fill(self.actor(section.kind), row, section, self.made.make(section.struct, f"{section.table}.{section.name}"))


def model_of(table: str) -> Any:
    return next(one.class_ for one in Base.registry.mappers if one.class_.__tablename__ == table)


def said(hers: _Hers, key: str) -> str:
    """All that the rooms say which tell this section."""
    if key in RECORD:
        return written(hers)
    found = []
    for name, room in _rooms.items():
        if key in room.tells:
            who = "advocate" if part_of(name) is Act.MATTERS_COPY else "caseworker"
            for held in told_by(hers.world.actor(who), hers.client, name):
                found += [f"{held.title}|{line.label}|{line.words}|{line.day}" for line in held.lines]
    return "\n".join(found)


def written(hers: _Hers) -> str:
    """Her record itself, as it stands on her paper."""
    (record,) = wholes(hers.world.actor("caseworker"), hers.client.code)
    rows = [(title, row) for title, rows in record_rows(record, "") for row in rows]
    rows += [("", row) for row in own_rows(record)]
    return "\n".join(f"{title}|{row['label']}|{row['value'] or row['skipped']}" for title, row in rows)


def untold(hers: _Hers, section: Section[Any]) -> list[str]:
    """The paths of fields that her file does not say."""
    path, actor = f"{section.table}.{section.name}", hers.actor(section.kind)
    row = hers.row(model_of(section.table))
    with recorded(hers.world.actor("caseworker"), "made"):
        for one in (section, *WITH_IT.get(section.table, ())):
            hers.keep(row, one)
        db.session.add(row)
    before, left = said(hers, f"{section.table}:{section.name}"), []
    for field, kind in leaves(section.struct, path):
        one, other = CODES.get(field, (0, 1))
        if field in UNTOLD or kind is bytes or one == other or field in IN_PLACE:
            continue
        if kind is str and field not in CODES:
            if hers.made.canary(field) not in before:
                left.append(field)
            continue
        with recorded(hers.world.actor("caseworker"), "made"):
            version = getattr(row, f"{section.name}_version")
            save(actor, row, section, hers.made.make(section.struct, path, field), made_from=version)
        if said(hers, f"{section.table}:{section.name}") == before:
            left.append(field)
    return left


@pytest.mark.usefixtures("in_a_request")
@pytest.mark.parametrize("key", sorted(told() | RECORD))
def test_it_tells_every_field_or_says_why_not(world: World, key: str) -> None:
    table, _, name = key.partition(":")
    missing = untold(_Hers(world), INVENTORY[table, name])
    assert missing == [], "\n".join(missing)


@pytest.mark.parametrize(("who", "part"), [("caseworker", ""), ("advocate", "/legal")])
def test_what_it_tells_stands_on_screen_on_paper_and_in_the_archive(
    app: Flask, world: World, who: str, part: str
) -> None:
    hers = _Hers(world)
    legal_part = Act.MATTERS_COPY if part else Act.CLIENTS_COPY
    keys = {key for name, room in _rooms.items() if part_of(name) is legal_part for key in room.tells}
    with recorded(world.actor("caseworker"), "made"):
        for table in sorted({key.split(":")[0] for key in keys}):
            row = hers.row(model_of(table))
            for key in sorted(key for key in keys if key.startswith(f"{table}:")):
                hers.keep(row, INVENTORY[table, key.partition(":")[2]])
            db.session.add(row)
            db.session.flush()
    with app.test_request_context():
        giver = world.actor(who)
        held = own_file(giver, hers.client.code)[1] if not part else legal_part_of(giver, hers.client.code)[1]
        words = "\n".join(f"{line.label} {line.words}" for one in held for line in one.lines)
    told_here = set(CANARY.findall(words))
    at, place = Desk(app, world, who), f"/people/{hers.client.code}"
    sealed = {"what": "archive", "lang": "en", "whose": "own", "passphrase": WORDS, "handed": ""}
    with pyzipper.AESZipFile(io.BytesIO(at.post(f"{place}/files/take-along{part}", **sealed).data)) as archive:
        archive.setpassword(WORDS.encode())
        document = words_of(archive.read("file.pdf"))
    assert len(told_here) > (20 if part else 60)
    for said_there in (at.get(f"{place}/own-file{part}").text, at.get(f"{place}/own-copy{part}").text, document):
        assert told_here - set(CANARY.findall(said_there)) == set()


@pytest.mark.usefixtures("in_a_request")
@pytest.mark.parametrize("section", [HAPPENED, HERSELF, LEAVING])
def test_what_she_left_open_says_why(world: World, section: Section[Any]) -> None:
    """A reason stands in the place of an answer, so it is looked for where there is none."""
    hers, (question, *_) = _Hers(world), SKIPPED[section.table, section.name]
    row = hers.row(model_of(section.table))
    with recorded(world.actor("caseworker"), "made"):
        fill(hers.actor(section.kind), row, section, section.struct(skipped={question: "prefers_not"}))
        db.session.add(row)
    assert "Prefers not to say" in said(hers, f"{section.table}:{section.name}")


def test_nothing_is_left_out_that_is_not_there() -> None:
    known = {
        field
        for key in told() | RECORD
        for field, _kind in leaves(INVENTORY[tuple(key.split(":"))].struct, key.replace(":", "."))
    }
    assert known >= UNTOLD
