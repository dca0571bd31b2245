"""Clients of the cast and matters for them, made through the same actions as on screen."""

from collections.abc import Callable
from datetime import date, timedelta

from shelter.clients.models import DESK_CARD, IDENTITY, Assignment, Client, DeskCard, Identity
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.sections import fill
from shelter.legal import actions, queries
from shelter.legal.commands import (
    AddAsk,
    AddDate,
    AddFilings,
    AddJourney,
    AddNotice,
    AddRemedy,
    AddVisit,
    Agreed,
    AnswerAsk,
    Arrangements,
    ChangeFiling,
    ChangeMatter,
    CorrectNotice,
    EndJourney,
    KeepMember,
    Kin,
    MissDate,
    MoveStage,
    NoticeWords,
    OpenMatter,
    ReplaceDate,
    Sent,
    ShowDate,
    TellAsk,
    Write,
)
from shelter.legal.models import Due
from shelter.rules.codes import new_code
from shelter.trail.record import recorded
from tests.factories.agency import World


def make_client(
    world: World,
    *,
    site: str = "north",
    caseworkers: tuple[str, ...] = ("caseworker",),
    advocates: tuple[str, ...] = (),
    legal_name: str = "Testname Quellmann",
) -> Client:
    """Somebody with a record, and the people of the cast who work with her."""
    actor = world.actor("caseworker")
    with recorded(actor, "made"):
        client = Client(code=new_code(), site_id=world.sites[site])
        fill(actor, client, IDENTITY, Identity(working_name="Lin", legal_name=legal_name))
        fill(actor, client, DESK_CARD, DeskCard(working_name="Lin"))
        db.session.add(client)
        db.session.flush()
        working = [(who, "case") for who in caseworkers] + [(who, "legal") for who in advocates]
        for who, kind in working:
            db.session.add(Assignment(client_id=client.id, staff_id=world.members[who].id, kind=kind))
    return client


def make_matter(world: World, client: Client, *, type: str = "t_visa", opened: date = date(2026, 3, 2)) -> bytes:
    """A matter that the legal supervisor opens for the advocate."""
    lead = world.members["advocate"].id
    command = OpenMatter(client.code, type, opened, lead, "Scope words", ("Adversary Mortimer",), "A 200 300 400")
    return actions.open_matter(world.actor("legal_supervisor"), command)


def make_filing(world: World, client: Client, matter: bytes, *forms: str) -> None:
    sent = Sent(date(2026, 4, 1), "courier", "exempt", "8 CFR 106.3(b)")
    actions.add_filings(world.actor("advocate"), AddFilings(client.code, matter, forms or ("I-914",), sent, "", True))


def make_notice(world: World, client: Client, matter: bytes, words: NoticeWords, who: str = "advocate") -> Due | None:
    return actions.add_notice(world.actor(who), AddNotice(client.code, matter, words))


RFE = NoticeWords(type="rfe", printed_on=date(2026, 8, 29), received_on=date(2026, 9, 2), answer_by=date(2026, 11, 24))
"""The notice of the wireframe: 87 = 84 + 3 by mail ends on the very day it prints."""


def make_privileged(world: World, client: Client, matter: bytes, statement: str, shown: str) -> None:
    """Her statement under the privilege, and an appointment of which her caseworker reads a few words."""
    advocate, day = world.actor("advocate"), agency_today() + timedelta(days=9)
    actions.write(advocate, Write(client.code, matter, "statement", "Statement", statement))
    due = actions.add_visit(advocate, AddVisit(client.code, matter, day, Arrangements("talk", "10:00")))
    actions.show_date(advocate, ShowDate(client.code, matter, due.id, shown))


def make_told(world: World, client: Client, matter: bytes, words: Callable[[str], str]) -> None:
    """Every field of a matter that takes words, each section with its own: `words` gives them by section."""
    advocate, boss, code = world.actor("advocate"), world.actor("legal_supervisor"), client.code
    day, text = agency_today(), words("scope of a matter")
    agreed = Agreed(day, words("counsel of hers"), None, text)
    actions.change_matter(advocate, ChangeMatter(code, matter, 1, text, (words("adverse party"),), "", agreed, text))
    filed = MoveStage(code, matter, 1, "filed", day, words("why a stage"), confirmed=True)
    actions.move_stage(advocate, filed)
    sent = Sent(day, "courier", "exempt", words("filing"))
    actions.add_filings(advocate, AddFilings(code, matter, ("I-914",), sent, words("filing"), True))
    _put_right(world, client, matter, sent, words("filing"))
    said = words("certification")
    ask = actions.add_ask(advocate, AddAsk(code, matter, "t_declaration", "california", said, said, day))
    actions.tell_ask(advocate, TellAsk(code, matter, ask, day, said))
    actions.answer_ask(advocate, AnswerAsk(code, matter, ask, 1, "refused", day, said))
    kin = Kin(words("family"), "child", date(2015, 5, 5), note=words("family"))
    actions.keep_member(advocate, KeepMember(code, matter, kin))
    trip = [words("journey")] * 3
    journey = actions.add_journey(advocate, AddJourney(code, matter, day, None, None, *trip))
    actions.end_journey(advocate, EndJourney(code, matter, journey, 1, None, trip[0]))
    arranged = Arrangements("talk", "09:00", **dict.fromkeys(_AROUND, words("hearing")))
    actions.add_visit(advocate, AddVisit(code, matter, day + timedelta(days=3), arranged))
    due = actions.add_date(advocate, AddDate(code, matter, "address.dhs", day - timedelta(days=60)))
    moved = ReplaceDate(code, matter, due.id, day - timedelta(days=1), words("why a day"))
    actions.replace_date(boss, moved)
    (stands,) = [one for one in queries.matter(advocate, code, matter).open_dates if one.day == moved.day]
    actions.miss_date(advocate, MissDate(code, matter, stands.id, words("missed day"), words("missed day")))
    actions.add_remedy(advocate, AddRemedy(code, matter, stands.id, words("missed day")))


def _put_right(world: World, client: Client, matter: bytes, sent: Sent, why: str) -> None:
    """A filing and a notice that were entered wrongly."""
    advocate, code = world.actor("advocate"), client.code
    receipt = NoticeWords("receipt", sent.on or agency_today())
    actions.add_notice(advocate, AddNotice(code, matter, receipt))
    view = queries.matter(advocate, code, matter)
    filing, notice = view.filings[0].now.id, view.notices[0].now.id
    actions.change_filing(advocate, ChangeFiling(code, matter, filing, 1, sent, "", why, why))
    actions.correct_notice(advocate, CorrectNotice(code, matter, notice, 1, receipt, why))


_AROUND = ("place", "also_along", "interpreter", "transport", "childcare", "bring")
