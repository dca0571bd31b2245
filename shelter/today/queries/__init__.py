"""The first page of a caseworker, and for supervisors who works with how many and whose plans wait for a review."""

from shelter.today.queries.caseload import Caseload, WorkerPeople, caseloads, hand_over_choices, people_of
from shelter.today.queries.day import Day, day
from shelter.today.queries.lines import Line

__all__ = ["Caseload", "Day", "Line", "WorkerPeople", "caseloads", "day", "hand_over_choices", "people_of"]
