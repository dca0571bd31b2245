"""Rules: read by all legal staff, changed and tried by the supervisor; dates that a change asks about."""

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.lawbook import actions as lawbook
from shelter.legal import actions, queries
from shelter.legal.forms import DecideForm, RuleForm
from shelter.legal.routes.blueprint import ONE, blueprint, kept, to_matter
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.conflict import Conflict
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell
from shelter.web.sentences import sentence


@blueprint.get("/matters/rules")
@may(Act.LAW_READ)
def rules() -> Response:
    return page("legal/rules.html", law=queries.law(actor()))


@blueprint.route("/matters/rules/<rule>/change", methods=["GET", "POST"])
@may(Act.LAW_CHANGE)
def change_rule(rule: str) -> Response:
    now = queries.rule_now(actor(), rule)
    form = RuleForm(data={**{name: getattr(now, name) for name in now.__struct_fields__}, "alerts": _days(now.alerts)})
    made: list[int] = []
    if form.validate_on_submit() and kept(form, lambda: made.append(lawbook.try_rule(actor(), form.command(rule)))):
        return redirect(url_for("legal.trial", number=made[0]))
    return page("legal/change_rule.html", form=form, rule=now)


def _days(alerts: tuple[int, ...]) -> str:
    return ", ".join(map(str, alerts))


@blueprint.get("/matters/rules/tried/<int:number>")
@may(Act.LAW_CHANGE)
def trial(number: int) -> Response:
    found = queries.trial(actor(), number)
    return page("legal/trial.html", made=found.made, asked=found.asked, lines=found.lines, clocks=found.clocks)


@blueprint.post("/matters/rules/tried/<int:number>/adopt")
@may(Act.LAW_CHANGE)
def adopt(number: int) -> Response:
    try:
        lawbook.adopt(actor(), number)
    except Broken as broken:
        tell(sentence(broken.message_key, broken.values))
        return redirect(url_for("legal.trial", number=number))
    except Conflict:
        tell(_("Somebody decided about this version meanwhile."))
    else:
        tell(_("It holds from now on."), then=_("No date has moved: each that would is asked about here."))
    return redirect(url_for("legal.asked_about"))


@blueprint.post("/matters/rules/tried/<int:number>/give-up")
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
    found, form = queries.matter(actor(), code, matter), DecideForm()
    try:
        if form.validate_on_submit() and kept(
            form, lambda: actions.decide_date(actor(), form.command(code, matter, due, version))
        ):
            tell(_("Decided."))
            return redirect(url_for("legal.asked_about"))
    except Conflict:
        tell(_("This date was changed meanwhile. Look at it as it is now."))
        return to_matter(code, matter)
    return page("legal/decide.html", form=form, matter=found, date=found.date(due))
