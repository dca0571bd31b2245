"""Machine-readable zones of passports, cards and visas (ICAO Doc 9303): read, checked, never changed.

Nothing is sent anywhere and nothing is mended in silence: what does not fit is pointed at by line and
position, with the confusion that would explain it. The name has no check digit in any layout.
"""

from shelter.rules.mrz.problems import Offer, Problem
from shelter.rules.mrz.reading import Zone, read, taken

__all__ = ["Offer", "Problem", "Zone", "read", "taken"]
