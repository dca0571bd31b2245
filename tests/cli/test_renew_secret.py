"""The secret of forms is made anew by one command; what is open stays good, the pepper stays, `doctor` asks for it."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

from flask import Flask
from itsdangerous import BadSignature

from config import Settings
from shelter import create_app
from shelter.cli.doctor import SECRET_AGE, _secret
from shelter.cli.keys_commands import renew_secret
from shelter.rules.clock import frozen, now


def test_a_new_secret_signs_and_the_one_before_is_still_read(tmp_path: Path) -> None:
    first = Settings.from_environment({"SHELTER_DATA": str(tmp_path)})
    said = create_app(first).test_cli_runner().invoke(renew_secret)
    assert said.exit_code == 0, said.output
    second = Settings.from_environment({"SHELTER_DATA": str(tmp_path)})
    assert second.secret_key != first.secret_key == second.secret_key_before
    assert (second.pepper, second.agency_id) == (first.pepper, first.agency_id)
    assert (tmp_path / "settings.toml").stat().st_mode & 0o077 == 0
    third = second.with_new_secret("2026-11-28")
    assert reads(third, signed(second)), "a form that was open"
    assert not reads(third, signed(first)), "the one before that is gone"
    assert "first" not in tomllib.loads((tmp_path / "settings.toml").read_text())


def signed(settings: Settings) -> str:
    app = create_app(settings)
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(serializer.dumps({"csrf": "x"}))


def reads(settings: Settings, form: str) -> bool:
    app = create_app(settings)
    try:
        app.session_interface.get_signing_serializer(app).loads(form)  # type: ignore[attr-defined]
    except BadSignature:
        return False
    return True


def test_doctor_asks_for_it_after_a_year(app: Flask) -> None:
    app.extensions["shelter_settings"] = app.extensions["shelter_settings"].with_new_secret(now().date().isoformat())
    with app.app_context():
        assert not _secret().bad
        with frozen(now() + SECRET_AGE + timedelta(days=2)):
            assert "renew-secret" in _secret().what_to_do
