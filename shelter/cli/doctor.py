"""`doctor`: structural checks that need no key; with a person's passphrase it also compares sealed stores."""

import stat
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import click
from flask.cli import with_appcontext

from shelter.cli import examining
from shelter.cli.examining import Finding
from shelter.cli.person import open_person
from shelter.crypto.errors import Unopenable
from shelter.db import db, fence
from shelter.db.agency import the_agency
from shelter.db.deployment import deployment
from shelter.db.deployment import settings as settings_here
from shelter.db.lease import last_done
from shelter.db.roll import current_roll
from shelter.files import orphans
from shelter.files.store import Away
from shelter.policy.actor import Actor
from shelter.restricting import lifting
from shelter.rules.clock import now, today
from shelter.trail.clock import clock_faults
from shelter.trail.proof import prove
from shelter.trail.rows import wrong_rows

SECRET_AGE = timedelta(days=400)


@click.command("doctor")
@click.option("--as", "name", help="Your sign-in name: also open everything that your keys open.")
@click.option("--passphrase-fd", type=int, help="Read passphrase and code, a line each, from this descriptor.")
@click.option("--clean", is_flag=True, help="Take away stored files of nothing; make settings private.")
@click.option("--records", is_flag=True, help="Look at the records alone, not at the machine they lie on.")
@with_appcontext
def doctor(name: str | None, passphrase_fd: int | None, clean: bool, records: bool) -> None:
    """Look for broken seals, a broken trail, lost files, weak settings and jobs that did not run."""
    if clean:
        _clean()
        _make_private()
    if tell(open_person(name, passphrase_fd) if name else None, examine_records() if records else examine()):
        raise SystemExit(1)


def tell(actor: Actor | None = None, found: Iterable[Finding] | None = None) -> bool:
    """Says what was found; whether anything is bad."""
    findings = list(examine() if found is None else found)
    if actor is not None:
        findings += examining.with_key_of(actor)
    for finding in findings:
        click.echo(f"{'!!' if finding.bad else 'ok'}  {finding.what}")
        if finding.bad and finding.what_to_do:
            click.echo(f"    {finding.what_to_do}")
    return any(finding.bad for finding in findings)


def examine() -> Iterator[Finding]:
    """Everything that can be seen without a key."""
    yield from examine_records()
    yield _settings_file()
    yield _secret()
    yield _weak()
    yield from _clock()
    yield _tick()
    if _list_holds():
        yield from examining.of_keys()
        yield from examining.of_backups()
        yield examining.of_heads()
        yield from examining.of_erasings()
    yield examining.of_versions()
    yield from examining.of_machine()
    yield _database()


def examine_records() -> Iterator[Finding]:
    """What is there and does not hold, whatever the machine and its timers are like."""
    yield _agency()
    yield _list()
    yield _trail()
    yield from _rows()
    yield from _files()


def _database() -> Finding:
    kind = db.engine.dialect.name
    if kind == "sqlite" or fence.stands():
        return Finding(False, f"database: {kind}")
    what = "The application owns its tables, so that the database fences nothing."
    shared = settings_here().boot_secret_shared
    return Finding(shared, what, "Give it a role of its own: docs/several-machines.md.")


def _agency() -> Finding:
    if the_agency() is None:
        return Finding(True, "There is no agency here yet.", "Run `flask --app wsgi setup`.")
    return Finding(False, "agency: founded")


def _list() -> Finding:
    if deployment().fingerprint is None:
        return Finding(True, "The configuration holds no fingerprint.", "Finish setup, or restore settings.toml.")
    try:
        roll = current_roll()
    except Unopenable:
        return Finding(True, "The signed list of who belongs does not hold.", "Stop, and restore from a backup.")
    return Finding(False, f"signed list: {roll.head.seq} statements, {len(roll.stewards)} stewards")


def _list_holds() -> bool:
    return deployment().fingerprint is not None and not _list().bad


