"""What else an advocate of the fictional agency has in hand: hearings, a certification, a family, a trip, her words."""

from datetime import date, timedelta

from shelter.legal import actions
from shelter.legal.commands import (
    AddAsk,
    AddJourney,
    AddVisit,
    AnswerAsk,
    Arrangements,
    KeepMember,
    Kin,
    ShowDate,
    Write,
)
from shelter.policy.actor import Actor


def t_visa(actor: Actor, code: str, matter: bytes, day: date) -> None:
    """An interview with what is arranged, a day shown to her caseworker, her statement, her son and a short trip."""
    arranged = Arrangements(
        "interview", "09:30", "Field office", None, "Her sister", "Tagalog, confirmed", "Our van", "Sister", "Passport"
    )
    due = actions.add_visit(actor, AddVisit(code, matter, day + timedelta(days=4), arranged))
    actions.show_date(actor, ShowDate(code, matter, due.id, "Appointment downtown, bring her passport"))
    actions.write(actor, Write(code, matter, "statement", "Declaration", "Draft of the first talk, to be read to her."))
    son = Kin("Her son", "child", date(day.year - 16, 3, 9), "abroad", "filed", frozen_on=day - timedelta(days=40))
    actions.keep_member(actor, KeepMember(code, matter, son))
    daughter = Kin("Her daughter", "child", date(day.year - 20, 6, 2), "abroad", "intake")
    actions.keep_member(actor, KeepMember(code, matter, daughter))
    trip = AddJourney(
        code, matter, day + timedelta(days=20), day + timedelta(days=34), None, "Advance parole", "Counsel"
    )
    actions.add_journey(actor, trip)


def u_visa(actor: Actor, code: str, matter: bytes, day: date) -> None:
    """One certification that is signed and running, and one asked of another agency."""
    asked = AddAsk(
        code, matter, "supplement_b", "california", "County sheriff", "Records", day - timedelta(days=70), "mail"
    )
    ask = actions.add_ask(actor, asked)
    actions.answer_ask(actor, AnswerAsk(code, matter, ask, 1, "signed", day - timedelta(days=50)))
    labour = AddAsk(code, matter, "supplement_b", "federal", "Labor department", "", day - timedelta(days=12), "mail")
    actions.add_ask(actor, labour)
