"""The record itself: begin it, save a part of it, reveal what is hidden, say who endangers her."""

from dataclasses import asdict

import msgspec
from sqlalchemy import delete

from shelter.clients import directory, facts, parts, scope
from shelter.clients.models import (
    ALERT,
    DESK_CARD,
    IDENTITY,
    Alert,
    Assignment,
    Birth,
    Client,
    ContactRule,
    Danger,
    DeskCard,
    DoorAlert,
    Identity,
    PartState,
)
from shelter.clients.parts import FirstMeeting, Numbers, Part, Progress, SavePart
from shelter.clients.queries import named
from shelter.clients.queries.card import agency_today
from shelter.clients.queries.codes import fresh_code
from shelter.clients.queries.contact import as_rule
from shelter.db import db, new_id
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, open_section, save
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules import identifiers
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.settings.queries import is_asked
from shelter.trail.record import recorded

# -- beginning ---------------------------------------------------------------------


def begin(actor: Actor, command: parts.Begin) -> str:
    """A new client at one of the worker's sites, assigned to her; returns the code. `Missing` for another site."""
    with recorded(actor, Act.CLIENTS_CREATE) as unit:
        unit.clause = require(actor, Act.CLIENTS_CREATE).clause
        if command.site not in actor.sites:
            raise Missing
        client = new_client(actor, command.site, command.answers, Identity())
        db.session.add(Assignment(client_id=client.id, staff_id=actor.id, kind="case"))
        unit.about(client.id)
    return client.code


def new_client(actor: Actor, site: bytes | None, answers: FirstMeeting, identity: Identity) -> Client:
    client = Client(code=fresh_code(), site_id=site)
    identity = msgspec.structs.replace(_with_first(identity, answers), since=agency_today())
    identity.parts[Part.FIRST] = _next(actor, PartState(), Progress.DONE)
    directory.keep(actor, client, None, identity)
    fill(actor, client, IDENTITY, identity)
    fill(actor, client, DESK_CARD, _desk_card(DeskCard(), answers))
    db.session.add(client)
    db.session.flush()
    facts.changed(actor, client, identity)
    return client


# -- the record in parts -------------------------------------------------------------


def save_part(actor: Actor, command: SavePart) -> None:
    """Saves the answers of one part over the version they were made from.

    Raises `Conflict` where somebody saved this part meanwhile, `Broken` for a number that is none.
    """
    answers = _checked(command.answers)
    with recorded(actor, Act.CLIENTS_UPDATE) as unit:
        client = scope.for_change(actor, unit, command.code, Act.CLIENTS_UPDATE)
        old = _identity(actor, client)
        if isinstance(answers, FirstMeeting):
            _save_desk_card(actor, client, answers, command.desk_version)
        new = _answered(old, answers) if answers is not None else msgspec.structs.replace(old)
        asked = parts.questions(command.part)
        kept = {name: why for name, why in old.skipped.items() if name not in asked}
        new.skipped = kept | {name: why for name, why in command.skipped.items() if name in asked}
        _save_identity(actor, client, old, new, command.part, command.version, command.progress)


def _checked(answers: parts.Answers | None) -> parts.Answers | None:
    if not isinstance(answers, Numbers):
        return answers
    number = identifiers.a_number(answers.a_number, "a_number") if answers.a_number else ""
    return Numbers(number, _ssn(answers.ssn))


def _ssn(typed: str | None) -> str | None:
    if typed is None or typed == "":
        return typed
    digits = "".join(character for character in typed if character.isdigit())
    if not is_asked("ssn") or len(digits) != 9:
        raise Broken("clients.ssn", "ssn", {"digits": 9})
    return digits


def _answered(old: Identity, answers: parts.Answers) -> Identity:
    """The identity with the answers of one part; what the part does not ask stays."""
    if isinstance(answers, FirstMeeting):
        return _with_first(old, answers)
    values = asdict(answers)
    if isinstance(answers, parts.Born):
        values["birth"] = Birth(**asdict(answers.birth))
    if isinstance(answers, parts.Names):
        values["aliases"] = list(answers.aliases)
    if isinstance(answers, Numbers) and answers.ssn is None:
        del values["ssn"]
    return msgspec.structs.replace(old, **values)


def _with_first(old: Identity, answers: FirstMeeting) -> Identity:
    return msgspec.structs.replace(
        old,
        working_name=answers.working_name,
        pronouns=answers.pronouns,
        languages=list(answers.languages),
    )


def _desk_card(old: DeskCard, answers: FirstMeeting) -> DeskCard:
    return msgspec.structs.replace(
        old,
        working_name=answers.working_name,
        pronouns=answers.pronouns,
        languages=list(answers.languages),
        room_needs=list(answers.room_needs),
        allergies=answers.allergies,
    )


def _save_desk_card(actor: Actor, client: Client, answers: FirstMeeting, made_from: int) -> None:
    old = open_section(actor, client, DESK_CARD) or DeskCard()
    save(actor, client, DESK_CARD, _desk_card(old, answers), made_from)


def _save_identity(
    actor: Actor, client: Client, old: Identity, new: Identity, part: Part, made_from: int, progress: Progress
) -> None:
    state = old.parts.get(part, PartState())
    if state.version != made_from:
        raise Conflict("client", "identity")
    new.parts = old.parts | {part: _next(actor, state, progress)}
    directory.keep(actor, client, old, new)
    save(actor, client, IDENTITY, new, client.identity_version)
    if facts.differs(old, new):
        facts.changed(actor, client, new)
    if directory.names_of(old) != directory.names_of(new):
        directory.tell_of_matches(actor, client, new)
    named.told(actor, client, old, new)


