"""How exact answers are made coarse before they reach the ledger of facts: bands of nights, classes of destinations."""

from datetime import date

UNKNOWN = "unknown"
STAYS = ("7", "30", "90", "180", "365", "more")
PLACES = ("homeless", "institution", "temporary", "permanent", "elsewhere")
_MOST = (7, 30, 90, 180, 365)
TIMES = ("month", "quarter", "half-year", "year", "more")
_DAYS = (31, 92, 183, 366)
_CLASSES = dict(enumerate(PLACES[:4], start=1))


def in_month(day: date) -> str:
    """The month of a day, the finest time a coarse fact has: "2026-11"."""
    return f"{day.year:04d}-{day.month:02d}"


def stay_band(nights: int) -> str:
    """The band of a stay of so many nights, by its upper end."""
    return next((str(most) for most in _MOST if nights <= most), "more")


def time_band(days: int) -> str:
    """The band of so many days of waiting, by its upper end."""
    return next((band for band, most in zip(TIMES, _DAYS, strict=False) if days <= most), "more")


def place_of(destination: int | None) -> str:
    """The class of a destination by HUD's code since FY2024: its hundreds."""
    if destination is None or destination in (8, 9, 30, 99):
        return UNKNOWN
    return _CLASSES.get(destination // 100, "elsewhere")
