"""Reads of the desk: each file serves one part of its pages."""

from shelter.desk.queries.roll import Late, RollSite, RollStep, Row, require_in_reach, roll

__all__ = ["Late", "RollSite", "RollStep", "Row", "require_in_reach", "roll"]
