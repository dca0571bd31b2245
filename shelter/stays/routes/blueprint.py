"""The one blueprint of the pages of beds and stays."""

from flask import Blueprint

from shelter.stays import words

blueprint = Blueprint("stays", __name__)
for said in words.GLOBALS:
    blueprint.add_app_template_global(said)
