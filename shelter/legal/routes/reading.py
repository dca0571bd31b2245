"""What is read: the day, the lists, one matter and how it was before."""

from werkzeug.wrappers import Response

from shelter.legal import queries
from shelter.legal.routes.blueprint import HERS, ONE, blueprint
from shelter.policy.acts import Act
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page


@blueprint.get("/matters")
@may(Act.MATTERS_READ)
def day() -> Response:
    return page("legal/day.html", day=queries.day(actor()), beside=queries.beside(actor()))


@blueprint.get("/matters/by-person")
@may(Act.MATTERS_READ)
def by_person() -> Response:
    return page("legal/by_person.html", day=queries.day(actor()))


@blueprint.get("/matters/by-matter")
@may(Act.MATTERS_READ)
def by_matter() -> Response:
    return page("legal/by_matter.html", day=queries.day(actor()))


@blueprint.get("/matters/missed")
@may(Act.MATTERS_READ)
def missed() -> Response:
    return page("legal/missed.html", register=queries.missed(actor()))


@blueprint.get("/matters/all")
@may(Act.MATTERS_READ)
def every() -> Response:
    return page("legal/every.html", lines=queries.every(actor()))


@blueprint.get(HERS)
@may(Act.MATTERS_READ)
def index(code: str) -> Response:
    card, lines = queries.matters_of(actor(), code)
    return page("legal/index.html", card=card, lines=lines)


@blueprint.get(ONE)
@may(Act.MATTERS_READ)
def show(code: str, matter: bytes) -> Response:
    return page("legal/show.html", matter=queries.matter(actor(), code, matter))


@blueprint.get(f"{ONE}/earlier")
@may(Act.MATTERS_READ)
def earlier(code: str, matter: bytes) -> Response:
    card, versions = queries.earlier_versions(actor(), code, matter)
    return page("legal/earlier.html", card=card, versions=versions, matter=matter)
