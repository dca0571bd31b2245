"""The one blueprint of the clients' pages."""

from flask import Blueprint

from shelter.clients import words
from shelter.clients.routes import rows

blueprint = Blueprint("clients", __name__)
for said in (*words.GLOBALS, *rows.GLOBALS):
    blueprint.add_app_template_global(said)
