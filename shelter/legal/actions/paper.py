"""A paper made from the sealed record: what stands on it, and the release under which a third party receives it."""

from dataclasses import dataclass

from shelter.clients import scope
from shelter.clients.models import Identity
from shelter.clients.queries.card import identities
from shelter.legal.actions.work import working
from shelter.legal.commands import MakePaper
from shelter.legal.models import Filing, MatterText, Notice
from shelter.legal.queries.paper import ITEMS
from shelter.legal.reckoning import Stamp
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.releases.disclosing import Share, disclose, refusals_written
from shelter.rules.broken import Broken
from shelter.rules.matters import MatterType

KINDS = ("cover_letter", "exhibit_list", "declaration", "g28", "index")


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What the record gives for a paper; words are chosen where it is set."""

    code: str
    name: str
    kind: MatterType
    text: MatterText
    filings: tuple[Filing, ...]
    notices: tuple[Notice, ...]
    gathered: tuple[str, ...]
    recipient: str
    stamp: Stamp


def make_paper(actor: Actor, command: MakePaper) -> PaperFacts:
    """Written down as made and, for a third party, as told under a release that is live and covers it.

    Raises `NotCovered` where none does: then there is no paper.
    """
    if command.kind not in KINDS:
        raise Broken("legal.choose_paper", field="kind")
    with refusals_written(actor), working(actor, command.code, command.matter) as work:
        scope.allowed(actor, Act.CLIENTS_REVEAL, work.client)
        recipient = ""
        if command.release is not None:
            share = Share(command.release, ITEMS, command.method)
            recipient = disclose(actor, work.unit, work.client, share).organisation
        identity = identities(actor, [work.client]).get(work.client.id, Identity())
        papers = work.papers()
        return PaperFacts(
            code=work.client.code,
            name=identity.legal_name or identity.working_name,
            kind=work.kind,
            text=work.text,
            filings=tuple(papers.filings),
            notices=tuple(papers.notices),
            gathered=tuple(paper for paper in work.kind.gather if paper in papers.gathered),
            recipient=recipient,
            stamp=work.stamp,
        )
