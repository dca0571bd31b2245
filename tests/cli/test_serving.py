"""What serving does around the server itself: the process that ends it is the one that began it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask

from shelter.cli import serve

DATABASES = ("sqlite",)


def test_a_worker_that_ends_takes_neither_the_clock_nor_our_name_along(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server forks its workers inside `run`; one that is ended, or was stuck, leaves by the same way out."""
    here, told = os.getpid(), tmp_path / "told"
    told.mkdir()

    class Timer:
        pid = 1

        def terminate(self) -> None:
            (told / f"clock-{os.getpid()}").touch()

    def run(_served: serve.Served) -> None:
        worker = os.fork()
        if not worker:
            raise SystemExit(0)
        os.waitpid(worker, 0)
        assert list(told.iterdir()) == [told / f"said-{here}"], "only that it began"

    monkeypatch.setattr("shelter.cli.serve.subprocess.Popen", lambda *_args, **_more: Timer())
    monkeypatch.setattr(serve, "share_gate", lambda _gate: None)
    monkeypatch.setattr(serve, "_say", lambda _app, _what: (told / f"said-{os.getpid()}").touch())
    monkeypatch.setattr(serve.Served, "run", run)
    try:
        serve.serve(app, "127.0.0.1", 0)
    finally:
        if os.getpid() != here:
            os._exit(0)
    assert {path.name for path in told.iterdir()} == {f"said-{here}", f"clock-{here}"}
