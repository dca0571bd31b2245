"""Data that comes in and leaves as files: HMIS exports in and out, and the agency's own export.

What is read here is material from outside: counted, checked, kept as written, never trusted and never run.
"""
