"""Deadlines: rules of law as data with source and effective date, and one engine that shows its working.

None of it is legal advice; rules marked K or C wait for counsel's word and can be changed by the agency.
"""

from shelter.rules.deadlines.book import RuleBook, load_rules, parse_rules, shipped_rules
from shelter.rules.deadlines.compute import compute
from shelter.rules.deadlines.deadline import Deadline, Facts
from shelter.rules.deadlines.presence import AbsenceLimit, Absences, Trip, absences, told_once
from shelter.rules.deadlines.rule import Rule, Trigger

__all__ = [
    "AbsenceLimit",
    "Absences",
    "Deadline",
    "Facts",
    "Rule",
    "RuleBook",
    "Trigger",
    "Trip",
    "absences",
    "compute",
    "load_rules",
    "parse_rules",
    "shipped_rules",
    "told_once",
]
