"""The application as gunicorn and the flask command find it."""

from config import Settings
from shelter import create_app

app = create_app(Settings.from_environment())
