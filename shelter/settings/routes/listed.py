"""The list of services with the line of each funder, and the funds: added to, worded, mapped from a day on, retired."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from shelter.policy.acts import Act
from shelter.rules.services.own import OWN
from shelter.settings import servicelist
from shelter.settings.forms import FundForm, ServiceListForm
from shelter.settings.routes.decided import blueprint
from shelter.settings.routes.keeping import kept
from shelter.settings.words import FUNDERS, line_choices
from shelter.web.conflict import BothTexts, both_texts
from shelter.web.forms import EditForm
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page


@blueprint.get("/services")
@may(Act.SETTINGS_MANAGE)
def services() -> Response:
    return page("settings/services.html", book=servicelist.service_list(), day=servicelist.today(), funders=FUNDERS)


@blueprint.route("/services/new", methods=["GET", "POST"])
@may(Act.SETTINGS_MANAGE)
def new_service() -> Response:
    form = _with_lines(ServiceListForm(data={"version": 0, "effective_from": servicelist.today()}))
    shown = kept(form, lambda: servicelist.keep_service(actor(), form.command(""), 0), _list())
    return shown or page("settings/new_service.html", form=form, one=None, versions=[], funders=FUNDERS)


@blueprint.route("/services/<service>", methods=["GET", "POST"])
@may(Act.SETTINGS_MANAGE)
def service(service: str) -> Response:
    """One service as it holds from a day on; what holds before stays."""
    versions = servicelist.service_versions(actor(), service)
    form = _with_lines(ServiceListForm(data=_service(service, versions)))
    both: list[BothTexts] = []
    shown = kept(
        form,
        lambda: servicelist.keep_service(actor(), form.command(service), form.version.data),
        _list(),
        lambda: both.append(_both(form, servicelist.service_versions(actor(), service), _service, service)),
    )
    one = servicelist.service_list().services[service]
    return shown or page(
        "settings/service.html",
        409 if both else None,
        form=form,
        one=one,
        own=service.startswith(OWN),
        versions=versions,
        funders=FUNDERS,
        both=both[0] if both else None,
    )


@blueprint.route("/funds/new", methods=["GET", "POST"])
@may(Act.SETTINGS_MANAGE)
def new_fund() -> Response:
    form = FundForm(data={"version": 0})
    shown = kept(form, lambda: servicelist.keep_fund(actor(), form.command("", shipped=False), 0), _list())
    return shown or page("settings/new_fund.html", form=form, one=None, versions=[])


@blueprint.route("/funds/<fund>", methods=["GET", "POST"])
@may(Act.SETTINGS_MANAGE)
def fund(fund: str) -> Response:
    versions = servicelist.fund_versions(actor(), fund)
    one = servicelist.service_list().funds[fund]
    form = FundForm(data=_fund(fund, versions))
    both: list[BothTexts] = []
    shown = kept(
        form,
        lambda: servicelist.keep_fund(actor(), form.command(fund, shipped=one.limits is None), form.version.data),
        _list(),
        lambda: both.append(_both(form, servicelist.fund_versions(actor(), fund), _fund, fund)),
    )
    return shown or page(
        "settings/fund.html",
        409 if both else None,
        form=form,
        one=one,
        versions=versions,
        both=both[0] if both else None,
    )


def _list() -> str:
    return url_for("settings.services")


def _both(form: EditForm, versions: list[Any], filled: Callable[..., Mapping[str, Any]], code: str) -> BothTexts:
    at: datetime = versions[0].at
    saved = dict(filled(code, versions))
    return both_texts(form, saved, version=versions[0].number, by=versions[0].by, at=at)


def _with_lines(form: ServiceListForm) -> ServiceListForm:
    """The lines to choose from are those of the day that the form names."""
    day = form.effective_from.data
    for funder in FUNDERS:
        field: Any = form[f"line_{funder}"]
        field.choices = line_choices(funder, day if isinstance(day, date) else None)
    return form


def _service(code: str, versions: list[servicelist.Version[Any]]) -> dict[str, Any]:
    """As the latest version says it, else as shipped."""
    one, today = servicelist.service_list().services[code], servicelist.today()
    latest = versions[0] if versions else None
    begins = max(latest.text.effective_from, today) if latest else today
    counts = latest.text.counts if latest else _counted(code, today)
    return {
        "version": latest.number if latest else 0,
        "label_en": one.labels.get("en", ""),
        "label_es": one.labels.get("es", ""),
        "retired": one.retired,
        "area": one.area,
        "group": one.group,
        "legal": one.legal,
        "effective_from": begins,
        **{f"line_{funder}": counts.get(funder, "") for funder in FUNDERS},
    }


def _counted(code: str, day: date) -> dict[str, str]:
    found = {}
    for name, funder in servicelist.service_list().funders.items():
        version = funder.on(day)
        if version is not None and code in version.counts:
            found[name] = version.counts[code]
    return found


def _fund(code: str, versions: list[servicelist.Version[Any]]) -> dict[str, Any]:
    one = servicelist.service_list().funds[code]
    a_year, over = one.limits or (None, None)
    return {
        "version": versions[0].number if versions else 0,
        "label_en": one.labels.get("en", ""),
        "label_es": one.labels.get("es", ""),
        "retired": one.retired,
        "needs": list(one.needs),
        "a_year": a_year,
        "approval_over": over,
    }
