"""Papers that run out: seen by somebody, and on the day of the legal staff."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.documents import actions, queries
from shelter.documents.routes.blueprint import ONE, blueprint
from shelter.documents.words.papers import paper_name, runs_out_words
from shelter.legal.queries import Beside, register_beside
from shelter.policy.acts import Act
from shelter.web.conflict import Conflict
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import tell


@blueprint.post(f"{ONE}/seen")
@may(Act.PAPERS_WRITE)
def seen_expiry(code: str, paper: bytes) -> Response:
    """One press; on an old page it changes nothing and says so."""
    version, before = (request.form.get(name, default=0, type=int) for name in ("version", "before"))
    try:
        actions.seen_expiry(actor(), actions.SeenExpiry(code, paper, version, before))
    except Conflict:
        tell(_("Somebody changed this paper meanwhile. Look at it and press again."))
    else:
        tell(_("Seen. The next reminder comes by itself."))
    back = request.form.get("back", "")
    return redirect(url_for("today.day") if back == "today" else url_for(".show", code=code, paper=paper))


def _line(row: queries.WaitingRow) -> Beside:
    words = f"{paper_name(row.paper.text)} – {runs_out_words(row.paper)}"
    return Beside(row.code, row.called, words, row.due, "documents.show", {"paper": row.paper.id})


register_beside("papers", _l("Papers that run out"), lambda reader: [_line(row) for row in queries.running_out(reader)])
