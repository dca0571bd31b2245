"""Another passphrase: a new user key, everything hers sealed again, and the old words open nothing that is here."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from shelter.accounts import drafts, keys, signing_in, throttle
from shelter.accounts.models import SignedIn
from shelter.crypto.errors import Unopenable
from shelter.db.aside import Draft
from shelter.db.keyring import Keyring
from shelter.db.keystore import KeyGrant, KeyUser
from shelter.trail.models import Trail
from tests.accounts.browser import At
from tests.factories.agency import Member, World

OFFER = re.compile(r'name="offer"[^>]*value="([^"]+)"')
OWN = "a heron stands in the shallow water at dusk"


def change(at: At, present: str, new: str = OWN, again: str | None = None) -> Any:
    shown = at.get("/passphrase").text
    offer = OFFER.search(shown)
    assert offer
    return at.post(
        "/passphrase",
        present=present,
        passphrase=new,
        again=new if again is None else again,
        offer=offer.group(1),
    )


def opens(user: bytes, passphrase: str, db: Any) -> keys.OwnKeys | None:
    row = db.session.get(KeyUser, user, populate_existing=True)
    return signing_in.opened_keys(row, passphrase)


@pytest.fixture
def who(at: At, world: World) -> Member:
    who = world.members["caseworker"]
    at.sign_in(who)
    return who


def test_the_new_words_open_all_that_the_old_ones_did(at: At, world: World, db: Any, who: Member) -> None:
    held = world.actor("caseworker").keyring.held()  # type: ignore[attr-defined]
    assert drafts.keep(world.actor("caseworker"), "/people/new", [("note", "half a sentence")])
    answer = change(at, who.passphrase)
    assert answer.status_code == 302
    assert at.get("/sessions").status_code == 200, "she is still here, in a new session"
    assert opens(who.id, who.passphrase, db) is None
    own = opens(who.id, OWN, db)
    assert own is not None
    assert own.binding() == who.keys.binding(), "nobody has to bind her anew"
    assert own.uk != who.keys.uk
    assert own.uk_id != who.keys.uk_id
    who.keys = own
    actor = world.actor("caseworker")
    assert actor.keyring.held() == held  # type: ignore[attr-defined]
    for compartment in held:
        assert len(actor.keyring.secret(compartment, 1)) == 32  # type: ignore[attr-defined]
    kept = drafts.find(actor, "/people/new")
    assert kept is not None
    assert kept.fields == [("note", "half a sentence")]


def test_the_old_user_key_opens_nothing_that_is_here(at: At, world: World, db: Any, who: Member) -> None:
    """She had it in the memory of a server that somebody broke into, say."""
    old = world.actor("caseworker").keyring
    change(at, who.passphrase)
    db.session.rollback()  # what this session had begun to read is over
    stale = Keyring(agency=old.agency, user_id=who.id, uk=who.keys.uk, uk_id=who.keys.uk_id)  # type: ignore[attr-defined]
    for grant in db.session.scalars(select(KeyGrant).where(KeyGrant.member_id == who.id)):
        with pytest.raises(Unopenable):
            stale.secret(grant.compartment_id, grant.version)
    row = db.session.get(KeyUser, who.id)
    with pytest.raises(Unopenable):
        keys.open_under(row, who.keys.uk)


def test_she_signs_in_with_the_new_words_and_the_same_code(at: At, world: World, db: Any, who: Member) -> None:
    change(at, who.passphrase)
    at.post("/sign-out", "/sessions")
    refused = at.sign_in(who)
    assert refused.status_code != 302
    who.passphrase = OWN
    assert at.sign_in(who).status_code == 302
    assert at.get("/sessions").status_code == 200


def test_every_other_session_ends(at: At, world: World, db: Any, who: Member, app: Any) -> None:
    elsewhere = At(app, app.test_client(), now=at.now)
    elsewhere.sign_in(who)
    at.now = elsewhere.now
    assert elsewhere.get("/sessions").status_code == 200
    change(at, who.passphrase)
    assert elsewhere.get("/sessions").status_code == 302
    assert db.session.scalar(select(func.count()).where(SignedIn.staff_id == who.id)) == 1


@pytest.mark.parametrize(
    ("present", "new", "again", "said"),
    [
        (None, "Test House Test House", "Test House Test House", "tried early"),
        (None, OWN, "a heron stands", "the same in both places"),
        ("not hers at all", OWN, OWN, "not the passphrase you have now"),
    ],
)
def test_what_will_not_do_is_said_and_changes_nothing(
    at: At, db: Any, who: Member, present: str | None, new: str, again: str, said: str
) -> None:
    answer = change(at, present or who.passphrase, new, again)
    assert said in answer.text
    assert opens(who.id, who.passphrase, db) is not None


def test_guessing_the_present_one_is_slowed(at: At, db: Any, who: Member) -> None:
    for _ in range(throttle.of_session(who.id).pair.free + 1):
        answer = change(at, "a guess of somebody at her desk")
    assert "Too many tries" in answer.text
    acts = db.session.scalars(select(Trail.act)).all()
    assert acts.count("passphrase-refused") == throttle.of_session(who.id).pair.free


def test_a_draft_that_no_longer_opens_goes(at: At, db: Any, who: Member) -> None:
    db.session.add(Draft(staff_id=who.id, form="x", sealed=b"nothing of hers"))
    db.session.commit()
    assert change(at, who.passphrase).status_code == 302
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0
