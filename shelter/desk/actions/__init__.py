"""What the desk does: one transaction each, written down with who and why."""

from shelter.desk.actions.roll import Ticking, take_back, take_step, tick

__all__ = ["Ticking", "take_back", "take_step", "tick"]
