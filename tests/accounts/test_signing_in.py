"""One way in: all three together, at once or not at all; the same no for everybody."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from shelter.accounts.models import SignedIn
from shelter.crypto import totp
from tests.accounts.browser import At
from tests.factories.agency import World


def sessions(db: object) -> int:
    return db.session.scalar(select(func.count()).select_from(SignedIn))  # type: ignore[attr-defined]


def test_name_passphrase_and_code_together_open_a_session(at: At, world: World) -> None:
    answer = at.sign_in(world.members["caseworker"])
    assert answer.status_code == 302
    assert at.get("/sessions").status_code == 200
