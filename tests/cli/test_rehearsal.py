"""`make install` for real below a throw-away root, twice; its proxy and firewall are read by what will read them."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.cli.test_install import HERE, install

FAKES = ("apt-get", "adduser", "systemctl", "chgrp")
INSTALL = """#!/bin/bash
echo "install $*" >> "$CALLS"
args=()
while [ $# -gt 0 ]; do case "$1" in -o|-g) shift 2 ;; *) args+=("$1"); shift ;; esac; done
exec /usr/bin/install "${args[@]}"
"""


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What only a machine to spare could do is written down instead of done; folders and files are made."""
    fakes = tmp_path / "fakes"
    fakes.mkdir()
    for name in FAKES:
        (fakes / name).write_text(f'#!/bin/sh\necho "{name} $*" >> "$CALLS"\n')
    (fakes / "install").write_text(INSTALL)
    for one in fakes.iterdir():
        one.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fakes}:{os.environ['PATH']}")
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setenv("VENV", sys.prefix)
    (fakes / "id").write_text("#!/bin/sh\necho 0\n")
    (fakes / "id").chmod(0o755)
    return tmp_path / "calls"


def rehearse(root: Path) -> str:
    command = [str(HERE / "install.sh"), "--host", "shelter.example.org", "--local", "--root", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def laid_out(root: Path) -> dict[str, tuple[int, str]]:
    """Every file outside the code with its mode and text, every link with where it leads."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if re.match(r"srv/shelter/releases/\d+/", name):
            continue
        mode = stat.S_IMODE(path.lstat().st_mode)
        found[name] = (mode, os.readlink(path) if path.is_symlink() else path.read_text() if path.is_file() else "")
    return found


def test_once_more_changes_nothing_and_leaves_the_code_to_an_upgrade(tmp_path: Path, calls: Path) -> None:
    root = tmp_path / "root"
    (root / "etc/caddy").mkdir(parents=True)
    (root / "etc/caddy/Caddyfile").write_text(":80 {\n}\n")
    assert "Begin the agency" in rehearse(root)
    first, did = laid_out(root), calls.read_text().splitlines()
    current = (root / "srv/shelter/current").resolve()
    assert (current / "wsgi.py").is_file()
    assert not any(path.stat().st_mode & 0o022 for path in current.rglob("*") if not path.is_symlink())
    modes = {name: mode for name, (mode, _) in first.items()}
    for name, mode in {
        "var/lib/shelter": 0o700,
        "var/backups/shelter": 0o700,
        "etc/shelter/environment": 0o640,
    }.items():
        assert modes[name] == mode, name
    assert f"install -d -o shelter -g shelter -m 0700 {root}/var/lib/shelter {root}/var/backups/shelter" in did
    assert f"chgrp shelter {root}/etc/shelter/environment" in did
    assert [one for one in did if one.startswith("systemctl")] == [
        "systemctl daemon-reload",
        "systemctl enable --now nftables.service shelter.service shelter-doctor.timer",
        "systemctl restart nftables.service caddy.service shelter.service",
    ]
    assert first["etc/caddy/Caddyfile.before-shelter"][1] == ":80 {\n}\n", "what another wrote is kept"
    calls.unlink()
    time.sleep(1.1)  # a release is named by its second
    assert "it stays" in rehearse(root)
    assert laid_out(root) == first
    assert calls.read_text().splitlines() == did


def _port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def proxied(tmp_path: Path, caddy: str) -> Iterator[tuple[int, int, Path]]:
    """Caddy with what `install` wrote, on two free ports: its own, and the one where Shelter would be."""
    front, behind, log = _port(), _port(), tmp_path / "log"
    text = (tmp_path / "etc/caddy/Caddyfile").read_text()
    text = text.replace("shelter.example.org {", f"http://localhost:{front} {{").replace("\ttls internal\n", "")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{behind}").replace("health_interval 10s", "health_interval 1s")
    (tmp_path / "Caddyfile").write_text(text)
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    command = [caddy, "run", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"]
    with log.open("w") as said, subprocess.Popen(command, env={**os.environ, **home}, stderr=said) as process:
        try:
            yield front, behind, log
        finally:
            process.terminate()
            process.wait(20)


def _asks(port: int, path: str, **headers: str) -> int:
    for _ in range(50):
        try:
            with urlopen(Request(f"http://localhost:{port}{path}", headers=headers)) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the proxy does not answer")


def test_the_proxy_writes_nobody_down_and_passes_on_what_it_saw_itself(tmp_path: Path) -> None:
    assert install(tmp_path, "--local").returncode == 0
    text = (tmp_path / "etc/caddy/Caddyfile").read_text()
    for held in ("exclude http.log.error", "header_up X-Forwarded-For {remote_host}", "header_up -Forwarded"):
        assert held in text
    if not (caddy := shutil.which("caddy")):
        return
    seen: list[dict[str, str]] = []

    class Behind(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/people"):
                seen.append(dict(self.headers))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with proxied(tmp_path, caddy) as (front, behind, log):
        for path in ("/leave-word/CANARY", "/calendar/CANARY.ics", "/people/CANARY"):
            assert _asks(front, path) >= 500, "Shelter is away, as it is in each upgrade"
        with http.server.ThreadingHTTPServer(("127.0.0.1", behind), Behind) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            lies = {
                "X-Forwarded-For": "6.6.6.6",
                "X-Forwarded-Host": "evil",
                "Forwarded": "for=6.6.6.6",
                "X-Real-IP": "6.6.6.6",
            }
            for _ in range(100):
                if _asks(front, "/people/CANARY", **lies) == 200:
                    break
                time.sleep(0.1)
            for path in ("/health/ready", "/health/live", "/metrics"):
                assert _asks(front, path) == 404, path
            server.shutdown()
        assert seen[-1]["X-Forwarded-For"] in ("127.0.0.1", "::1")
        assert not {"6.6.6.6", "evil", "for=6.6.6.6"} & set(seen[-1].values())
    assert "CANARY" not in log.read_text()


def test_the_firewall_is_one_that_nft_takes(tmp_path: Path) -> None:
    done = install(tmp_path, "--local", "--ssh", "203.0.113.7", "--egress", "10.0.0.5 5432")
    assert done.returncode == 0
    text = (tmp_path / "etc/nftables.conf").read_text()
    assert text.index("ip daddr 10.0.0.5 tcp dport 5432 accept") < text.index('meta skuid "shelter" reject')
    if nft := shutil.which("nft"):
        (tmp_path / "rules").write_text(text.replace('skuid "shelter"', 'skuid "root"'))  # she is not on this machine
        assert subprocess.run([nft, "-c", "-f", str(tmp_path / "rules")], check=False).returncode == 0
