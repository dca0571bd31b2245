"""Disclosure control: counts of people go in, tables in which nobody can be recognised come out.

`release.protect_and_audit` is the one door. What leaves is a `ProtectedTable`, which never held a
hidden number.
"""
