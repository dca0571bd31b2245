"""The law book beside its rules: new rules, the table of fees, the kinds of matter, the clocks of agencies."""

from flask import redirect, url_for
from msgspec import structs
from werkzeug.wrappers import Response

from shelter.lawbook import actions as lawbook
from shelter.legal import queries
from shelter.legal.forms import CertifierForm, FeeForm, NewRuleForm, TypeForm
from shelter.legal.forms.certifiers import certifier_as_it_is
from shelter.legal.forms.lawbook import type_as_it_is
from shelter.legal.routes.blueprint import blueprint, kept
from shelter.policy.acts import Act
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page


def _to_trial(number: int) -> Response:
    return redirect(url_for("legal.trial", number=number))


@blueprint.route("/matters/rules/new", methods=["GET", "POST"])
@may(Act.LAW_CHANGE)
def new_rule() -> Response:
    form, made = NewRuleForm(data={"last_day": "anniversary", "roll": "backward", "certainty": "K"}), list[int]()
    form.offer()
    if form.validate_on_submit() and kept(form, lambda: made.append(lawbook.try_new_rule(actor(), form.new()))):
        return _to_trial(made[0])
    return page("legal/new_rule.html", form=form)


@blueprint.get("/matters/rules/fees")
@may(Act.LAW_READ)
def fees() -> Response:
    return page("legal/fees.html", table=queries.fee_table(actor()))


@blueprint.route("/matters/rules/fees/new", methods=["GET", "POST"])
@may(Act.LAW_CHANGE)
def new_fee() -> Response:
    form, made = FeeForm(data={"certainty": "C", "waivable": True}), list[int]()
    form.offer()
    if form.validate_on_submit() and kept(form, lambda: made.append(lawbook.try_fee(actor(), form.command("")))):
        return _to_trial(made[0])
    return page("legal/new_fee.html", form=form)


@blueprint.route("/matters/rules/fees/<fee>/change", methods=["GET", "POST"])
@may(Act.LAW_CHANGE)
def change_fee(fee: str) -> Response:
    now, made = queries.fee_now(actor(), fee), list[int]()
    as_it_is = structs.asdict(now) | {"forms": "\n".join(now.forms), "matters": list(now.matters)}
    form = FeeForm(data=as_it_is)
    form.offer()
    if form.validate_on_submit() and kept(form, lambda: made.append(lawbook.try_fee(actor(), form.command(fee)))):
        return _to_trial(made[0])
    return page("legal/change_fee.html", form=form, row=now)


@blueprint.get("/matters/rules/kinds")
@may(Act.LAW_READ)
def kinds() -> Response:
    return page("legal/kinds.html", kinds=queries.kinds(actor()))


@blueprint.route("/matters/rules/kinds/new", methods=["GET", "POST"])
@may(Act.LAW_CHANGE)
def new_kind() -> Response:
    form, made = TypeForm(data={"certainty": "K"}), list[int]()
    form.offer()
    if form.validate_on_submit() and kept(form, lambda: made.append(lawbook.try_type(actor(), form.command(None)))):
        return _to_trial(made[0])
    return page("legal/new_kind.html", form=form)


@blueprint.route("/matters/rules/kinds/<matter_type>/change", methods=["GET", "POST"])
@may(Act.LAW_CHANGE)
def change_kind(matter_type: str) -> Response:
    now, made = queries.kind_now(actor(), matter_type), list[int]()
    form = TypeForm(data=type_as_it_is(now))
    form.offer()
    if form.validate_on_submit() and kept(form, lambda: made.append(lawbook.try_type(actor(), form.command(now)))):
        return _to_trial(made[0])
    return page("legal/change_kind.html", form=form, kind=now)


@blueprint.get("/matters/rules/certifiers")
@may(Act.LAW_READ)
def certifiers() -> Response:
    return page("legal/certifiers.html", certifiers=queries.certifiers(actor()))


@blueprint.route("/matters/rules/certifiers/new", methods=["GET", "POST"])
@may(Act.LAW_CHANGE)
def new_certifier() -> Response:
    form, made = CertifierForm(data={"certainty": "K", "unit": "calendar_days", "remind_after": 30}), list[int]()
    if form.validate_on_submit() and kept(form, lambda: made.append(lawbook.try_certifier(actor(), form.command("")))):
        return _to_trial(made[0])
    return page("legal/new_certifier.html", form=form)


@blueprint.route("/matters/rules/certifiers/<certifier>/change", methods=["GET", "POST"])
@may(Act.LAW_CHANGE)
def change_certifier(certifier: str) -> Response:
    found, made = queries.certifier_now(actor(), certifier), list[int]()
    form = CertifierForm(data=certifier_as_it_is(found))
    if form.validate_on_submit() and kept(
        form, lambda: made.append(lawbook.try_certifier(actor(), form.command(certifier)))
    ):
        return _to_trial(made[0])
    return page("legal/change_certifier.html", form=form, certifier=found.now)