def _next(actor: Actor, state: PartState, progress: Progress) -> PartState:
    return PartState(state=progress, version=state.version + 1, by=actor.id, at=now())


def _identity(actor: Actor, client: Client) -> Identity:
    return open_section(actor, client, IDENTITY) or Identity()


def reveal(actor: Actor, code: str, what: str) -> Identity:
    """Her legal names or a masked number, for one page; the trail says which, sealed to the auditor."""
    with recorded(actor, Act.CLIENTS_REVEAL) as unit:
        client = scope.for_change(actor, unit, code, Act.CLIENTS_REVEAL)
        unit.detail = {"shown": what[:20]}
        return _identity(actor, client)


# -- safe contact and people who endanger her ------------------------------------------


def save_contact(actor: Actor, command: parts.SaveContact) -> None:
    """Her rule for one channel. Raises `Conflict`, or `Broken` for hours that are none."""
    values = {name: value for name, value in asdict(command).items() if name not in ("code", "version")}
    rule = ContactRule(**values)
    as_rule(rule)
    with recorded(actor, Act.CLIENTS_UPDATE) as unit:
        client = scope.for_change(actor, unit, command.code, Act.CLIENTS_UPDATE)
        save_rule(actor, client, _identity(actor, client), rule, command.version)


def save_rule(actor: Actor, client: Client, old: Identity, rule: ContactRule, version: int) -> None:
    """Her rule for one channel, within a caller's transaction; `version` is what the caller saw of them all."""
    others = [one for one in old.contact if one.channel != rule.channel]
    new = msgspec.structs.replace(old, contact=[*others, rule])
    new.skipped = {name: why for name, why in old.skipped.items() if name != "contact"}
    _save_identity(actor, client, old, new, Part.CONTACT, version, Progress.IN_PART)


def save_danger(actor: Actor, command: parts.SaveDanger) -> None:
    """Somebody who endangers her, and the alert at the door that does not say whom it protects."""
    with recorded(actor, Act.CLIENTS_UPDATE) as unit:
        client = scope.for_change(actor, unit, command.code, Act.CLIENTS_UPDATE)
        old = _identity(actor, client)
        known = {one.id: one for one in old.dangers}
        if command.id and command.id not in known:
            raise Missing
        danger = _danger(command, known.get(command.id))
        danger.alert = _alert_at_door(actor, client, danger) if command.at_door else _no_alert(danger)
        known[danger.id] = danger
        new = msgspec.structs.replace(old, dangers=list(known.values()))
        _save_identity(actor, client, old, new, Part.DANGERS, command.version, Progress.IN_PART)


def _danger(command: parts.SaveDanger, old: Danger | None) -> Danger:
    return Danger(
        id=old.id if old else new_id().hex(),
        names=list(command.names),
        aliases=list(command.aliases),
        relationship=command.relationship,
        description=command.description,
        vehicle=command.vehicle,
        order_in_force=command.order_in_force,
        respond=command.respond,
        alert=old.alert if old else "",
        elsewhere=dict(old.elsewhere) if old else {},
        skipped=dict(command.skipped),
    )


def _alert_at_door(actor: Actor, client: Client, danger: Danger) -> str:
    site = client.site_id or min(actor.sites, default=None)
    if site is None or not (danger.description or danger.vehicle):
        raise Broken("clients.alert_needs_description", "description")
    value = Alert(description=danger.description, vehicle=danger.vehicle, respond=danger.respond)
    for elsewhere in scope.facts_of(client).resident_at - {site}:
        known = danger.elsewhere.get(elsewhere.hex(), "")
        danger.elsewhere[elsewhere.hex()] = _stand(actor, elsewhere, known, value)
    return _stand(actor, site, danger.alert, value)


def _stand(actor: Actor, site: bytes, known: str, value: Alert) -> str:
    """The alert at one site, changed or new; the id of its row."""
    row = db.session.get(DoorAlert, bytes.fromhex(known)) if known else None
    if row is not None:
        save(actor, row, ALERT, value, row.alert_version)
        return known
    row = DoorAlert(site_id=site)
    fill(actor, row, ALERT, value)
    db.session.add(row)
    return row.id.hex()


def _no_alert(danger: Danger) -> str:
    rows = [bytes.fromhex(known) for known in (danger.alert, *danger.elsewhere.values()) if known]
    db.session.execute(delete(DoorAlert).where(DoorAlert.id.in_(rows)))
    danger.elsewhere = {}
    return ""


def remove_danger(actor: Actor, code: str, danger_id: str, version: int) -> None:
    """She no longer fears this person, or it was a mistake; the alert at the door goes with it."""
    with recorded(actor, Act.CLIENTS_UPDATE) as unit:
        client = scope.for_change(actor, unit, code, Act.CLIENTS_UPDATE)
        old = _identity(actor, client)
        gone = [one for one in old.dangers if one.id == danger_id]
        if not gone:
            raise Missing
        _no_alert(gone[0])
        new = msgspec.structs.replace(old, dangers=[one for one in old.dangers if one.id != danger_id])
        _save_identity(actor, client, old, new, Part.DANGERS, version, Progress.IN_PART)
