"""What time does to spreadsheets: one that nobody brought in is gone after a day, the way back after a week."""

from datetime import datetime

from shelter.sheets import staging


def throw_away_old_sheets(at: datetime) -> None:
    """Deletes them with their keys, in the caller's transaction; what was brought in stays."""
    for import_id in staging.overdue(at):
        staging.throw_away(import_id)


DUTIES = (throw_away_old_sheets,)
