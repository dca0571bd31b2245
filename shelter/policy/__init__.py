"""Who may do what, to whose record, and why: one pure table and the functions that read it.

Nothing here knows about HTTP, the database or keys; every other room asks this one.
"""
