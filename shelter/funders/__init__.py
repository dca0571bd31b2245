"""Exact files for funders: made by a preparer, sealed, agreed by a second person, handed over once."""
