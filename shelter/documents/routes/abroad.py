"""An agency's own ways back, changed by the legal supervisor, and its pages on countries."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.clients.queries import agency_today
from shelter.documents import queries
from shelter.documents.forms import CountryForm, OwnWayForm
from shelter.documents.routes.blueprint import blueprint
from shelter.lawbook import actions as lawbook
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.settings.words import country_choices, paper_kind_choices
from shelter.web.conflict import BothTexts, Conflict, both_texts
from shelter.web.forms import EditForm
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.get("/papers/ways")
@may(Act.LAW_READ)
def ways() -> Response:
    return page("documents/ways.html", found=queries.ways(actor()), kinds=dict(paper_kind_choices()))


@blueprint.route("/papers/ways/new", methods=["GET", "POST"])
@may(Act.LAW_CHANGE)
def new_way() -> Response:
    form = OwnWayForm(data={"version": 0, "effective_from": agency_today(), "where": "US", "certainty": "K"})
    if form.validate_on_submit():
        try:
            lawbook.keep_way(actor(), form.way(""), None)
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            form.form_errors.append(_("There is a way of this name already. Change that one, or use another name."))
        else:
            tell(_("Saved. It is offered from its day on."))
            return redirect(url_for(".ways"))
    return page("documents/new_way.html", form=form)


@blueprint.route("/papers/ways/<way>/change", methods=["GET", "POST"])
@may(Act.LAW_CHANGE)
def change_way(way: str) -> Response:
    found = queries.ways(actor())
    now = found.one(way)
    form, both = OwnWayForm(data=_way_as_it_is(found, way)), None
    if form.validate_on_submit():
        try:
            lawbook.keep_way(actor(), form.way(way), form.version.data)
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            found = queries.ways(actor())
            one = next(one for one in found.own if one.text.code == way)
            both = both_texts(
                form,
                _way_as_it_is(found, way),
                version=one.number,
                by=found.names.get(one.made_by, ""),
                at=one.made_at,
            )
        else:
            tell(_("Saved. What was begun stays as it was begun."))
            return redirect(url_for(".ways"))
    elif not form.is_submitted():
        form.fill(now)
    return page("documents/change_way.html", status=409 if both else None, form=form, way=now, both=both)


def _way_as_it_is(found: queries.WaysView, code: str) -> dict[str, object]:
    way = found.one(code)
    names = ("label", "paper", "where", "cost", "waiver", "advice", "source", "certainty")
    said = {name: getattr(way, name) for name in names}
    days = {"effective_from": max(way.effective_from, agency_today()), "version": found.version(code)}
    return said | days | {"evidence": "\n".join(way.evidence)}


@blueprint.get("/papers/countries")
@may(Act.COUNTRIES_READ)
def countries() -> Response:
    chosen = request.args.get("country", "")
    if chosen:
        return redirect(url_for(".country", country=chosen))
    return page("documents/countries.html", written=queries.written_countries(actor()), choices=country_choices())


@blueprint.get("/papers/countries/<country>")
@may(Act.COUNTRIES_READ)
def country(country: str) -> Response:
    return page("documents/country.html", found=queries.country(actor(), country))


@blueprint.route("/papers/countries/<country>/change", methods=["GET", "POST"])
@may(Act.COUNTRIES_WRITE)
def change_country(country: str) -> Response:
    found = queries.country(actor(), country)
    form, both = CountryForm(data=_country_as_it_is(found)), None
    if form.validate_on_submit():
        try:
            lawbook.keep_country(actor(), form.facts(country), form.version.data)
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            found = queries.country(actor(), country)
            both = _other_text(form, found)
        else:
            tell(_("Saved. The version before stays readable."))
            return redirect(url_for(".country", country=country))
    return page("documents/change_country.html", status=409 if both else None, form=form, found=found, both=both)


def _country_as_it_is(found: queries.CountryView) -> dict[str, object]:
    if found.now is None:
        return {"version": 0, "checked_on": agency_today()}
    text = found.now.text
    said = {name: getattr(text, name) for name in text.__struct_fields__}
    return said | {"renewal": text.process, "version": found.now.number}


def _other_text(form: EditForm, found: queries.CountryView) -> BothTexts | None:
    if found.now is None:
        return None
    by = found.names.get(found.now.made_by, "")
    return both_texts(form, _country_as_it_is(found), version=found.now.number, by=by, at=found.now.made_at)
