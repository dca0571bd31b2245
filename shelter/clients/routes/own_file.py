"""Her own file: on screen, on paper in her language, as data to be set and sealed; and what she wants put right."""

import json
from typing import Any

from flask import Response, abort, redirect, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from shelter.clients import actions, queries
from shelter.clients.forms import AnswerWishForm, WishForm
from shelter.clients.routes.blueprint import blueprint
from shelter.clients.routes.rows import own_rows, record_rows
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.her_file import apart, her_file
from shelter.web.conflict import Conflict
from shelter.web.guard import actor
from shelter.web.i18n import LANGUAGES
from shelter.web.may import may
from shelter.web.printing import print_page
from shelter.web.render import page, tell


def _language() -> str:
    asked = request.args.get("lang", "")
    return asked if asked in dict(LANGUAGES) else "en"


@blueprint.route("/people/<code>/own-file", methods=["GET", "POST"])
@may(Act.CLIENTS_COPY)
def own_file(code: str) -> AnyResponse:
    """Everything that is held, and her wishes about it; a new wish is written down here."""
    form = WishForm()
    if form.validate_on_submit():
        actions.wish(actor(), code, form.what.data, form.words.data)
        tell(_("Written down. Do it, or tell her why it stays, and say so here."))
        return redirect(url_for("clients.own_file", code=code))
    client, holdings, wishes = queries.own_file(actor(), code)
    return page(
        "clients/own_file.html",
        form=form,
        card=queries.card_of(actor(), client.code),
        holdings=holdings,
        wishes=wishes,
        parts=her_file(),
        apart=apart(),
        ask=queries.still_to_ask(actor(), client),
    )


@blueprint.get("/people/<code>/own-copy")
@may(Act.CLIENTS_COPY)
def own_copy(code: str) -> Response:
    """Her own copy: all that is held of her, and nothing that says where it comes from."""
    records = queries.wholes(actor(), code)
    with force_locale(_language()):
        _client, holdings, _wishes = queries.own_file(actor(), code)
        return print_page("clients/own_copy.html", None, records=records, holdings=holdings)


@blueprint.get("/people/<code>/own-file/legal")
@may(Act.MATTERS_COPY)
def legal_part(code: str) -> Response:
    """What legal staff hold of her: a part of her file that nobody else can give."""
    client, holdings = queries.legal_part(actor(), code)
    return page(
        "clients/legal_part.html",
        card=queries.card_of(actor(), client.code),
        holdings=holdings,
        ask=queries.still_to_ask(actor(), client),
    )


@blueprint.get("/people/<code>/own-copy/legal")
@may(Act.MATTERS_COPY)
def legal_copy(code: str) -> Response:
    with force_locale(_language()):
        _client, holdings = queries.legal_part(actor(), code)
        return print_page("clients/legal_copy.html", None, records=[], holdings=holdings)


@blueprint.route("/people/<code>/own-file/wishes/<id:wish>", methods=["GET", "POST"])
@may(Act.CLIENTS_COPY)
def answer_wish(code: str, wish: bytes) -> AnyResponse:
    _client, _holdings, wishes = queries.own_file(actor(), code)
    found = next((one for one in wishes if one.id == wish), None)
    if found is None:
        abort(404)
    form = AnswerWishForm(data={"version": found.version})
    if form.validate_on_submit():
        try:
            actions.answer_wish(actor(), form.command(code, wish))
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            form.form_errors.append(_("Somebody has answered this meanwhile. Look at it and do it again."))
        else:
            tell(_("Written down."))
            return redirect(url_for("clients.own_file", code=code))
    return page("clients/answer_wish.html", form=form, card=queries.card_of(actor(), code), found=found)


def case_data(code: str, language: str) -> str:
    """Her record and what the rooms hold, for the template of her own copy."""
    records = queries.wholes(actor(), code)
    with force_locale(language):
        _client, holdings, _wishes = queries.own_file(actor(), code)
        parts = [
            (
                _under(title, record.client.code if n else ""),
                [(row["label"], row["value"] or row["skipped"]) for row in rows],
            )
            for n, record in enumerate(records)
            for title, rows in (*record_rows(record, ""), (_("What else stands in the record"), own_rows(record)))
        ]
        return _as_data(parts, holdings, language)


def legal_data(code: str, language: str) -> str:
    with force_locale(language):
        _client, holdings = queries.legal_part(actor(), code)
        return _as_data([], holdings, language)


def _as_data(parts: list[tuple[Any, list[tuple[Any, Any]]]], holdings: list[queries.Holding], language: str) -> str:
    """All words as texts: the template sets them and computes nothing."""
    parts = parts + [
        (_under(held.title, held.code), [(_with_day(one), one.words) for one in held.lines]) for held in holdings
    ]
    return json.dumps(
        {
            "lang": language,
            "title": _("What is written down about you"),
            "says": _("This copy is yours. You can ask for anything in it to be corrected or taken out."),
            "parts": [
                {
                    "title": str(title),
                    "rows": [{"label": str(label), "words": str(words)} for label, words in rows if words],
                }
                for title, rows in parts
            ],
        }
    )


def _under(title: Any, code: str) -> Any:
    """The title, with the code where it stands in another record of hers."""
    return _("%(title)s (under the code %(code)s)", title=title, code=code) if code else title


def _with_day(one: queries.Held) -> str:
    return f"{one.day.isoformat()} {one.label}" if one.day else str(one.label)
