"""What happened and who she is, in codes: saved by version, each told to reports without a word of hers."""

from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import select

from shelter.clients import facts, scope
from shelter.clients.models import HAPPENED, HERSELF, Client, ClientCoded, Happened, Herself
from shelter.db import db
from shelter.db.errors import Conflict
from shelter.db.sections import fill, save
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.papers.countries import issuing_country
from shelter.rules.picklists import picklists
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class SaveHappened:
    """`version` is the one that the form was made from, 0 for the first answers."""

    code: str
    version: int
    trafficking_status: str = ""
    trafficking_kind: str = ""
    exploitation: tuple[str, ...] = ()
    control: tuple[str, ...] = ()
    industry: tuple[str, ...] = ()
    victimisations: tuple[str, ...] = ()
    skipped: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SaveHerself:
    code: str
    version: int
    race_ethnicity: tuple[str, ...] = ()
    sex_asked: str = ""
    own_words: str = ""
    country: str = ""
    citizenship: str = ""
    disabilities: tuple[str, ...] = ()
    classifications: tuple[str, ...] = ()
    immigration_at_intake: str = ""
    housing_before: str = ""
    skipped: dict[str, str] = field(default_factory=dict)


def save_happened(actor: Actor, command: SaveHappened) -> None:
    """For those who read plans: history of harm is case work's. Raises `Conflict` where somebody saved first."""
    _require_known(command)
    said = Happened(**_answers(command), changed_by=actor.id, changed_at=now())
    with recorded(actor, Act.HARM_WRITE) as unit:
        client = scope.for_change(actor, unit, command.code, Act.HARM_WRITE)
        row, new = _row(client)
        if new:
            _require_first(command.version)
            fill(actor, row, HAPPENED, said)
        else:
            save(actor, row, HAPPENED, said, made_from=command.version)
        db.session.flush()
        facts.happened(actor, client, row, said)


def save_herself(actor: Actor, command: SaveHerself) -> None:
    """Raises `Conflict` where somebody saved first."""
    _require_known(command)
    for country in (command.country, command.citizenship):
        if country:
            issuing_country(country)
    said = Herself(**_answers(command), changed_by=actor.id, changed_at=now())
    with recorded(actor, Act.CLIENTS_UPDATE) as unit:
        client = scope.for_change(actor, unit, command.code, Act.CLIENTS_UPDATE)
        row, new = _row(client)
        if new:
            _require_first(command.version)
            fill(actor, row, HERSELF, said)
        else:
            save(actor, row, HERSELF, said, made_from=command.version)
        db.session.flush()
        facts.herself(actor, client, row, said)


def _row(client: Client) -> tuple[ClientCoded, bool]:
    """Her row of coded answers, and whether it is made now."""
    row = db.session.scalars(
        select(ClientCoded).where(ClientCoded.client_id == client.id), execution_options={"populate_existing": True}
    ).first()
    if row is not None:
        return row, False
    row = ClientCoded(client_id=client.id)
    db.session.add(row)
    return row, True


def _require_first(version: int) -> None:
    if version != 0:
        raise Conflict("client_coded", "answers")


def _answers(command: SaveHappened | SaveHerself) -> dict[str, Any]:
    names = [one.name for one in fields(command) if one.name not in ("code", "version")]
    said = {name: getattr(command, name) for name in names}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


def _require_known(command: SaveHappened | SaveHerself) -> None:
    """Every code is one of its list; what an agency added to a list is its own code and stands as well."""
    for name, answer in _answers(command).items():
        if name in picklists():
            given = answer if isinstance(answer, list) else [answer]
            if any(not isinstance(one, str) or len(one) > 40 for one in given):
                raise Broken("clients.unknown-code", name)
