"""The blueprint that both registers share, and what a form says when somebody was faster."""

from collections.abc import Callable

from flask import Blueprint
from flask_babel import gettext as _

from shelter.demands import words
from shelter.rules.broken import Broken
from shelter.web.conflict import Conflict
from shelter.web.forms import Form

blueprint = Blueprint("demands", __name__)
for _said in words.GLOBALS:
    blueprint.add_app_template_global(_said)


def done(form: Form, act: Callable[[], object]) -> bool:
    """Whether a form that holds was also done; whatever refuses it stands on the form."""
    if not form.validate_on_submit():
        return False
    try:
        act()
    except Broken as broken:
        form.refuse(broken)
    except Conflict:
        form.form_errors.append(_("Somebody has changed this meanwhile. Look at it and do it again."))
    else:
        return True
    return False
