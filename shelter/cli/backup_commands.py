"""`backup` and `restore`: the first needs no key and opens nothing, the second needs the recovery kit."""

import shutil
from datetime import timedelta
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from shelter.cli import schema
from shelter.cli.doctor import tell
from shelter.cli.person import typed_kit
from shelter.db import db
from shelter.db.agency import the_agency
from shelter.db.deployment import deployment
from shelter.db.deployment import settings as settings_here
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.stewards import backing_up, restoring
from shelter.stewards.backups import KEEP_KEYS, Made
from shelter.stewards.restoring import Prepared, Sources
from shelter.trail.proof import Head
from shelter.web.application import this_app
from shelter.web.i18n import language_of_terminal
from shelter.web.sentences import sentence


@click.command("backup")
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True, help="A folder on another disk.")
@click.option("--keep-keys", type=click.IntRange(1, 30), default=30, help="Days a key store is kept: 30 at most.")
@with_appcontext
def backup(folder: Path, keep_keys: int) -> None:
    """Write one backup, sealed to the recovery kit, while people work. Run it every hour."""
    with force_locale(language_of_terminal()):
        if the_agency() is None or deployment().fingerprint is None:
            raise click.ClickException(_("There is no agency here yet."))
        made, copied = back_up_all(folder, timedelta(days=keep_keys))
        click.echo(f"{made.records.name}\n{made.keys.name}")
        click.echo(
            _("%(rows)s rows, %(files)s new sealed files. Head %(head)s", rows=made.rows, files=copied, head=made.head)
        )


def back_up_all(folder: Path, keep_keys: timedelta = KEEP_KEYS) -> tuple[Made, int]:
    """Both outputs of now and the sealed files beside them; returns how many files were new."""
    made = backing_up.back_up(folder, now(), settings_here().to_keep(), keep_keys)
    return made, _copy_files(deployment().files, folder / "files")


@click.command("restore")
@click.argument("records", type=click.Path(exists=True, path_type=Path))
@click.argument("keys", type=click.Path(exists=True, path_type=Path))
@click.option("--head", "outside", help="The newest head that was copied off the machine: `seq:hash`.")
@click.option("--kit-fd", type=int, help="Read the sheet, or the shares, from this descriptor.")
@with_appcontext
def restore(records: Path, keys: Path, outside: str | None, kit_fd: int | None) -> None:
    """Bring an agency back from RECORDS and KEYS into an empty place, with the recovery kit."""
    with force_locale(language_of_terminal()):
        try:
            head = Head.parse(outside.split()[-1]) if outside else None
        except (ValueError, IndexError):
            raise click.BadParameter(_("A head looks like 1234:9f86d0…")) from None
        beside = records.parent
        sources = Sources(records, keys, typed_kit(kit_fd), head, backing_up.tombstones_beside(beside))
        try:
            _restore(sources, beside)
        except Broken as broken:
            raise click.ClickException(sentence(broken.message_key, broken.values)) from None


def _restore(sources: Sources, beside: Path) -> None:
    app = this_app()
    here = settings_here()
    if here.again().fingerprint is not None:
        raise Broken("backups.not-empty")
    revision = restoring.revision_of(sources)
    schema.upgrade(app, revision)
    ready: Prepared = restoring.prepare(sources)
    done = restoring.lay_down_all(ready)
    app.extensions["shelter_settings"] = here.restored(ready.keys.settings)
    restoring.take_place(ready)
    copied = _copy_files(beside / "files", deployment().files)
    db.session.remove()
    schema.upgrade(app)
    click.echo(_("%(rows)s rows, %(files)s sealed files: as many as the backup says.", rows=done.rows, files=copied))
    click.echo(
        _("The trail proves: %(links)s links, signed by %(people)s people.", links=done.links, people=done.signed_by)
    )
    click.echo(_("The kit opens all %(count)s compartments.", count=done.compartments))
    if done.lost:
        click.echo(_("The head you gave is %(count)s links newer: those acts are lost.", count=done.lost))
    if done.erased_again:
        click.echo(_("%(count)s data keys of erased records were destroyed again.", count=done.erased_again))
    if tell():
        raise SystemExit(1)


def _copy_files(source: Path, target: Path) -> int:
    """Sealed files never change under their name: what is there already is not copied again."""
    if not source.is_dir():
        return 0
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    copied = 0
    for path in sorted(one for one in source.rglob("*") if one.is_file()):
        place = target / path.relative_to(source)
        if place.exists() and place.stat().st_size == path.stat().st_size:
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(place.name + ".part")
        shutil.copyfile(path, beside)
        beside.replace(place)
        copied += 1
    return copied
