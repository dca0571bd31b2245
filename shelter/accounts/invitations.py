"""The one-use link by which a colleague makes her keys: handed over by hand, kept as a hash, good for a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from shelter.accounts import keys, offers
from shelter.accounts.models import Invitation, Staff, StaffRole
from shelter.accounts.offers import Chosen, Offer
from shelter.crypto.errors import Unopenable
from shelter.crypto.statements import confirmation_words
from shelter.crypto.tokens import new_token, read_token, stored_token, token_text
from shelter.db import db
from shelter.db.agency import Agency, Site
from shelter.db.deployment import deployment
from shelter.db.errors import Missing
from shelter.db.keystore import KeyGrant, KeyUser
from shelter.policy.roles import Role
from shelter.rules.clock import now
from shelter.trail.record import recorded

LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Invited:
    """Who opened the link, as far as may be said to anybody who holds it."""

    staff_id: bytes
    sign_in_name: str
    roles: tuple[Role, ...]
    ends: datetime
    agency: str

    @property
    def words(self) -> int:
        """How many words her passphrase is drawn from."""
        return offers.WORDS_OF_A_STEWARD if Role.STEWARD in self.roles else offers.WORDS


def new_link(staff: Staff) -> str:
    """A fresh token in the caller's transaction, as it stands in the address; earlier ones are dead."""
    token = new_token()
    db.session.execute(delete(Invitation).where(Invitation.staff_id == staff.id))
    db.session.add(Invitation(token_hash=stored_token(token), staff_id=staff.id, ends=now() + LASTS))
    return token_text(token)


def find(text: str) -> Invited:
    """Whom a link invites. Raises Missing for one that is used, over, or never was."""
    row = db.session.execute(
        select(Invitation.ends, Staff.id, Staff.sign_in_name)
        .join(Staff, Staff.id == Invitation.staff_id)
        .where(Invitation.token_hash == _hash(text), Invitation.ends > now(), Staff.state == "invited")
    ).first()
    if row is None:
        raise Missing
    roles = db.session.scalars(select(StaffRole.role).where(StaffRole.staff_id == row.id).order_by(StaffRole.role))
    agency = db.session.scalar(select(Agency.name_on_screen)) or ""
    return Invited(row.id, row.sign_in_name, tuple(Role(role) for role in roles), row.ends, agency)


def accept(text: str, offer: Offer, chosen: Chosen) -> list[str]:
    """She makes her keys and waits; returns the six words that she reads to a steward.

    Raises Missing for a dead link, Broken for what does not hold, Busy at the gate.
    """
    invited = find(text)
    step = offers.check(offer, chosen, own_words(invited.sign_in_name))
    row, own = keys.make(invited.staff_id, offers.settled(offer, chosen), keys.Factors(totp_secret=offer.secret))
    row.totp_step = step
    with recorded(None, "invitation-accepted"):
        used = delete(Invitation).where(Invitation.token_hash == _hash(text)).returning(Invitation.staff_id)
        if db.session.execute(used).first() is None:  # the same link, a moment faster
            raise Missing
        for table, column in ((KeyUser, KeyUser.user_id), (KeyGrant, KeyGrant.member_id)):
            db.session.execute(delete(table).where(column == invited.staff_id))
        db.session.add(row)
        db.session.get_one(Staff, invited.staff_id, populate_existing=True).state = "waiting"
    return confirmation_words(own.binding(), deployment().fingerprint or b"")


def own_words(*more: str) -> list[str]:
    """Words that no passphrase here should lean on: the agency's, its sites', her sign-in name."""
    agency = db.session.scalars(select(Agency.name_on_screen))
    sites = db.session.scalars(select(Site.code_name))
    return [*agency, *sites, *more]


def _hash(text: str) -> bytes:
    try:
        return stored_token(read_token(text))
    except Unopenable:
        return b""
