"""What a list asks of a paper, and whether that is taken from the paper as it is now."""

from typing import Any

from shelter.documents.models import Listed, PaperText, Recovery
from shelter.documents.way import waits


def in_short(row: Any, text: PaperText, recovery: Recovery | None) -> Listed:
    """`row` has the id and the versions of the paper."""
    way = recovery.way if recovery else None
    waited = waits(way) if way else None
    return Listed(
        id=row.id,
        text_version=row.text_version,
        recovery_version=row.recovery_version,
        kind=text.kind,
        state=text.state,
        begun=way is not None,
        changed_at=text.changed_at,
        waits_on=waited.on if waited else "",
        since=waited.since if waited else None,
        due=waited.step.due if waited else None,
        ends=text.expires.whole if text.expires else None,
        reminded=recovery.reminded if recovery else None,
    )


def stands(one: Listed | None, row: Any) -> bool:
    """Whether this was taken from the paper as it is now."""
    return one is not None and (one.text_version, one.recovery_version) == (row.text_version, row.recovery_version)
