"""A few papers of the fictional agency as they are worked on: a scanned page, ways back, an original that is kept.

Done through the use-cases of the pages, so that every screen about papers has something true to show.
"""

from datetime import date, timedelta

from sqlalchemy import select

from shelter.cli.demo import pictures
from shelter.cli.demo.founding import FictionalAgency
from shelter.cli.demo.people import CASEWORKERS, Guest
from shelter.clients.models import Assignment
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import row_of
from shelter.documents import actions, queries
from shelter.documents.actions import AddLine, AddPaper, AddScan, BeginWay, FillFromZone, PaperFacts, TakeStep
from shelter.documents.known import Known
from shelter.documents.models import PAPER_TEXT, Paper
from shelter.policy.actor import Actor

WAY, GATE = "foreign_passport", "ask_counsel"
OURS = "caseworker-lark-42"
KEPT_FROM_HER = ("with_employer", "with_trafficker")


def work(agency: FictionalAgency, guests: list[Guest], day: date, supervisor: str, counsel: str) -> None:
    """Of people who are here: one page scanned and read, one way behind its gate, one through it, one original kept."""
    kept, away = _papers(agency, guests, agency.actor(supervisor))
    for worker, guest, paper in kept[:1]:
        _scanned(worker, guest, paper, day)
    for number, (worker, guest, paper) in enumerate(away[:3]):
        actions.begin_way(worker, BeginWay(guest.client.code, paper, 0, WAY))
        if number > 0:
            asked = "May we write to the consulate? She was told there is a list of names."
            actions.take_step(worker, TakeStep(guest.client.code, paper, 1, GATE, "asked", words=asked))
        if number > 1:
            words = "Yes, by letter and through us. Nobody names the house."
            answer = TakeStep(guest.client.code, paper, 2, GATE, "answered", words=words, go_ahead=True)
            actions.take_step(agency.actor(counsel), answer)
    for worker, guest, _paper in kept[1:2] or kept[:1]:
        _in_the_safe(worker, guest, day)


_Known = list[tuple[Actor, Guest, bytes]]
"""A paper of somebody, and her caseworker."""


def _papers(agency: FictionalAgency, guests: list[Guest], reader: Actor) -> tuple[_Known, _Known]:
    """Papers that people here have, and those that are kept from them, people of our first caseworker in front."""
    here = {guest.client.id: guest for guest in guests if guest.here and not guest.person.is_child}
    workers = {worker.id: worker for names in CASEWORKERS for name in names for worker in [agency.actor(name)]}
    assigned = select(Assignment.client_id, Assignment.staff_id).where(Assignment.client_id.in_(here))
    hers = {client: workers[staff] for client, staff in db.session.execute(assigned) if staff in workers}
    rows = db.session.scalars(select(Paper).where(Paper.client_id.in_(hers)).order_by(Paper.id)).all()
    texts = open_each(reader, [row_of(row, PAPER_TEXT) for row in rows], PAPER_TEXT).values
    first = agency.actor(OURS).id
    found = [(hers[row.client_id], here[row.client_id], row.id, text) for row, text in zip(rows, texts, strict=True)]
    found.sort(key=lambda one: one[0].id != first)
    kept = [(worker, guest, paper) for worker, guest, paper, text in found if text and text.state == "in_hand"]
    away = [(worker, guest, paper) for worker, guest, paper, text in found if text and text.state in KEPT_FROM_HER]
    return kept, away


def _scanned(worker: Actor, guest: Guest, paper: bytes, day: date) -> None:
    code, who = guest.client.code, guest.person
    given, _, surname = who.legal_name.rpartition(" ")
    one = pictures.Specimen(
        country=who.country,
        name=f"{surname}, {given}",
        number="X00417758",
        born=date(who.born, who.month, who.day),
        sex="F",
        ends=day + timedelta(days=52),
    )
    actions.add_scan(worker, AddScan(code, paper, "The page with the photograph", pictures.page(one), evidence=True))
    version = queries.one(worker, code, paper)[1].version
    actions.fill_from_zone(worker, FillFromZone(code, one.lines, paper, version))


def _in_the_safe(worker: Actor, guest: Guest, day: date) -> None:
    """A birth certificate that came by an officer, was photographed, and is lent today."""
    code = guest.client.code
    facts = PaperFacts(
        kind="foreign_birth_certificate",
        country=guest.person.country,
        state="agency_safe",
        issued=Known(year=guest.person.born, approximate=True),
    )
    paper = actions.add_paper(worker, AddPaper(code, facts))
    photo = pictures.envelope("B-0417")
    came = day - timedelta(days=9)
    lines = (
        AddLine(
            code,
            paper,
            0,
            "taken_in",
            came,
            who="An officer of the task force",
            condition="folded, one corner torn",
            bag="B-0417",
            shelf="2",
            photo=photo,
        ),
        AddLine(code, paper, 1, "moved", came + timedelta(days=2), shelf="5", words="With the other sealed bags"),
        AddLine(
            code, paper, 2, "lent", day, who="She herself", signed=guest.person.working_name, words="School office"
        ),
    )
    for line in lines:
        actions.add_line(worker, line)
