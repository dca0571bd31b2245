"""The one blueprint of legal work, and what its pages share."""

from collections.abc import Callable

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from shelter.legal import words
from shelter.rules.broken import Broken
from shelter.web.forms import Form

blueprint = Blueprint("legal", __name__)
for _said in words.GLOBALS:
    blueprint.add_app_template_global(_said)

HERS = "/people/<code>/matters"
ONE = f"{HERS}/<id:matter>"


def kept(form: Form, save: Callable[[], object]) -> bool:
    """Whether it was saved; what a rule says against it stands beside its question."""
    try:
        save()
    except Broken as broken:
        form.refuse(broken)
        return False
    return True


def to_matter(code: str, matter: bytes) -> Response:
    return redirect(url_for("legal.show", code=code, matter=matter))
