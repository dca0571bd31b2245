"""The only place that asks the machine for the time, so that rules about time can be tested at any time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]


def _machine() -> datetime:
    return datetime.now(UTC)


_process_clock: Clock = _machine
_frozen_clock: ContextVar[Clock | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC. Raises ValueError when a clock that was set gives a naive one."""
    instant = (_frozen_clock.get() or _process_clock)()
    if instant.tzinfo is None:
        raise ValueError("the clock gave an instant without a zone")
    return instant.astimezone(UTC)


def today(zone: str) -> date:
    """The calendar day now in an IANA zone. Raises zoneinfo.ZoneInfoNotFoundError for an unknown one."""
    return now().astimezone(ZoneInfo(zone)).date()


def set_clock(clock: Callable[[], datetime] | None) -> None:
    """Replace the clock of the whole process, all threads; None gives the machine's clock back."""
    global _process_clock
    _process_clock = clock or _machine


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the time at `at` (aware) within this block, in this thread or task only."""
    token = _frozen_clock.set(lambda: at)
    try:
        yield
    finally:
        _frozen_clock.reset(token)
