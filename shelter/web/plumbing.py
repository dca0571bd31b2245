"""The order in which the plumbing is put in: what refuses first, then what shapes the answer."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from shelter.rules import wording
from shelter.web import (
    addresses,
    assets,
    crossorigin,
    errors,
    forms,
    headers,
    i18n,
    preferences,
    render,
    sentences,
    tables,
    times,
    violations,
)
from shelter.web.render import Context
from shelter.web.templating import Environment
from shelter.web.uploads import BoundedRequest


def init(app: Flask, context: Context) -> None:
    app.request_class = BoundedRequest
    app.jinja_environment = Environment
    addresses.init(app)
    crossorigin.init(app)
    headers.init(app)
    errors.init(app)
    i18n.init(app)
    forms.init(app)
    assets.init(app)
    times.init(app)
    tables.init(app)
    preferences.init(app)
    violations.init(app)
    render.init(app, context)


sentences.say({key: _l(text) for key, text in wording.sentences().items()})
