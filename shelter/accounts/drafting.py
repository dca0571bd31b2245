"""Drafts for a route: the form with what was being typed, and the word that it has been saved."""

from typing import Any, TypeVar, cast

from flask import g, request, url_for
from werkzeug.datastructures import MultiDict

from shelter.accounts import drafts
from shelter.accounts.drafts import Kept
from shelter.web.forms import Form
from shelter.web.guard import actor

AnyForm = TypeVar("AnyForm", bound=Form)


def drafted(form: type[AnyForm], **filled: Any) -> AnyForm:
    """The form of this page; opened again after a timeout it holds what was being typed."""
    kept = drafts.find(actor(), request.path) if request.method == "GET" else None
    if kept is None:
        return form(**filled)
    g.draft = kept
    return form(formdata=MultiDict(kept.fields), **filled)


def saved() -> None:
    """The form of this page was saved: its draft goes."""
    drafts.forget(actor(), request.path)


def draft_kept() -> Kept | None:
    """The draft that this page shows, for the note above the form."""
    return cast(Kept | None, g.get("draft"))


def draft_url() -> str:
    """Where this page's form is kept while it is being written: `form(..., draft=draft_url())`."""
    return url_for("accounts.keep_draft", page=request.path)


GLOBALS = (draft_kept, draft_url)
