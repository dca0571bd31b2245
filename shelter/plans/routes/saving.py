"""What every form of this room does when it was sent: act, or show again what was wrong or has changed meanwhile."""

from collections.abc import Callable

from flask import redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.drafting import saved
from shelter.rules.broken import Broken
from shelter.web.conflict import Conflict
from shelter.web.forms import EditForm, Form
from shelter.web.render import tell


def done(form: Form, act: Callable[[], object], to: str, words: str, version: Callable[[], int]) -> Response | None:
    """None where the page has to be shown (again); after a conflict the form carries the version that stands now."""
    if not form.validate_on_submit():
        return None
    try:
        act()
    except Broken as broken:
        form.refuse(broken)
        return None
    except Conflict:
        if isinstance(form, EditForm):
            form.version.data, form.version.raw_data = version(), None
        form.form_errors.append(_("Somebody changed this meanwhile. Look at it below, and save once more."))
        return None
    saved()
    tell(words)
    return redirect(to)
