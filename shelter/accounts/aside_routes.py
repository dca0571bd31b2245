"""Beside the work itself: her notices, the site she has in front, and the place where an unfinished form is kept."""

from flask import Blueprint, abort, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from shelter.accounts import actions, drafting, drafts, notices
from shelter.policy.acts import Act
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.preferences import local_path
from shelter.web.render import page


def add_to(blueprint: Blueprint) -> None:
    """Puts these pages on the blueprint of accounts."""
    blueprint.add_url_rule("/notices", "notices", notices_page, methods=["GET"])
    blueprint.add_url_rule("/notices/seen", "notices_seen", notices_seen, methods=["POST"])
    blueprint.add_url_rule("/site", "front", front, methods=["POST"])
    blueprint.add_url_rule("/drafts", "keep_draft", keep_draft, methods=["POST"])
    blueprint.add_url_rule("/drafts/forget", "forget_draft", forget_draft, methods=["POST"])
    for said in drafting.GLOBALS:
        blueprint.add_app_template_global(said)


@may(Act.ACCOUNT_OWN)
def notices_page() -> Response:
    return page("accounts/notices.html", notices=notices.mine(actor()))


@may(Act.ACCOUNT_OWN)
def notices_seen() -> Response:
    which = request.form.get("which", "")
    notices.mark_seen(actor(), None if which == "all" else _id_from(which))
    return redirect(url_for("accounts.notices"))


def _id_from(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        abort(404)


@may(Act.ACCOUNT_OWN)
def front() -> Response:
    """Another of her sites stands first from now on."""
    actions.put_in_front(actor(), _id_from(request.form.get("site", "")))
    return redirect(local_path(request.form.get("back", "/")))


@may(Act.ACCOUNT_OWN)
def keep_draft() -> Response:
    """Answers the page's script only; it is not activity, so a page left open still locks."""
    kept = drafts.keep(actor(), request.args.get("page", ""), list(request.form.items(multi=True)))
    return make_response("", 204 if kept else 413)


@may(Act.ACCOUNT_OWN)
def forget_draft() -> Response:
    where = local_path(request.form.get("page", "/"))
    drafts.forget(actor(), where)
    return redirect(where)
