"""`trail verify`: proves the trail without any key."""

import click
from flask.cli import with_appcontext

from shelter.trail.proof import Head, prove


@click.group("trail")
def trail() -> None:
    """Prove the trail of who did what."""


@trail.command("verify")
@click.option("--head", "outside", help="A head copied off this machine: `seq:hash`.")
@with_appcontext
def verify(outside: str | None) -> None:
    """Walk the whole chain; name the first bad link."""
    try:
        known = Head.parse(outside.split()[-1]) if outside else None
    except ValueError:
        raise click.BadParameter("A head looks like 1234:9f86d0…") from None
    proof = prove(known)
    if not proof.holds:
        click.echo(f"The trail is broken at link {proof.broken_at}: {proof.why}.")
        raise SystemExit(1)
    click.echo(f"{proof.links} links hold, signed by {proof.signed_by} people. Head {proof.head or 'none'}")
