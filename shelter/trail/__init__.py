"""The append-only trail: who did what to whose record, chained, signed, and committed with the act.

Nothing about a person is in it but her random id; details are sealed to the auditor.
"""
