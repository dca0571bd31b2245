"""`make install` without a machine to spare: what it writes is read by what will read it, what it runs is shown."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.sources import ROOT

HERE = ROOT / "shelter" / "cli" / "machine"


def install(root: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [str(HERE / "install.sh"), "--host", "shelter.example.org", "--dry-run", "--root", str(root), *more]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_office_gets_service_timer_log_proxy_and_firewall(tmp_path: Path) -> None:
    done = install(tmp_path, "--local", "--ssh", "203.0.113.7")
    assert done.returncode == 0, done.stderr
    written = {str(path.relative_to(tmp_path)): path for path in tmp_path.rglob("*") if path.is_file()}
    assert set(written) == {
        "etc/shelter/environment",
        "etc/shelter/firewall",
        "etc/systemd/system/shelter.service",
        "etc/systemd/system/shelter-doctor.service",
        "etc/systemd/system/shelter-doctor.timer",
        "etc/systemd/journald@shelter.conf",
        "etc/caddy/Caddyfile",
        "etc/nftables.conf",
        "usr/local/bin/shelter",
    }
    texts = {name: path.read_text() for name, path in written.items()}
    assert not [name for name, text in texts.items() if re.search(r"@[A-Z]+@", text)], "a place was not filled in"
    assert "tls internal" in texts["etc/caddy/Caddyfile"]
    assert "203.0.113.7" in texts["etc/nftables.conf"]
    assert "policy drop" in texts["etc/nftables.conf"]
    assert all(text.count("{") == text.count("}") for text in texts.values())
    assert written["etc/shelter/environment"].stat().st_mode & 0o007 == 0
    logs = re.findall(r"^\s*log\b.*$", texts["etc/caddy/Caddyfile"], re.MULTILINE)
    assert [one.strip() for one in logs] == ["log default {"], "the proxy keeps no log of who asked for what"
    for command in ("adduser --system", "systemctl enable --now", "apt-get install"):
        assert f"+ {command}" in done.stdout
    assert not re.search(r"\+ .*(curl|wget|https?://)(?!$)", done.stdout.replace("nftables curl", "nftables"))


def test_the_settings_that_are_there_stay(tmp_path: Path) -> None:
    place = tmp_path / "etc/shelter/environment"
    place.parent.mkdir(parents=True)
    place.write_text("SHELTER_DATA=/elsewhere\n")
    assert install(tmp_path, "--acme").returncode == 0
    assert place.read_text() == "SHELTER_DATA=/elsewhere\n"


def test_folders_and_ways_through_the_firewall_outlast_another_run(tmp_path: Path) -> None:
    told = ("--backups", "/mnt/b", "--heads", "/mnt/c:/mnt/d", "--ssh", "203.0.113.7", "--egress", "203.0.113.9 5432")
    assert install(tmp_path, "--local", *told).returncode == 0
    etc = tmp_path / "etc"
    files = (etc / "systemd/system/shelter.service", etc / "nftables.conf", etc / "shelter/environment")
    first = [file.read_text() for file in files]
    assert "ReadWritePaths=/var/lib/shelter -/mnt/b -/mnt/c -/mnt/d\n" in first[0]
    assert "SHELTER_HEADS=/mnt/c:/mnt/d\n" in first[2]
    assert install(tmp_path, "--local").returncode == 0
    assert [file.read_text() for file in files] == first
    assert "203.0.113.7" in first[1]
    assert "203.0.113.9" in first[1]
    assert install(tmp_path, "--local", "--ssh", "").returncode == 0
    assert "203.0.113.7" not in files[1].read_text()
    done = install(tmp_path, "--local", "--backups", "/mnt/else")
    assert (done.returncode, "SHELTER_BACKUPS=/mnt/b" in done.stderr) == (2, True)
    assert not list(tmp_path.rglob("*.before-shelter*")), "its own files are no strangers'"


def test_what_another_wrote_is_kept_even_where_it_speaks_of_shelter(tmp_path: Path) -> None:
    place = tmp_path / "etc/caddy/Caddyfile"
    place.parent.mkdir(parents=True)
    place.write_text("# the animal shelter's page\n")
    assert install(tmp_path, "--local").returncode == 0
    assert place.with_name("Caddyfile.before-shelter").read_text() == "# the animal shelter's page\n"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ((), "which certificate"),
        (("--local", "--host", "Upper Case"), "small letters"),
        (("--local", "--host", "x; rm -rf /"), "small letters"),
        (("--certificate", "/nowhere", "--key", "/nowhere"), "can be read"),
        (("--local", "--backups", "here"), "whole path"),
        (("--local", "--heads", "/one:two"), "whole paths"),
        (("--else",), "no such option"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_done(
    tmp_path: Path, more: tuple[str, ...], says: str
) -> None:
    done = install(tmp_path, *more)
    assert done.returncode == 2
    assert says in done.stderr
    assert not list(tmp_path.rglob("*"))


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    assert install(tmp_path, "--local").returncode == 0
    units = sorted((tmp_path / "etc/systemd/system").iterdir())
    for unit in units:  # what they would run is not here, and the user is not either
        text = unit.read_text().replace("/srv/shelter/current/.venv/bin/flask", "/bin/true")
        unit.write_text(re.sub(r"^(User|Group|Documentation)=.*$", "", text, flags=re.MULTILINE))
    if analyze:
        done = subprocess.run([analyze, "verify", *map(str, units)], capture_output=True, text=True, check=False)
        ours = [line for line in done.stderr.splitlines() if "shelter" in line]
        assert ours == []
    service = (tmp_path / "etc/systemd/system/shelter.service").read_text()
    for held in ("NoNewPrivileges=yes", "ProtectSystem=strict", "MemorySwapMax=0", "CapabilityBoundingSet=\n"):
        assert held in service


@pytest.mark.parametrize("script", ["install.sh", "upgrade.sh", "shelter.sh"])
def test_the_scripts_are_sound(script: str) -> None:
    text = (HERE / script).read_text()
    assert "set -eu" in text
    assert subprocess.run(["bash", "-n", str(HERE / script)], check=False).returncode == 0
    if checker := shutil.which("shellcheck"):
        assert subprocess.run([checker, str(HERE / script)], check=False).returncode == 0
