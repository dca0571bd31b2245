"""The ordered list of features: the app, the migrations and the tests loop over it, lowest first."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

FEATURES = (
    "accounts",
    "stewards",
    "settings",
    "lawbook",
    "clients",
    "emergencies",
    "copies",
    "files",
    "calendars",
    "releases",
    "stays",
    "places",
    "course",
    "census",
    "answers",
    "desk",
    "plans",
    "notes",
    "services",
    "referrals",
    "legal",
    "documents",
    "erasing",
    "restricting",
    "demands",
    "auditing",
    "exchange",
    "sheets",
    "reports",
    "funders",
    "today",
    "hosts",
)
ROOMS_WITH_TABLES = (
    "shelter.db.agency",
    "shelter.db.lease",
    "shelter.db.running",
    "shelter.db.owed",
    "shelter.db.keystore",
    "shelter.db.packed",
    "shelter.db.pseudonyms",
    "shelter.db.aside",
    "shelter.trail.models",
)


def modules(name: str) -> Iterator[ModuleType]:
    """`shelter.<feature>.<name>` of every feature that has one."""
    for feature in FEATURES:
        if find_spec(f"shelter.{feature}") and find_spec(f"shelter.{feature}.{name}"):
            yield import_module(f"shelter.{feature}.{name}")


def load_models() -> None:
    """Imports every table of the schema."""
    for room in ROOMS_WITH_TABLES:
        import_module(room)
    for _ in modules("models"):
        pass