def _trail() -> Finding:
    proof = prove()
    if not proof.holds:
        what = f"The trail is broken at link {proof.broken_at} ({proof.why})."
        return Finding(True, what, "Compare with a head copied off the machine, and call the auditor.")
    return Finding(False, f"trail: {proof.links} links, signed by {proof.signed_by} people")


def _rows() -> Iterator[Finding]:
    wrong = wrong_rows()
    for each in wrong:
        what = f"{each.table} {each.row_id.hex()[:8]}: section {each.section} is {each.why}."
        yield Finding(True, what, "Somebody wrote to the database outside the application.")
    if not wrong:
        yield Finding(False, "sealed rows agree with the trail")


def _files() -> Iterator[Finding]:
    try:
        found, spoiled = orphans.look(), lifting.count_spoiled()
    except Away:
        yield Finding(True, "The store of files cannot be reached.", "Look at SHELTER_FILES, or wait for the store.")
        return
    if found.missing:
        what = f"{found.missing} files are gone from the store."
        yield Finding(True, what, "Bring them back from a backup of the store; the records still name them.")
    if loose := len(found.orphans) + len(found.begun):
        yield Finding(True, f"{loose} stored files belong to nothing.", "Take them away with `doctor --clean`.")
    if spoiled:
        what = f"{spoiled} files were spoiled before a restriction ended; no key opens them."
        yield Finding(True, what, "Take them in again from the paper, or ask whoever gave them.")
    if not found.missing and not loose and not spoiled:
        yield Finding(False, f"files: {found.stored}, each with its record")


def _clean() -> None:
    try:
        orphans.clean(orphans.look())
    except Away:
        click.echo("The store of files cannot be reached; nothing was cleaned.")


def _settings_file() -> Finding:
    if open_to_others := _open_to_others():
        names = ", ".join(path.name for path in open_to_others)
        return Finding(True, f"{names} can be read by others.", "Run `doctor --clean`: it makes them private.")
    return Finding(False, "settings.toml and its folder are private")


def _open_to_others() -> list[Path]:
    folder = settings_here().folder
    paths = (folder, folder / "settings.toml")
    return [path for path in paths if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077]


def _make_private() -> None:
    for path in _open_to_others():
        path.chmod(stat.S_IMODE(path.stat().st_mode) & 0o700)
        click.echo(f"{path.name} is private now.")


def _weak() -> Finding:
    """Settings of the environment that a real agency should not run with."""
    told, weak = settings_here(), []
    if not told.answers_an_hour:
        weak.append("SHELTER_ANSWERS_AN_HOUR is 0: nothing stops who copies everything")
    if told.database_url.startswith("postgresql") and not told.boot_secret_shared and told.files_url:
        weak.append("SHELTER_BOOT_SECRET_FILE is unset: a second host would end every session of the first")
    if weak and not deployment().fictional:
        return Finding(True, f"{'; '.join(weak)}.", "docs/settings.md says what each is for.")
    return Finding(False, "nothing in the environment is weak")


def _secret() -> Finding:
    since = settings_here().secret_since()
    if since and date.fromisoformat(since) < today("UTC") - SECRET_AGE:
        return Finding(
            True, f"The secret of forms is of {since}.", "`flask --app wsgi renew-secret`, then start again."
        )
    return Finding(False, f"the secret of forms is of {since or 'before it was written down'}")


def _clock() -> Iterator[Finding]:
    odd = clock_faults()
    for fault in odd:
        yield Finding(True, f"clock: {fault}.", "Set this machine's clock right: every deadline depends on it.")
    if not odd:
        yield Finding(False, "the clock agrees with what was written down")


def _tick() -> Finding:
    last = last_done("tick")
    if last is None or now() - last > timedelta(minutes=10):
        when = "never" if last is None else last.isoformat(timespec="minutes")
        return Finding(True, f"tick last ran: {when}.", "Start its timer, or `flask --app wsgi tick`.")
    return Finding(False, f"tick last ran {last.isoformat(timespec='minutes')}")
