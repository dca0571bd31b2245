"""The page at a partner's address: a form and a receipt number, without cookie, script or a word about anybody.

The answer is the same whatever was left and whoever is known here.
"""

from flask import Blueprint, abort, g, request
from flask_babel import refresh
from werkzeug.wrappers import Response

from shelter.referrals import dropping
from shelter.referrals.dropping import TooMany
from shelter.referrals.forms import LeaveForm
from shelter.web.forms import csrf
from shelter.web.i18n import LANGUAGES
from shelter.web.may import public
from shelter.web.render import page

MOST_BYTES = 48 * 1024


def add_drop_page(blueprint: Blueprint) -> None:
    """Puts this page on the blueprint of referrals."""
    csrf.exempt(leave)
    blueprint.add_url_rule("/leave-word/<token>", "leave", leave, methods=["GET", "POST"])


@public("a partner with the address leaves a referral and learns a number")
def leave(token: str) -> Response:
    chosen = request.args.get("lang", "")
    if chosen in dict(LANGUAGES):
        g.locale = chosen
        refresh()
    if request.method == "POST" and not 0 < (request.content_length or 0) <= MOST_BYTES:
        abort(413)
    dropping.open_link(token)
    form = LeaveForm()
    if not form.validate_on_submit():
        return page("referrals/leave.html", form=form, receipt="", token=token, wait=0)
    try:
        receipt = dropping.leave(token, form.command())
    except TooMany as often:
        answer = page("referrals/leave.html", 429, form=form, receipt="", token=token, wait=often.seconds)
        answer.headers["Retry-After"] = str(often.seconds)
        return answer
    return page("referrals/leave.html", form=None, receipt=receipt, token=token, wait=0)
