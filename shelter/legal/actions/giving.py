"""A matter given to another advocate, its days on her phone; whoever had it leaves the file where she is done."""

from msgspec.structs import replace
from sqlalchemy import delete, select

from shelter.clients import scope
from shelter.clients.models import Assignment
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import row_of
from shelter.lawbook import queries as lawbook
from shelter.legal import team
from shelter.legal.actions.matter import assign
from shelter.legal.actions.phones import Phones
from shelter.legal.actions.work import Work
from shelter.legal.commands import GiveMatter
from shelter.legal.models import TEXT, Matter
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.trail.record import recorded


def give_matter(actor: Actor, command: GiveMatter) -> None:
    """Whoever it is given to answers for it and is told. Raises `Broken`, or `Conflict` where it changed meanwhile."""
    with recorded(actor, Act.MATTERS_GIVE) as unit:
        client = scope.visible(actor, command.code, Act.CLIENTS_READ, Act.MATTERS_READ)
        unit.clause = scope.allowed(actor, Act.MATTERS_GIVE, client).clause
        unit.about(client.id)
        matter = db.session.get(Matter, command.matter, populate_existing=True, with_for_update=True)
        if matter is None or matter.client_id != client.id:
            raise Missing
        with Work.on(actor, client, matter, unit) as work:
            before = work.text.lead
            if command.to == before or command.to not in {one.id for one in team.possible_leads(actor, client.id)}:
                raise Broken("legal.choose_advocate", field="to")
            work.keep_text(replace(work.text, lead=command.to), command.version)
        phones = Phones(client)
        told = phones.readers()
        assign(actor, client, command.to)
        if command.leaves:
            _leave(actor, client.id, before)
        phones.hand_on(actor, told)


def _leave(actor: Actor, client_id: bytes, staff: bytes) -> None:
    """Raises `Broken` while she still answers for another matter of this client that is open."""
    rows = db.session.scalars(select(Matter).where(Matter.client_id == client_id)).all()
    texts = open_each(actor, [row_of(row, TEXT) for row in rows], TEXT).values
    types = lawbook.matter_types()
    if any(text and text.lead == staff and not types[text.type].stage(text.stage).ends for text in texts):
        raise Broken("legal.leads_another", field="leaves")
    hers = [Assignment.client_id == client_id, Assignment.staff_id == staff, Assignment.kind == "legal"]
    db.session.execute(delete(Assignment).where(*hers))
