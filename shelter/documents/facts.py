"""What reports may know of a paper: that one was kept from her, from which month until which, and how one came back.

Neither which paper nor of which country; nothing at all of one that was always hers.
"""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from shelter.clients.models import Client
from shelter.db.inbox import Coded, emit
from shelter.documents.models import Paper, PaperText
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.rules.coarse import in_month, time_band
from shelter.rules.papers import papers

HERS = frozenset({"client", "agency"})
ANEW = frozenset({"nobody", "unknown"})
"""Holders of a paper that cannot come back itself."""
UNDER_WAY = frozenset({"applied", "appointment", "issued"})


def followed(before: PaperText | None, after: PaperText, day: date) -> PaperText:
    """The text after a change of `day`, with its course carried on: since when it is missing, and how it came back.

    A state that is put right on the day it was written down is no course.
    """
    here, there = _holder(after), _holder(before) if before else ""
    if not here or (before is not None and before.state == after.state):
        return after
    if here not in HERS:
        since = after.missing_on if there and there not in HERS else day
        withheld = (after.withheld_on or day) if _is_withheld(after) else after.withheld_on
        return replace(after, missing_on=since, withheld_on=withheld, back_on=None, back_how="")
    if before is None or not there or there in HERS:
        return after
    if after.missing_on == day:
        return replace(after, missing_on=None, withheld_on=None)
    anew = there in ANEW or before.state in UNDER_WAY
    how = "replaced" if anew and after.state != "returned" else "recovered"
    return replace(after, back_on=day, back_how=how)


def _holder(text: PaperText) -> str:
    state = papers().states.get(text.state)
    return state.holder if state else ""


def _is_withheld(text: PaperText) -> bool:
    return papers().states[text.state].htcds_withheld


def changed(actor: Actor, client: Client, paper: Paper, before: PaperText | None, after: PaperText) -> None:
    """Tells the ledger, in the caller's transaction, after the text was sealed; nothing where it says the same."""
    said, says = _values(client, before), _values(client, after)
    if said != says:
        emit(actor, [of_paper(client, paper, after)])


def gone(actor: Actor, papers_gone: Iterable[tuple[bytes, bytes]]) -> None:
    """The ledger hears that papers (client, row) of the first version are no more."""
    told = [
        Coded(
            client=client,
            table="paper",
            row=row,
            section="text",
            origin=Kind.DOCUMENTS,
            version=2,
            what="paper",
            values={},
            deleted=True,
        )
        for client, row in papers_gone
    ]
    emit(actor, told)


def of_paper(client: Client, paper: Paper, text: PaperText) -> Coded:
    values = _values(client, text)
    return Coded(
        client=client.id,
        table="paper",
        row=paper.id,
        section="text",
        origin=Kind.DOCUMENTS,
        version=paper.text_version,
        what="paper",
        values=values,
        deleted=not values,
    )


def _values(client: Client, text: PaperText | None) -> dict[str, str | int]:
    """`from` and `until` are when it was kept from her; `back` the month, `how` and `time` of its coming back."""
    if text is None or not (text.withheld_on or text.back_on):
        return {}
    values: dict[str, str | int] = {"site": client.site_id.hex() if client.site_id else ""}
    if text.withheld_on:
        values |= {"from": _month(text.withheld_on), "until": _month(text.back_on)}
    if text.back_on and text.missing_on:
        values |= {"back": _month(text.back_on), "how": text.back_how}
        values["time"] = time_band((text.back_on - text.missing_on).days)
    return values


def _month(day: date | None) -> str:
    return in_month(day) if day else ""
