"""Putting what a machine-readable zone says into a paper."""

from dataclasses import dataclass, field

from msgspec.structs import replace

from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.sections import fill
from shelter.documents.actions import packs
from shelter.documents.actions.work import writing
from shelter.documents.known import Known
from shelter.documents.models import PAPER_TEXT, Paper, PaperText
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken
from shelter.rules.mrz import Zone, read
from shelter.rules.papers import papers


@dataclass(frozen=True, slots=True)
class FillFromZone:
    """Into `paper` as of `version`, or into a new paper of `kind`."""

    code: str
    zone: str = field(repr=False)
    paper: bytes = b""
    version: int = 0
    kind: str = ""


def fill_from_zone(actor: Actor, command: FillFromZone) -> bytes:
    """The paper's id. What the lines do not say stays as it is; what they say stands in place of what was there."""
    zone = read(command.zone, agency_today())
    _require_usable(zone)
    with writing(actor, command.code) as work:
        if command.paper:
            paper = work.paper(command.paper)
            work.save_text(paper, command.version, lambda text: _with(text, zone))
            return paper.id
        if command.kind not in papers().kinds:
            raise Broken("documents.unknown-kind", field="kind")
        paper = Paper(client_id=work.client.id)
        fill(actor, paper, PAPER_TEXT, work.stamped(_with(PaperText(kind=command.kind), zone)))
        db.session.add(paper)
        packs.keep(actor, work.client)
    return paper.id


def _require_usable(zone: Zone) -> None:
    if not zone.document:
        raise Broken("documents.zone-unread", field="zone")
    if any(problem.what == "specimen" for problem in zone.problems):
        raise Broken("documents.zone-specimen", field="zone")


def _with(text: PaperText, zone: Zone) -> PaperText:
    ends = zone.expires
    said: dict[str, object] = {
        "country": zone.issuer,
        "number": zone.number,
        "printed_name": zone.printed_name,
        "expires": Known(year=ends.year, month=ends.month, day=ends.day) if ends else None,
        "zone": "\n".join(zone.lines),
    }
    known = {name: value for name, value in said.items() if value}
    return replace(text, **known, skipped={name: why for name, why in text.skipped.items() if name not in known})
