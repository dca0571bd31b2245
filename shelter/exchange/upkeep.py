"""What time does to imports: one that was begun and not finished is deleted, without any key."""

from datetime import datetime

from shelter.exchange.staging import abandoned, discard

AT_ONCE = 20_000


def delete_abandoned_imports(at: datetime) -> None:
    """Deletes abandoned stages, a part of a large one each time, in the caller's transaction."""
    left = AT_ONCE
    for stage in abandoned(at):
        discard(stage, left)
        left = AT_ONCE // 10


DUTIES = (delete_abandoned_imports,)
