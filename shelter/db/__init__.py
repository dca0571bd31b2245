"""The database room: base classes, the one place that commits, the key tables and sealed sections.

Plaintext about a person never reaches a column here; it is sealed before and opened after.
"""

from shelter.db.base import Base, Id, db, new_id

__all__ = ["Base", "Id", "db", "new_id"]
