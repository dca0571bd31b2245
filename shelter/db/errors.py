"""The ways in which the database room says no."""

from shelter.crypto.errors import Unopenable


class Missing(Exception):
    """No such record within the asker's scope; never says whether it exists outside it."""


class Conflict(Exception):
    """Somebody saved a newer version of the section first; the caller shows both texts."""

    def __init__(self, table: str, section: str) -> None:
        super().__init__(f"{table}.{section}")
        self.table = table
        self.section = section


class NoKey(Exception):
    """The person holds no key for what the code tried to open or seal."""


class Spoiled(Unopenable):
    """A section's seal does not hold: somebody wrote to the database behind the application's back."""
