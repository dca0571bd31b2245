"""An HMIS CSV export of the agency, for the agency: 24 files of FY2026, what was imported and what was written here.

A client file names people, hashed or not. It is made for the agency alone and goes through the disk sealed only.
"""

from shelter.exchange.out.differences import Difference
from shelter.exchange.out.spool import Sealed
from shelter.exchange.out.writing import Exported, export_hmis

__all__ = ["Difference", "Exported", "Sealed", "export_hmis"]
