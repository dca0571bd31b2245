"""Days and nights as a site lives them: which day it is there, and which night a moment belongs to.

The night of a day runs from that day's "night begins at" hour to the same hour of the next day, by the clock
on the site's wall; so it has 23 or 25 hours where the clock changes, and every instant belongs to exactly
one night.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shelter.rules.broken import Broken

USUAL_NIGHT_BEGINS = 12
"""Noon: whoever arrives at three in the morning joins the night before, and an afternoon's "tonight" is the
coming night. An agency chooses its own hour per site."""

US_ZONES: tuple[str, ...] = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/Adak", "America/Boise", "America/Detroit",
    "America/Indiana/Indianapolis", "America/Indiana/Knox", "America/Indiana/Marengo",
    "America/Indiana/Petersburg", "America/Indiana/Tell_City", "America/Indiana/Vevay",
    "America/Indiana/Vincennes", "America/Indiana/Winamac", "America/Juneau", "America/Kentucky/Louisville",
    "America/Kentucky/Monticello", "America/Menominee", "America/Metlakatla", "America/Nome",
    "America/North_Dakota/Beulah", "America/North_Dakota/Center", "America/North_Dakota/New_Salem",
    "America/Sitka", "America/Yakutat", "America/Puerto_Rico", "America/St_Thomas", "Pacific/Guam",
    "Pacific/Pago_Pago", "Pacific/Saipan",
)  # fmt: skip
"""Every zone of the fifty states, the district and the territories (IANA zone.tab), the usual ones first."""

_DAY = timedelta(days=1)


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises Broken."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # OSError: a folder's name, such as "America"
        raise Broken("sitetime.zone_unknown", field="zone") from None


def require_hour(night_begins: int) -> int:
    """The hour itself when a clock on the wall has it, 0 to 23. Raises Broken."""
    if not 0 <= night_begins <= 23:
        raise Broken("sitetime.hour_out_of_range", field="night_begins", values={"lowest": 0, "highest": 23})
    return night_begins


def today(at: datetime, zone: str) -> date:
    """The calendar day at the site at an aware instant. Raises Broken for an unknown zone."""
    return _aware(at).astimezone(zone_named(zone)).date()


def local_to_utc(local: datetime, zone: str, *, second_time: bool = False) -> datetime:
    """The instant at which the site's wall clock shows the naive time `local`, in UTC.

    Where the clock jumps forward and never shows that time, the instant is the one a clock that had not
    jumped would mean: 02:30 becomes 03:30 of the new time. Where the clock falls back and shows it twice, it
    is the first of the two, or the second where `second_time` is set. Raises Broken for an unknown zone,
    ValueError for an aware time.
    """
    if local.tzinfo is not None:
        raise ValueError("a time on the wall carries no zone")
    skipped = _never_shown(local, zone)
    fold = int(second_time and not skipped)
    return local.replace(tzinfo=zone_named(zone), fold=fold).astimezone(UTC)


def tonight(at: datetime, zone: str, night_begins: int) -> date:
    """The night that an aware instant belongs to, named by the day on which that night begins. Raises
    Broken."""
    at = _aware(at).astimezone(UTC)
    night = today(at, zone)
    if at < _begins(night, zone, require_hour(night_begins)):
        return night - _DAY
    # Where the clock falls back over midnight the old day is shown again after the new night has begun.
    return night + _DAY if at >= _begins(night + _DAY, zone, night_begins) else night


def night_bounds(night: date, zone: str, night_begins: int) -> tuple[datetime, datetime]:
    """First instant of a night and first instant after it, in UTC; 23, 24 or 25 hours apart in zones of the
    US."""
    hour = require_hour(night_begins)
    return _begins(night, zone, hour), _begins(night + _DAY, zone, hour)


def _begins(night: date, zone: str, hour: int) -> datetime:
    return local_to_utc(datetime.combine(night, time(hour)), zone)


def _never_shown(local: datetime, zone: str) -> bool:
    place = zone_named(zone)
    there = local.replace(tzinfo=place, fold=0).astimezone(UTC).astimezone(place)
    return there.replace(tzinfo=None) != local


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant without a zone")
    return at
