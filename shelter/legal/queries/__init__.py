"""Reads of legal work: one matter, the matters of one client, the dates of everybody in the reader's scope."""

from shelter.legal.models import Ask, Member, ShownDate
from shelter.legal.queries.around import Around, AskView, MemberView, around
from shelter.legal.queries.away import Away, away, companions
from shelter.legal.queries.beside import Beside, beside, register_beside
from shelter.legal.queries.dates import DateView, DayView, day, deadlines_due, missed
from shelter.legal.queries.fees import FeesView, fees_of
from shelter.legal.queries.law import Asked, Law, asked_about, law, rule_now, trial
from shelter.legal.queries.matters import (
    FilingView,
    MatterLine,
    MatterView,
    NoticeView,
    Opening,
    earlier_versions,
    every,
    matter,
    matters_of,
    opening,
)
from shelter.legal.queries.paper import covers
from shelter.legal.queries.parties import Near, near_of
from shelter.legal.queries.privileged import (
    LegalFileView,
    WritingView,
    accounts_of,
    legal_content,
    legal_files,
    shown_of,
    shown_within,
    writing,
    writings,
)

__all__ = [
    "Around",
    "Ask",
    "AskView",
    "Asked",
    "Away",
    "Beside",
    "DateView",
    "DayView",
    "FeesView",
    "FilingView",
    "Law",
    "LegalFileView",
    "MatterLine",
    "MatterView",
    "Member",
    "MemberView",
    "Near",
    "NoticeView",
    "Opening",
    "ShownDate",
    "WritingView",
    "accounts_of",
    "around",
    "asked_about",
    "away",
    "beside",
    "companions",
    "covers",
    "day",
    "deadlines_due",
    "earlier_versions",
    "every",
    "fees_of",
    "law",
    "legal_content",
    "legal_files",
    "matter",
    "matters_of",
    "missed",
    "near_of",
    "opening",
    "register_beside",
    "rule_now",
    "shown_of",
    "shown_within",
    "trial",
    "writing",
    "writings",
]
