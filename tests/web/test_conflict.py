"""When two people change one thing, neither text is lost."""

from __future__ import annotations

from datetime import UTC, datetime

from shelter.web import fields
from shelter.web.conflict import both_texts
from shelter.web.forms import EditForm
from tests.web.conftest import make_app

APP = make_app()
APP.config["WTF_CSRF_ENABLED"] = False
AT = datetime(2026, 11, 21, 22, 2, tzinfo=UTC)


class Goal(EditForm):
    words = fields.LongText("In her words")
    due = fields.NearDate("Due")
    owner = fields.Choice("Owner", choices=[("me", "Me"), ("her", "Her")], skippable=True)


def met() -> tuple[Goal, object]:
    typed = {"words": "Find a school\nnear the park", "due": "2026-12-01", "owner": "me", "version": "4"}
    with APP.test_request_context("/", method="POST", data=typed):
        form = Goal()
        assert form.validate()
        saved = {"words": "Find work", "due": form.due.data, "owner": "her"}
        both = both_texts(form, saved, version=5, by="Ana", at=AT)
        return form, both


def test_both_texts_are_shown_for_each_question_that_differs() -> None:
    _, both = met()
    found = [(one.target, one.yours, one.saved) for one in both.differences]
    assert found == [("words", "Find a school\nnear the park", "Find work"), ("owner-0", "Me", "Her")]
    assert (both.by, both.at) == ("Ana", "21 Nov 2026, 22:02")


def test_the_form_keeps_what_was_typed_and_carries_the_new_version() -> None:
    with APP.test_request_context("/"):
        form, _ = met()
        assert form.words.data == "Find a school\nnear the park"
        assert 'value="5"' in str(form.version())


def test_the_page_holds_both_texts_escaped(web: object) -> None:
    with APP.test_request_context("/"):
        _, both = met()
        drawn = APP.jinja_env.get_template("macros/conflict.html").module.conflict(both)
    assert "Find a school" in drawn
    assert "Find work" in drawn
    assert "Saved meanwhile by Ana, 21 Nov 2026, 22:02" in drawn
