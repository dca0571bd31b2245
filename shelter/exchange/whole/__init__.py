"""The agency's own export: everything that two people's keys open, as CSV, JSON lines and files, for leaving Shelter.

Sealed to a key that the agency brings, never written open. What their keys do not open is counted and named.
"""

from shelter.exchange.whole.writing import Done, export_agency

__all__ = ["Done", "export_agency"]
