"""Pages about the person served; each file serves one part of her record on the one blueprint."""

from flask import Blueprint

from shelter.clients import words

blueprint = Blueprint("clients", __name__)
for _said in words.GLOBALS:
    blueprint.add_app_template_global(_said)
