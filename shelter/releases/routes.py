"""Releases of one person: those that hold, a new one, its signatures, what becomes of it, what leaves under it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.accounts.drafting import drafted, saved
from shelter.accounts.queries import me
from shelter.clients.queries import (
    Block,
    Event,
    Holding,
    Line,
    agency_today,
    apart_from_the_kept,
    card_of,
    register_block,
    register_events,
    register_own,
)
from shelter.files.checking import most_bytes
from shelter.files.handing import Enclosed, register_enclosures
from shelter.files.words import enclosed_lines
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.releases import actions, queries
from shelter.releases.forms import AgreedForm, ChangeForm, ExtendForm, SayForm, ShareForm, SignForm
from shelter.releases.proof import proof
from shelter.releases.words import (
    GLOBALS,
    HAPPENED,
    STATES,
    WORDS,
    left_line,
    own_lines,
    recipient,
    signature_picture,
)
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.consent import consent, require_one_signer
from shelter.settings.queries import limit
from shelter.web.conflict import Conflict, both_texts
from shelter.web.forms import Form
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.printing import PrintMark, print_page
from shelter.web.render import page, tell
from shelter.web.sentences import sentence
from shelter.web.times import day_of
from shelter.web.uploads import takes_files

blueprint = Blueprint("releases", __name__)
_ALL = "/people/<code>/releases"
_ONE = f"{_ALL}/<id:release>"
MOST_LINES = 5
for _said in GLOBALS:
    blueprint.add_app_template_global(_said)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return dict(WORDS)


def _on_her_page(found: list[queries.ReleaseView] | None) -> Block | None:
    if found is None:
        return None
    lines = [Line(f"{one.terms.organisation}: {STATES[one.state]}", one.terms.expires) for one in found[:MOST_LINES]]
    nothing = _l("Nobody outside may be told anything about her. Ask her only when somebody needs to know.")
    return Block(_l("Releases"), lines, nothing, "releases.index")


register_block("releases", 40, lambda reader, client: _on_her_page(queries.in_short(reader, client)))
register_events(
    "releases",
    lambda reader, client: [
        Event(at, HAPPENED[what], _l("Releases"), by, where) for at, what, where, by in queries.events(reader, client)
    ],
)


def _held(found: list[queries.ReleaseView] | None) -> list[Holding]:
    """Her releases and what left under them, as her own file says them."""
    lines = [line for one in found or () for line in own_lines(one)]
    return [Holding(_l("Releases"), [line for line in lines if line.words])]


register_own(
    "releases",
    40,
    lambda reader, client: [
        *_held(queries.all_of(reader, client)),
        Holding(_l("Given because it was compelled"), [left_line(one) for one in queries.compelled_of(reader, client)]),
        Holding(_l("Signatures"), enclosed_lines(_signatures(reader, client.code))),
    ],
    tells=(
        "release:terms",
        "disclosure:shared",
    ),
)


def _signatures(reader: Actor, code: str) -> list[Enclosed]:
    """Signatures that were drawn here, as pictures; what was signed on paper is among her scans."""
    drawn = [
        (one, signed)
        for one in queries.of_client(reader, code).releases
        for signed in one.terms.signatures
        if signed.strokes
    ]
    apart = apart_from_the_kept(code)
    return [
        Enclosed(
            f"{apart}signed-{n}.svg",
            recipient(one.terms),
            day_of(signed.at),
            partial(signature_picture, signed.strokes),
        )
        for n, (one, signed) in enumerate(sorted(drawn, key=lambda pair: pair[1].at), 1)
    ]


register_enclosures(Act.CLIENTS_COPY, _signatures)


@blueprint.get(_ALL)
@may(Act.RELEASES_READ)
def index(code: str) -> Response:
    return page("releases/index.html", found=queries.of_client(actor(), code))


@blueprint.route(f"{_ALL}/new", methods=["GET", "POST"])
@may(Act.RELEASES_WRITE)
def new(code: str) -> Response:
    ways = queries.signers_for(actor(), code)
    form = drafted(AgreedForm, data=_first())
    form.offer_signers(ways)
    if form.validate_on_submit():
        try:
            release = actions.ask(actor(), form.command(code))
        except Broken as broken:
            form.refuse(broken)
        else:
            saved()
            tell(_("Written down. It holds as soon as it is signed."), then=_("She can take it with her and think."))
            return redirect(url_for(".show", code=code, release=release))
    return page("releases/new.html", form=form, card=card_of(actor(), code), ways=ways)


def _first() -> dict[str, object]:
    today = agency_today()
    return {"starts": today, "expires": today + timedelta(days=limit("release_days"))}


@blueprint.get(_ONE)
@may(Act.RELEASES_READ)
def show(code: str, release: bytes) -> Response:
    card, found, scans = queries.one(actor(), code, release)
    return page("releases/show.html", card=card, found=found, scans=scans)


@blueprint.get(f"{_ONE}/paper")
@may(Act.RELEASES_READ)
def paper(code: str, release: bytes) -> Response:
    """The paper to sign or to take along."""
    card, found, _scans = queries.one(actor(), code, release)
    mark = PrintMark(code, me(actor()).working_name, now())
    back = url_for(".show", code=code, release=release)
    return print_page("releases/paper.html", mark, card=card, found=found, back_url=back)


@blueprint.route(f"{_ONE}/edit", methods=["GET", "POST"])
@may(Act.RELEASES_WRITE)
def edit(code: str, release: bytes) -> Response:
    card, found, _scans = queries.one(actor(), code, release)
    form, both = ChangeForm(data=_filled(found)), None
    form.offer_signers(queries.signers_for(actor(), code))
    if form.validate_on_submit():
        try:
            actions.change(actor(), form.change(code, release))
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            _card, now_saved, _scans = queries.one(actor(), code, release)
            last = now_saved.terms.history[-1]
            by = now_saved.names.get(last.by, "")
            both = both_texts(form, _filled(now_saved), version=now_saved.version, by=by, at=last.at)
        else:
            tell(_("Saved."))
            return redirect(url_for(".show", code=code, release=release))
    return page("releases/edit.html", 409 if both else None, form=form, card=card, found=found, both=both)


def _filled(found: queries.ReleaseView) -> dict[str, object]:
    words = ("organisation", "person", "reach", "purpose", "purpose_words", "risks", "language", "interpreter")
    more = ("items", "papers", "methods", "starts", "expires", "risks_discussed", "signer")
    return {name: getattr(found.terms, name) for name in (*words, *more)} | {"version": found.version}


@blueprint.route(f"{_ONE}/sign", methods=["GET", "POST"])
@may(Act.RELEASES_WRITE)
@takes_files(most_bytes)
def sign(code: str, release: bytes) -> Response:
    card, found, _scans = queries.one(actor(), code, release)
    form = SignForm(data={"version": found.version})
    form.offer(found.missing)
    done = _done(form, lambda: actions.sign(actor(), form.command(code, release)), found)
    if done:
        tell(_("Signed."), then=_("Print it for her if it is safe to have it."))
        return redirect(url_for(".show", code=code, release=release))
    return page("releases/sign.html", form=form, card=card, found=found)


@blueprint.route(f"{_ONE}/extend", methods=["GET", "POST"])
@may(Act.RELEASES_WRITE)
def extend(code: str, release: bytes) -> Response:
    card, found, _scans = queries.one(actor(), code, release)
    until = agency_today() + timedelta(days=limit("release_days"))
    form = ExtendForm(data={"version": found.version, "until": until})
    try:
        require_one_signer(found.terms.signer)
    except Broken as broken:
        tell(sentence(broken.message_key, broken.values))
        return redirect(url_for(".show", code=code, release=release))
    form.offer(consent().way(found.terms.signer).signs)
    if _done(form, lambda: actions.extend(actor(), form.command(code, release)), found):
        tell(_("Extended."))
        return redirect(url_for(".show", code=code, release=release))
    return page("releases/extend.html", form=form, card=card, found=found)


@blueprint.post(f"{_ONE}/let-end")
@may(Act.RELEASES_WRITE)
def let_end(code: str, release: bytes) -> Response:
    """One press on the first page: its last day is known, and she needs it no longer."""
    version = request.form.get("version", default=0, type=int)
    try:
        actions.let_end(actor(), actions.Which(code, release, version))
    except (Broken, Conflict):
        tell(_("Somebody changed this meanwhile. Look at it and press again."))
    else:
        tell(_("It ends on its last day. Until then it can be extended on its own page."))
    return redirect(url_for("today.day"))


_SAID: dict[str, Callable[..., None]] = {
    "decline": actions.decline,
    "revoke": actions.revoke,
    "told": actions.tell_recipient,
}


@blueprint.route(f"{_ONE}/<any(decline, revoke, told):what>", methods=["GET", "POST"])
@may(Act.RELEASES_WRITE)
def say(code: str, release: bytes, what: str) -> Response:
    """She says no, or takes it back, at once; or the recipient has been told."""
    card, found, _scans = queries.one(actor(), code, release)
    form = SayForm(data={"version": found.version})
    if _done(form, lambda: _SAID[what](actor(), form.command(code, release)), found):
        tell(_("Written down. Nothing leaves under this release.") if what != "told" else _("Written down."))
        return redirect(url_for(".show", code=code, release=release))
    return page("releases/say.html", form=form, card=card, found=found, what=what)


@blueprint.route(f"{_ONE}/share", methods=["GET", "POST"])
@may(Act.RELEASES_DISCLOSE)
def share(code: str, release: bytes) -> Response:
    card, found, _scans = queries.one(actor(), code, release)
    form = ShareForm()
    form.offer(found.terms.items, found.terms.methods)
    if _done(form, lambda: actions.share(actor(), form.command(code, release)), found):
        tell(_("Written down under this release."))
        return redirect(url_for(".show", code=code, release=release))
    return page("releases/share.html", form=form, card=card, found=found)


def _done(form: Form, act: Callable[[], None], found: queries.ReleaseView) -> bool:
    """Whether the form was sent and done; otherwise it says what is wrong and keeps what was typed."""
    if not form.validate_on_submit():
        return False
    try:
        act()
    except Broken as broken:
        form.refuse(broken)
    except Conflict:
        form.form_errors.append(_("Somebody changed this release meanwhile. Look at it and do it again."))
    else:
        return True
    return False


@blueprint.get("/releases/proof")
@may(Act.RELEASES_PROVE)
def proven() -> Response:
    """For a monitor: releases, refusals and notices, without a name."""
    found = proof(actor(), request.args.get("year", type=int))
    if "paper" in request.args:
        return print_page("releases/proven_paper.html", None, found=found, back_url=url_for(".proven", year=found.year))
    return page("releases/proven.html", found=found)
