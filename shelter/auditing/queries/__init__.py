"""Reads of the trail: by day, by colleague, by kind, by person, in numbers, and whether it holds."""

from shelter.auditing.queries.days import Doing, Period, period
from shelter.auditing.queries.emergencies import Emergencies, Emergency, emergencies
from shelter.auditing.queries.links import KINDS, Links, LinkView, by_nobody, colleague, of_kind, of_person
from shelter.auditing.queries.proving import Standing, proof
from shelter.auditing.queries.reading import Place
from shelter.auditing.queries.volumes import Volume, Volumes, volumes

__all__ = [
    "KINDS",
    "Doing",
    "Emergencies",
    "Emergency",
    "LinkView",
    "Links",
    "Period",
    "Place",
    "Standing",
    "Volume",
    "Volumes",
    "by_nobody",
    "colleague",
    "emergencies",
    "of_kind",
    "of_person",
    "period",
    "proof",
    "volumes",
]
