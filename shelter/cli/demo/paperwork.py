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
    """Three ways back, before their gate, at it and through it; a page scanned, a card that ends, an original kept."""
    away = _away(agency, guests, agency.actor(supervisor))[:3]
    for number, (worker, guest, paper) in enumerate(away):
        actions.begin_way(worker, BeginWay(guest.client.code, paper, 0, WAY))
        if number > 0:
            asked = "May we write to the consulate? She was told there is a list of names."
            actions.take_step(worker, TakeStep(guest.client.code, paper, 1, GATE, "asked", words=asked))
        if number > 1:
            words = "Yes, by letter and through us. Nobody names the house."
            answer = TakeStep(guest.client.code, paper, 2, GATE, "answered", words=words, go_ahead=True)
            actions.take_step(agency.actor(counsel), answer)
    for worker, guest, paper in away[-1:]:
        _scanned(worker, guest, paper, day)
        _runs_out(worker, guest, day)
        _in_the_safe(worker, guest, day)


def _away(agency: FictionalAgency, guests: list[Guest], reader: Actor) -> list[tuple[Actor, Guest, bytes]]:
    """(her caseworker, whose, which) of papers kept from people who are here, our first caseworker's in front."""
    here = {guest.client.id: guest for guest in guests if guest.here and not guest.person.is_child}
    workers = {worker.id: worker for names in CASEWORKERS for name in names for worker in [agency.actor(name)]}
    assigned = select(Assignment.client_id, Assignment.staff_id).where(Assignment.client_id.in_(here))
    hers = {client: workers[staff] for client, staff in db.session.execute(assigned) if staff in workers}
    rows = db.session.scalars(select(Paper).where(Paper.client_id.in_(hers))).all()
    texts = open_each(reader, [row_of(row, PAPER_TEXT) for row in rows], PAPER_TEXT).values
    away = [row for row, text in zip(rows, texts, strict=True) if text and text.state in KEPT_FROM_HER]
    first, places = agency.actor(OURS).id, {client: place for place, client in enumerate(here)}
    away.sort(key=lambda row: (hers[row.client_id].id != first, places[row.client_id]))
    return [(hers[row.client_id], here[row.client_id], row.id) for row in away]


def _scanned(worker: Actor, guest: Guest, paper: bytes, day: date) -> None:
    code, who = guest.client.code, guest.person
    given, _, surname = who.legal_name.rpartition(" ")
    one = pictures.Specimen(
        country=who.country,
        name=f"{surname}, {given}",
        number="X00417758",
        born=date(who.born, who.month, who.day),
        sex="F",
        ends=day + timedelta(days=940),
    )
    actions.add_scan(worker, AddScan(code, paper, "Her own photograph of the page", pictures.page(one), evidence=True))
    version = queries.one(worker, code, paper)[1].version
    actions.fill_from_zone(worker, FillFromZone(code, one.lines, paper, version))


def _runs_out(worker: Actor, guest: Guest, day: date) -> None:
    end = day + timedelta(days=52)
    ends = Known(year=end.year, month=end.month, day=end.day)
    actions.add_paper(worker, AddPaper(guest.client.code, PaperFacts(kind="ead", state="in_hand", expires=ends)))


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
