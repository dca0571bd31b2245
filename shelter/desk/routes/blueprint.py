"""The one blueprint of the desk."""

from flask import Blueprint

from shelter.desk import words

blueprint = Blueprint("desk", __name__)
for said in words.GLOBALS:
    blueprint.add_app_template_global(said)
