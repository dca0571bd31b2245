"""The page behind an invitation's link, where a colleague makes her own keys."""

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts import invitations, offers
from shelter.accounts.forms import EnrolForm
from shelter.accounts.gatekeeping import RETRY_AFTER, waits_at_the_gate
from shelter.accounts.invitations import Invited
from shelter.accounts.offers import Offer
from shelter.accounts.signing_in import Busy
from shelter.db.errors import Missing
from shelter.rules.broken import Broken
from shelter.web.may import public
from shelter.web.render import page


def add_to(blueprint: Blueprint) -> None:
    """Puts this page on the blueprint of accounts."""
    blueprint.add_url_rule("/invitation/<token>", "invitation", invitation, methods=["GET", "POST"])


@waits_at_the_gate
@public("a colleague comes with the link that was handed to her")
def invitation(token: str) -> Response:
    try:
        invited = invitations.find(token)
        form = EnrolForm()
        offer = offers.read_offer(form.offer.data or "") or offers.new_offer(invited.words)
        words = _accepted(token, form, offer) if form.validate_on_submit() else None
    except Missing:
        return page("accounts/invitation.html", 404, invited=None, form=None)
    except Busy:
        return _busy(form, invited, offer)
    if words:
        return page("accounts/waiting.html", words=words, sign_in_name=invited.sign_in_name)
    return _ask(form, invited, offer)


def _accepted(token: str, form: EnrolForm, offer: Offer) -> list[str] | None:
    if form.offer.data != offer.text:  # the server started anew, or somebody wrote another offer
        form.form_errors.append(_("These words are new, because the page was open for long. Please begin again here."))
        return None
    try:
        return invitations.accept(token, offer, form.chosen())
    except Broken as broken:
        form.refuse(broken)
        return None


def _ask(form: EnrolForm, invited: Invited, offer: Offer, status: int | None = None) -> Response:
    form.offer.data = offer.text
    qr = offer.qr(invited.sign_in_name, invited.agency)
    return page("accounts/invitation.html", status, form=form, invited=invited, offer=offer, qr=qr)


def _busy(form: EnrolForm, invited: Invited, offer: Offer) -> Response:
    answer = _ask(form, invited, offer, 503)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer
