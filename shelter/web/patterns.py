"""The pattern page: every macro in every state, for screenshots and accessibility tests; debug and tests only."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, Flask, Response, render_template
from flask_babel import lazy_gettext as _l

from shelter.rules import clock
from shelter.web import fields
from shelter.web.conflict import both_texts
from shelter.web.forms import EditForm
from shelter.web.may import public
from shelter.web.printing import PrintMark, print_page
from shelter.web.render import page, tell

blueprint = Blueprint("patterns", __name__, url_prefix="/patterns")
_WHY_PUBLIC = "examples without data, in debug and tests only"


class Sample(EditForm):
    """One field of every kind."""

    name = fields.Text(_l("What should we call you?"), hint=_l("Any name you like to hear."), required=True)
    language = fields.Choice(
        _l("Which language is easiest today?"),
        choices=[
            ("en", _l("English")),
            ("es", _l("Spanish")),
            ("other", _l("Another"), _l("We will ask for an interpreter.")),
        ],
        required=True,
    )
    needs = fields.ManyChoices(
        _l("What would help this week?"),
        hint=_l("Choose all that fit."),
        choices=[("sleep", _l("A quiet bed")), ("food", _l("Food")), ("clinic", _l("A clinic"))],
    )
    born = fields.RememberedDate(
        _l("When were you born?"),
        hint=_l("As much as you know."),
        purpose=fields.Purpose(
            _l("Some programs ask for an age. We never pass on the date itself."),
            _l("you, your caseworker and her supervisor"),
        ),
        latest=date(2026, 12, 31),
        required=True,
        skippable=True,
    )
    story = fields.LongText(
        _l("Is there somebody we should not let in?"), max_length=400, rows=3, skippable=True, required=True
    )
    next_call = fields.NearDate(_l("When may we call next?"))
    at = fields.Time(_l("From what time?"))
    people = fields.Number(_l("How many people came with you?"), least=0, most=20)
    channel = fields.Choice(
        _l("How may we reach you?"),
        look="list",
        choices=[("text", _l("Text message")), ("none", _l("Not at all"))],
    )
    passphrase = fields.Secret(_l("Your passphrase"))
    scan = fields.Upload(_l("A photo or scan"), accept="image/png,image/jpeg,application/pdf")
    agreed = fields.Tick(_l("I have read this back together with the client"), required=True)


@blueprint.get("/")
@public(_WHY_PUBLIC)
def index() -> str:
    return render_template("patterns/index.html", form=Sample(data={"version": 3}), **_examples())


@blueprint.post("/")
@public(_WHY_PUBLIC)
def sent() -> Response:
    form = Sample()
    form.validate()
    return page("patterns/index.html", form=form, **_examples())


@blueprint.get("/conflict")
@public(_WHY_PUBLIC)
def conflict() -> str:
    form = Sample(data={"version": 3, "name": "Rosa", "language": "es"})
    saved = {"name": "Rosita", "language": "en", "needs": []}
    both = both_texts(form, saved, version=4, by="Ana", at=datetime(2026, 11, 21, 14, 2, tzinfo=UTC))
    return render_template("patterns/conflict.html", form=form, both=both)


@blueprint.get("/message")
@public(_WHY_PUBLIC)
def message() -> str:
    tell(_l("Goal saved."), then=_l("Next step is due Friday."), undo="/patterns/")
    return render_template("patterns/message.html")


@blueprint.get("/signed-out")
@public(_WHY_PUBLIC)
def signed_out() -> str:
    return render_template("patterns/signed_out.html", form=Sample(data={"version": 3}))


@blueprint.get("/paper")
@public(_WHY_PUBLIC)
def paper() -> Response:
    return print_page("patterns/paper.html", PrintMark("K7-4QM2-C", "Rosa M.", clock.now()))


@blueprint.get("/her-copy")
@public(_WHY_PUBLIC)
def her_copy() -> Response:
    return print_page("patterns/paper.html", None)


def _examples() -> dict[str, Any]:
    today = clock.now()
    return {
        "today": today,
        "tasks": [
            {"label": _l("About you"), "url": "#a", "state": _l("Done"), "done": True},
            {"label": _l("Your health"), "url": "#b", "state": _l("In part"), "look": True},
            {"label": _l("Your children"), "url": "#c", "state": _l("Not started")},
            {"label": _l("Papers"), "url": "", "state": _l("Left for later")},
        ],
        "events": [
            {"title": _l("Moved to another bed"), "by": "Ana", "at": "21 Nov, 14:02", "kind": _l("Stay")},
            {
                "title": _l("Note"),
                "by": "Rosa",
                "at": "20 Nov, 09:30",
                "at_iso": (today - timedelta(days=1)).isoformat(),
                "text": "Slept well. Wants to call her sister on Sunday.",
            },
        ],
        "rows": [
            {"code": "K7-4QM2-C", "name": "Lin", "since": date(2026, 3, 2)},
            {"code": "K3-9XT4-F", "name": "Mira", "since": date(2025, 11, 21)},
        ],
    }


def init(app: Flask) -> None:
    """Only where the application runs for its makers."""
    if app.debug or app.testing:
        app.register_blueprint(blueprint)
