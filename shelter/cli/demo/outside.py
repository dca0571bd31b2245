"""What the fictional agency tells outside, and what partners leave there: releases, referrals, an address."""

import random
from datetime import UTC, date, datetime, time, timedelta

from shelter.cli.demo.people import Guest
from shelter.db import db
from shelter.db.sections import fill
from shelter.policy.actor import Actor
from shelter.referrals.actions import give_address
from shelter.referrals.dropping import Leave, leave
from shelter.referrals.models import REFERRAL, Referral, ReferralText
from shelter.referrals.models import Happened as Moved
from shelter.releases.models import SHARED, TERMS, Disclosure, Happened, Release, Shared, Signature, Terms

# to whom, what exactly, what for, how, days until it ends
RELEASES = (
    ("Harbor Legal Aid", ("name", "needs"), "legal", ("phone", "in_person"), 4),
    ("Eastside Clinic", ("name", "health"), "health", ("phone", "paper"), 21),
    ("Night School Program", ("name", "work_school"), "school", ("paper",), 12),
    ("Housing Office", ("name", "needs", "household"), "housing", ("phone", "secure_mail"), 26),
    ("Consulate", ("name", "papers"), "papers", ("in_person",), 17),
)
LEFT = (
    Leave(
        organisation="Valley Hospital",
        sender="Social worker on the second floor",
        reach="the desk of the second floor, extension 214",
        called="Mirela",
        language="Romanian",
        age="about twenty",
        safe_contact="only through us",
        urgency="today",
        needs="A bed for tonight; can walk, has no papers with her.",
    ),
    Leave(
        organisation="County Task Force",
        sender="Advocate on duty",
        reach="the advocate's line",
        called="Tam",
        language="Vietnamese",
        age="thirties",
        safe_contact="",
        urgency="days",
        needs="Somebody who explains what a T visa is.",
    ),
)


def releases(actor: Actor, luck: random.Random, guests: list[Guest], day: date) -> set[bytes]:
    """One release each for some who are here, most used once, and a referral under it; the clients they are about."""
    adults = [guest for guest in guests if guest.here and not guest.person.is_child]
    chosen = luck.sample(adults, min(len(adults), 2 * len(RELEASES)))
    for number, guest in enumerate(chosen):
        _one(actor, guest, day, number)
    db.session.flush()
    return {guest.client.id for guest in chosen}


def _one(actor: Actor, guest: Guest, day: date, number: int) -> None:
    organisation, items, purpose, methods, left = RELEASES[number % len(RELEASES)]
    signed = datetime.combine(day - timedelta(days=3), time(18, 10), UTC)
    revoked = number == len(RELEASES)
    history = [
        Happened(at=signed, by=actor.id, what="made"),
        Happened(at=signed, by=actor.id, what="signed", words="self"),
    ]
    if revoked:
        history.append(Happened(at=signed + timedelta(days=2), by=actor.id, what="revoked", words="She telephoned."))
    terms = Terms(
        organisation=organisation,
        items=list(items),
        purpose=purpose,
        methods=list(methods),
        starts=signed.date(),
        expires=day + timedelta(days=left),
        risks_discussed=True,
        not_abuser=True,
        language=guest.identity.languages[0] if guest.identity.languages else "",
        signatures=[Signature(who="self", name=guest.identity.working_name, how="typed", at=signed, taken_by=actor.id)],
        revoked=revoked,
        history=history,
    )
    release = Release(client_id=guest.client.id)
    fill(actor, release, TERMS, terms)
    shared = Shared(
        release=release.id, organisation=organisation, items=list(items[:1]), method=methods[0], by=actor.id, at=signed
    )
    told = Disclosure(client_id=guest.client.id)
    fill(actor, told, SHARED, shared)
    referral = Referral(client_id=guest.client.id)
    made = [Moved(at=signed, by=actor.id, what="made")]
    text = ReferralText(organisation=organisation, release=release.id, items=list(items[:1]), history=made)
    fill(actor, referral, REFERRAL, text)
    db.session.add_all((release, told, referral))


def left_by_partners(actor: Actor) -> None:
    """Two partners with an address each; what they left waits in the queue."""
    for left in LEFT:
        leave(give_address(actor, left.organisation), left)
