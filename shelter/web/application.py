"""The application itself behind Flask's proxy, for what goes on after the context that the proxy lives in."""

from flask import Flask, current_app


def this_app() -> Flask:
    """Only inside an application context."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # the proxy's own way, untyped in werkzeug
    return app
