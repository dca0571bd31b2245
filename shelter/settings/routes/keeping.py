"""How a form of the settings is kept: what is wrong stands on it, and no colleague is written over."""

from collections.abc import Callable

from flask import redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.rules.broken import Broken
from shelter.web.conflict import Conflict
from shelter.web.forms import EditForm
from shelter.web.render import tell


def kept(
    form: EditForm, keep: Callable[[], object], back: str, somebody_was_faster: Callable[[], object] | None = None
) -> Response | None:
    """To the address `back` where it was kept; None where the page has to be shown (again).

    Raises Conflict where somebody was faster and the page has nothing to say to that.
    """
    if not form.validate_on_submit():
        return None
    try:
        keep()
    except Broken as broken:
        form.refuse(broken)
        return None
    except Conflict:
        if somebody_was_faster is None:
            raise
        somebody_was_faster()
        return None
    tell(_("Saved."))
    return redirect(back)
