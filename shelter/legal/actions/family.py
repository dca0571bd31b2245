"""The family of a matter, each member with a stage of their own, and trips out of the country before they are made."""

from dataclasses import asdict

from msgspec.structs import replace

from shelter.db import new_id
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import open_section, save
from shelter.lawbook import queries as lawbook
from shelter.legal import reckoning
from shelter.legal.actions.work import Work, working
from shelter.legal.commands import AddJourney, EndJourney, KeepMember
from shelter.legal.models import FAMILY, Family, Journey, Member
from shelter.legal.queries.around import Elsewhere, elsewhere
from shelter.legal.reckoning import limit_of, require_past, require_presence
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken


def keep_member(actor: Actor, command: KeepMember) -> bytes:
    """A new member, or one as they are now; as they were before stays readable. Raises `Broken`, `Conflict`."""
    kin = command.kin
    if not kin.name:
        raise Broken("legal.say_name", field="name")
    with working(actor, command.code, command.matter) as work:
        for field in ("born", "stage_on", "frozen_on"):
            require_past(getattr(kin, field), work.stamp, field)
        if kin.born and kin.frozen_on and kin.frozen_on < kin.born:
            raise Broken("legal.frozen_before_birth", field="frozen_on")
        if kin.stage and kin.stage not in {
            stage.code for stage in reckoning.kin_stages(work.kind, lawbook.matter_types())
        }:
            raise Broken("matter.stage_unknown", field="stage")
        family = _family(work)
        fresh = Member(
            id=command.member or new_id(),
            by=work.stamp.by,
            at=work.stamp.at,
            version=command.version + 1,
            **asdict(kin),
        )
        if command.member is None:
            _keep(work, replace(family, members=[*family.members, fresh]))
        else:
            _keep(work, _changed(family, fresh, command.version))
    return fresh.id


def _changed(family: Family, fresh: Member, version: int) -> Family:
    before = next((one for one in family.members if one.id == fresh.id), None)
    if before is None:
        raise Missing
    if before.version != version:
        raise Conflict("matter", "family")
    members = [fresh if one.id == fresh.id else one for one in family.members]
    return replace(family, members=members, earlier=[*family.earlier, before])


def add_journey(actor: Actor, command: AddJourney) -> bytes:
    """A trip that was made, or is planned: a plan wants the word of counsel, and one that breaks presence is said."""
    with working(actor, command.code, command.matter) as work:
        family, today = _family(work), work.stamp.on
        if command.member is not None and command.member not in {one.id for one in family.members}:
            raise Broken("legal.choose_member", field="member")
        planned = command.left > today or (command.back or today) > today
        if planned and not command.signed_off:
            raise Broken("legal.counsel_before_travel", field="signed_off")
        journey = Journey(
            id=new_id(),
            member=command.member,
            left=command.left,
            back=command.back,
            planned=planned,
            permit=command.permit,
            signed_off=command.signed_off,
            note=command.note,
            by=work.stamp.by,
            at=work.stamp.at,
        )
        away = Elsewhere()
        if command.member is None and limit_of(work.kind):
            away = elsewhere(work.actor, work.client, work.matter.id)
        if planned and away.unread:
            raise Broken("legal.trips_unread", field="left", values={"codes": ", ".join(away.unread)})
        require_presence(work.kind, family, journey, today, away.journeys)
        _keep(work, replace(family, journeys=[*family.journeys, journey]))
    return journey.id


def end_journey(actor: Actor, command: EndJourney) -> None:
    """She is back, or does not go. Raises `Broken` for a day before she left or after today, `Conflict`."""
    with working(actor, command.code, command.matter) as work:
        family = _family(work)
        before = next((one for one in family.journeys if one.id == command.journey), None)
        if before is None:
            raise Missing
        if before.version != command.version:
            raise Conflict("matter", "family")
        if not command.withdrawn:
            require_past(command.back, work.stamp, "back")
            if command.back is None or command.back < before.left:
                raise Broken("presence.return_before_departure", field="back")
        after = replace(
            before,
            back=command.back or before.back,
            planned=False,
            withdrawn=command.withdrawn,
            changed_by=work.stamp.by,
            changed_at=work.stamp.at,
            version=before.version + 1,
        )
        _keep(work, replace(family, journeys=[after if one.id == before.id else one for one in family.journeys]))


def _family(work: Work) -> Family:
    return open_section(work.actor, work.matter, FAMILY) or Family()


def _keep(work: Work, family: Family) -> None:
    save(work.actor, work.matter, FAMILY, family, made_from=work.matter.family_version)
