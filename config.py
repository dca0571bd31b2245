"""Settings of one deployment: a few environment variables and the file `settings.toml` in the data folder.

The file holds the pepper, the signing secret of forms and the agency's fingerprint. None of them opens
anything about a person; losing the pepper makes passphrases useless, so it is in every backup.
"""

import os
import secrets
import tomllib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Self

FILE = "settings.toml"


class Unconfigured(Exception):
    """The settings are missing or unsafe; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the application is told from outside; see docs/settings.md."""

    folder: Path
    database_url: str
    pepper: bytes = field(repr=False)
    secret_key: bytes = field(repr=False)
    boot_secret: bytes = field(repr=False)
    secret_key_before: bytes = field(default=b"", repr=False)
    agency_id: bytes = b""
    fingerprint: bytes | None = None
    fictional: bool = False
    trusted_hosts: tuple[str, ...] = ("localhost", "127.0.0.1")
    proxies: int = 0
    file_mb: int = 100
    files_url: str = ""
    backups: Path | None = None
    heads: tuple[Path, ...] = ()
    answers_an_hour: int = 3000
    breached: Path | None = None
    scanner: Path | None = None
    office_networks: tuple[str, ...] = ()
    office_passkey: bool = False
    boot_secret_shared: bool = False
    owner_url: str = field(default="", repr=False)
    metrics_token: str = field(default="", repr=False)
    kdf: str = ""
    debug: bool = False
    testing: bool = False

    @classmethod
    def from_environment(cls, environment: dict[str, str] | None = None) -> Self:
        """Reads the environment and the data folder; makes both secrets the first time.

        Raises `Unconfigured` where production would run unsafely.
        """
        env = dict(os.environ if environment is None else environment)
        folder = Path(env.get("SHELTER_DATA", "instance")).resolve()
        stored = _stored(folder)
        settings = cls(
            folder=folder,
            database_url=env.get("SHELTER_DATABASE_URL", f"sqlite:///{folder / 'shelter.db'}"),
            pepper=bytes.fromhex(stored["pepper"]),
            secret_key=bytes.fromhex(stored["secret_key"]),
            secret_key_before=bytes.fromhex(stored.get("secret_key_before", "")),
            boot_secret=_boot_secret(env),
            agency_id=bytes.fromhex(stored.get("agency_id", "")),
            fingerprint=bytes.fromhex(stored["fingerprint"]) if stored.get("fingerprint") else None,
            fictional=stored.get("fictional") == "yes",
            trusted_hosts=tuple(env.get("SHELTER_HOSTS", "localhost,127.0.0.1").split(",")),
            proxies=int(env.get("SHELTER_PROXIES", "0")),
            file_mb=int(env.get("SHELTER_FILE_MB", "100")),
            files_url=env.get("SHELTER_FILES", ""),
            boot_secret_shared=bool(env.get("SHELTER_BOOT_SECRET_FILE")),
            owner_url=env.get("SHELTER_DATABASE_OWNER_URL", ""),
            metrics_token=_line_of(env.get("SHELTER_METRICS_TOKEN_FILE")),
            backups=_path(env, "SHELTER_BACKUPS"),
            heads=tuple(Path(one).resolve() for one in env.get("SHELTER_HEADS", "").split(":") if one),
            answers_an_hour=int(env.get("SHELTER_ANSWERS_AN_HOUR", "3000")),
            breached=_path(env, "SHELTER_BREACHED"),
            scanner=_path(env, "SHELTER_CLAMD"),
            office_networks=tuple(one.strip() for one in env.get("SHELTER_OFFICE_NETWORKS", "").split(",") if one),
            office_passkey=env.get("SHELTER_OFFICE_PASSKEY") == "1",
            debug=env.get("SHELTER_DEBUG") == "1",
        )
        settings.check()
        return settings

    def check(self) -> None:
        """Refuses what would be unsafe outside a test."""
        if self.debug and self.fingerprint is not None and not self.fictional:
            raise Unconfigured("SHELTER_DEBUG is for the fictional agency only; unset it.")
        if self.files_url and not self.files_url.startswith("s3://"):
            raise Unconfigured("SHELTER_FILES is s3://bucket/prefix of an S3-compatible store, or unset for a folder.")
        if self.backups is not None and self.backups.is_relative_to(self.folder):
            raise Unconfigured("SHELTER_BACKUPS is a folder on another disk, not one inside SHELTER_DATA.")
        if self.metrics_token and len(self.metrics_token) < 32:
            raise Unconfigured("SHELTER_METRICS_TOKEN_FILE holds one line of 32 characters or more.")
        if self.breached is not None and not self.breached.is_file():
            raise Unconfigured("SHELTER_BREACHED names no file; without one unset it, never leave it half.")
        try:
            [ip_network(one) for one in self.office_networks]
        except ValueError:
            raise Unconfigured("SHELTER_OFFICE_NETWORKS are networks like 192.168.1.0/24, commas between.") from None
        if not 1 <= self.file_mb <= 2048:
            raise Unconfigured("SHELTER_FILE_MB is the largest file in megabytes, from 1 to 2048.")
        if min(len(self.pepper), len(self.secret_key), len(self.boot_secret)) < 32:
            raise Unconfigured(f"A secret in {FILE} is too short; restore the file from a backup.")

    def begun(self, agency_id: bytes) -> "Settings":
        """The same settings for an agency whose setup begins: its id, which everything sealed will name."""
        _write(self.folder, _stored(self.folder) | {"agency_id": agency_id.hex(), "fingerprint": "", "fictional": "no"})
        return self.again()

    def again(self) -> "Settings":
        """The same settings with what the file says now about the agency; another process may have founded it."""
        stored = _stored(self.folder)
        return replace(
            self,
            agency_id=bytes.fromhex(stored.get("agency_id", "")),
            fingerprint=bytes.fromhex(stored["fingerprint"]) if stored.get("fingerprint") else None,
            fictional=stored.get("fictional") == "yes",
        )

    def with_new_secret(self, day: str) -> "Settings":
        """The same settings with a new secret of forms, written to the file; forms open now are taken under the old."""
        stored = _stored(self.folder)
        new = {"secret_key": secrets.token_hex(32), "secret_key_before": stored["secret_key"], "secret_key_of": day}
        _write(self.folder, stored | new)
        return replace(self, secret_key=bytes.fromhex(new["secret_key"]), secret_key_before=self.secret_key)

    def secret_since(self) -> str:
        """The day of the last renewal of the secret of forms; "" where it is the first."""
        return _stored(self.folder).get("secret_key_of", "")

    def restored(self, values: dict[str, str]) -> "Settings":
        """The settings of an agency that was restored here, written to the file."""
        _write(self.folder, values)
        return replace(self.again(), pepper=bytes.fromhex(values["pepper"]))

    def to_keep(self) -> dict[str, str]:
        """What a backup keeps of the file."""
        return _stored(self.folder)

    def founded(self, agency_id: bytes, fingerprint: bytes, *, fictional: bool) -> "Settings":
        """The same settings for the agency that setup has just founded, written to the file."""
        values = _stored(self.folder) | {
            "agency_id": agency_id.hex(),
            "fingerprint": fingerprint.hex(),
            "fictional": "yes" if fictional else "no",
        }
        _write(self.folder, values)
        return replace(self, agency_id=agency_id, fingerprint=fingerprint, fictional=fictional)


def _boot_secret(env: dict[str, str]) -> bytes:
    """Made when the server starts and inherited by its workers; several hosts share a tmpfs file."""
    path = env.get("SHELTER_BOOT_SECRET_FILE")
    return Path(path).read_bytes().strip() if path else secrets.token_bytes(32)


def _path(env: dict[str, str], name: str) -> Path | None:
    return Path(env[name]).resolve() if env.get(name) else None


def _line_of(path: str | None) -> str:
    return Path(path).read_text().strip() if path else ""


def _stored(folder: Path) -> dict[str, str]:
    path = folder / FILE
    if not path.exists():
        made = {"pepper": secrets.token_hex(32), "secret_key": secrets.token_hex(32)}
        _write(folder, made | {"secret_key_of": datetime.now(UTC).date().isoformat()})
    with path.open("rb") as file:
        return {key: str(value) for key, value in tomllib.load(file).items()}


def _write(folder: Path, values: dict[str, str]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / FILE
    beside = path.with_suffix(".new")
    text = "".join(f'{key} = "{value}"\n' for key, value in sorted(values.items()))
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
