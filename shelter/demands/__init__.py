"""Compelled disclosure and breaches: what is demanded and what was given, what got out and who was told in time."""
