"""The pages of the settings: what is decided for the whole agency, and its list of services and funds."""

from shelter.settings.routes import decided, listed
from shelter.settings.routes.decided import NAV, blueprint

__all__ = ["NAV", "blueprint", "decided", "listed"]
