"""The tables of the desk; each file holds one subject."""

from shelter.desk.models.roll import MARK, Mark, RollMark, StepTaken, Tick

__all__ = ["MARK", "Mark", "RollMark", "StepTaken", "Tick"]
