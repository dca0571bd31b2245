"""Reads of the desk: each file serves one part of its pages."""

from shelter.desk.queries.roll import Late, RollSite, RollStep, Row, roll, roll_of

__all__ = ["Late", "RollSite", "RollStep", "Row", "roll", "roll_of"]
