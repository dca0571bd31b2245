"""Rules: read by all legal staff, changed and tried by the supervisor; dates that a change asks about."""

import re

from flask import redirect, request, url_for
from flask_babel import gettext as _
from msgspec import structs
from werkzeug.wrappers import Response

from shelter.lawbook import actions as lawbook
from shelter.legal import actions, queries
from shelter.legal.forms import ChangeRuleForm, DecideForm
from shelter.legal.routes.blueprint import ONE, blueprint, kept
from shelter.policy.acts import Act
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.rules.deadlines import Rule
from shelter.web.conflict import Conflict, both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell
from shelter.web.sentences import sentence

TRIED = "/matters/rules/tried/<int(max=999999999):number>"


@blueprint.get("/matters/rules")
@may(Act.LAW_READ)
def rules() -> Response:
    return page("legal/rules.html", law=queries.law(actor()))


@blueprint.route("/matters/rules/<rule>/change", methods=["GET", "POST"])
@may(Act.LAW_CHANGE)
def change_rule(rule: str) -> Response:
    now, (latest, by, at) = queries.rule_now(actor(), rule), queries.rule_latest(actor(), rule)
    begun = _as_it_is(now) | {"version": latest.version, "effective_from": None, "effective_until": None}
    form, both, made = ChangeRuleForm(data=begun), None, list[int]()
    try:
        if form.validate_on_submit() and kept(form, lambda: made.append(lawbook.try_rule(actor(), form.change(rule)))):
            return redirect(url_for("legal.trial", number=made[0]))
    except Conflict:
        both = both_texts(form, _as_it_is(latest), version=latest.version, by=by, at=at or clock.now())
        form.form_errors.append(_("Another version was adopted meanwhile. Save again if yours is to take its place."))
    return page("legal/change_rule.html", status=409 if both else None, form=form, rule=now, both=both)


def _as_it_is(rule: Rule) -> dict[str, object]:
    return structs.asdict(rule) | {"alerts": ", ".join(map(str, rule.alerts))}


@blueprint.get(TRIED)
@may(Act.LAW_CHANGE)
def trial(number: int) -> Response:
    return page("legal/trial.html", trial=queries.trial(actor(), number))


@blueprint.post(f"{TRIED}/adopt")
@may(Act.LAW_CHANGE)
def adopt(number: int) -> Response:
    try:
        lawbook.adopt(actor(), number, _seen())
    except Broken as broken:
        tell(sentence(broken.message_key, broken.values))
        return redirect(url_for("legal.trial", number=number))
    except Conflict:
        tell(_("Somebody decided meanwhile, about this version or another of the same. Look at it as it is now."))
        return redirect(url_for("legal.trial", number=number))
    else:
        tell(_("It holds from now on."), then=_("No date has moved: each that would is asked about here."))
    return redirect(url_for("legal.asked_about"))


def _seen() -> int:
    """The version that the trial showed as the one that holds here; -1, which none has, where that is none."""
    written = request.form.get("over", "")
    return int(written) if re.fullmatch(r"[0-9]{1,9}", written) else -1


@blueprint.post(f"{TRIED}/give-up")
@may(Act.LAW_CHANGE)
def give_up(number: int) -> Response:
    try:
        lawbook.give_up(actor(), number)
    except Conflict:
        tell(_("Somebody decided about this version meanwhile."))
    else:
        tell(_("Not adopted. That it was tried is kept."))
    return redirect(url_for("legal.rules"))


@blueprint.get("/matters/rules/asked")
@may(Act.MATTERS_READ)
def asked_about() -> Response:
    return page("legal/asked_about.html", asked=queries.asked_about(actor()))


@blueprint.route(f"{ONE}/dates/<id:due>/decide/<int:version>", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def decide(code: str, matter: bytes, due: bytes, version: int) -> Response:
    found, form, status = queries.matter(actor(), code, matter), DecideForm(), None
    try:
        if form.validate_on_submit() and kept(
            form, lambda: actions.decide_date(actor(), form.command(code, matter, due, version))
        ):
            tell(_("Decided."))
            return redirect(url_for("legal.asked_about"))
    except Conflict:
        found, status = queries.matter(actor(), code, matter), 409
        form.form_errors.append(
            _("This date or its rule was changed meanwhile. It stands here as it is now; what you wrote is not saved.")
        )
    return page("legal/decide.html", status=status, form=form, matter=found, date=found.date(due))
