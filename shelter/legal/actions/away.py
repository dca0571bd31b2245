"""Somebody of the legal staff is away: her work is handed over in one step."""

from shelter.accounts import actions as accounts
from shelter.legal.commands import HandOver
from shelter.policy.actor import Actor


def hand_over(actor: Actor, command: HandOver) -> None:
    """Whoever stands in opens her matters on these days and is told. Raises `Broken` or `Missing` as cover does."""
    accounts.cover_own_work(actor, command.to, command.first, command.last)
