"""The house of the stays: two rooms, and people of the cast signed in."""

from tests.stays.conftest import beds, desk

__all__ = ["beds", "desk"]
