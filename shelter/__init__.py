"""Case management that keeps survivors' records sealed to the people who serve them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings
    from shelter.db.deployment import Deployment


def create_app(settings: Settings) -> Flask:
    """The application of one agency. Raises `NoPolicy` while any view says nothing about who may call it."""
    # Imported here, so that a pure room can be used, and tested, without the whole house.
    from flask import Flask

    from shelter import cli
    from shelter.accounts import confirming, desk, gatekeeping, volume
    from shelter.accounts.frame import frame
    from shelter.db import db
    from shelter.db.deployment import deploy, is_set_up
    from shelter.db.engine import prepare
    from shelter.features import load_models, modules
    from shelter.hosts import metrics
    from shelter.web import guard, nav, plumbing

    app = Flask("shelter", template_folder=os.path.join("..", "templates"), static_folder=None)
    _configure(app, settings)
    load_models()
    db.init_app(app)
    with app.app_context():
        deploy(_deployment(settings))
        prepare(db.engine)
    gatekeeping.init(app)
    plumbing.init(app, frame)
    guard.init(app, guard.Door(desk.load_actor, confirming.ask_first, is_set_up, "stewards.setup", volume.count))
    desk.login_manager.init_app(app, add_context_processor=False)  # no template asks for it; it would load her again
    for module in modules("routes"):
        app.register_blueprint(module.blueprint)
        nav.register(app, *getattr(module, "NAV", ()))
    cli.register(app)
    guard.refuse_unmarked(app)
    metrics.init(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    from shelter.db.engine import engine_options
    from shelter.files.spool import spool
    from shelter.rules import lastgood

    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=[settings.secret_key_before] if settings.secret_key_before else [],
        SESSION_COOKIE_NAME="form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=2000,
        FILE_SPOOL=spool,
        DEBUG=settings.debug,
        TESTING=settings.testing,
    )
    settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lastgood.begin(settings.folder)
    app.extensions["shelter_settings"] = settings


def _deployment(settings: Settings) -> Deployment:
    from shelter.db.deployment import Deployment

    return Deployment(
        agency=settings.agency_id,
        fingerprint=settings.fingerprint,
        pepper=settings.pepper,
        boot_secret=settings.boot_secret,
        fictional=settings.fictional,
        files=settings.folder / "files",
        folder=settings.folder,
        most_file_bytes=settings.file_mb * 1024 * 1024,
        store_url=settings.files_url,
        kdf=settings.kdf,
    )
