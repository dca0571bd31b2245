"""A release binds: nothing leaves without one that is live and names it, and what is refused is written down."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from shelter.clients import actions as client_actions
from shelter.clients import scope
from shelter.clients.parts import Born, Part, Progress, SaveDanger, SavePart, Told
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.policy.acts import Act
from shelter.policy.errors import Denied
from shelter.releases import actions, queries
from shelter.releases.actions import Change, Extend, Say, ShareNow, Sign, Signed, Which
from shelter.releases.disclosing import REFUSED, NotCovered, Share
from shelter.releases.models import Disclosure, Release
from shelter.releases.proof import proof
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.consent import State
from shelter.trail.models import Trail, TrailSubject
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.releases import agreed, asked, live, sign

Sign_in = Callable[[str], Desk]


def view(world: World, code: str, release: bytes) -> queries.ReleaseView:
    return queries.one(world.actor("caseworker"), code, release)[1]


def share(world: World, code: str, release: bytes, *items: str, who: str = "caseworker", method: str = "phone") -> None:
    actions.share(world.actor(who), ShareNow(code, Share(release, items, method)))


def refusals(code: str) -> int:
    mine = select(TrailSubject.seq).where(TrailSubject.client_id == clients.client_id(code))
    return len(db.session.scalars(select(Trail.seq).where(Trail.act == REFUSED, Trail.seq.in_(mine))).all())


def birth(world: World, code: str, years: int, consent: str = "", version: int = 0) -> None:
    born = Born(Told("exact", agency_today().year - years - 1, 1, 1), minor_consent=consent)
    part = SavePart(code, Part.BIRTH, version, born, progress=Progress.DONE)
    client_actions.save_part(world.actor("caseworker"), part)


def test_what_leaves_is_written_under_its_release(world: World, code: str) -> None:
    release = live(world, code)
    share(world, code, release, "name")
    share(world, code, release, "name", "needs", who="supervisor")
    found = view(world, code, release)
    assert [one.items for one in found.shared] == [["name"], ["name", "needs"]]
    assert {found.names[one.by] for one in found.shared} == {"Caseworker", "Supervisor"}


def end(world: World, code: str, release: bytes) -> None:
    """The release as it would be the day after its last."""
    later = now() + timedelta(days=31)
    clock.set_clock(lambda: later)


def take_back(world: World, code: str, release: bytes) -> None:
    actions.revoke(world.actor("caseworker"), Say(Which(code, release, 2), "she said so"))


def nothing(world: World, code: str, release: bytes) -> None:
    return None


@pytest.mark.parametrize(
    ("before", "items", "method", "key"),
    [
        (nothing, ("name", "stay"), "phone", "consent.not_covered"),
        (nothing, (), "phone", "consent.no_items"),
        (nothing, ("name",), "paper", "consent.other_method"),
        (take_back, ("name",), "phone", "consent.revoked"),
        (end, ("name",), "phone", "consent.ended"),
    ],
)
def test_nothing_leaves_that_she_has_not_agreed_to_and_the_refusal_stands_in_the_trail(
    world: World, code: str, before: Any, items: tuple[str, ...], method: str, key: str
) -> None:
    release = live(world, code)
    try:
        before(world, code, release)
        with pytest.raises(NotCovered) as refused:
            share(world, code, release, *items, method=method)
    finally:
        clock.set_clock(None)
    assert refused.value.message_key == key
    assert db.session.scalars(select(Disclosure)).all() == []
    assert refusals(code) == 1


def test_an_unsigned_release_and_one_of_somebody_else_cover_nothing(world: World, code: str) -> None:
    other = clients.begin(world, called="Mira")
    for release in (asked(world, code), live(world, other), bytes(16)):
        with pytest.raises(NotCovered):
            share(world, code, release, "name")
    assert db.session.scalars(select(Disclosure)).all() == []


def test_only_a_release_that_covers_all_of_it_is_offered(world: World, code: str) -> None:
    wide = live(world, code, items=("name", "needs", "papers"), organisation="Consulate")
    narrow = live(world, code)
    asked(world, code, items=("name", "papers"))
    actor = world.actor("caseworker")
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    assert [one.id for one in queries.covering(actor, client, ("name", "papers"))] == [wide]
    assert {one.id for one in queries.covering(actor, client)} == {wide, narrow}


@pytest.mark.parametrize("who", ["desk", "director", "volunteer", "auditor", "stranger", "caseworker_two", "advocate"])
def test_nobody_else_reads_makes_or_uses_a_release(world: World, code: str, who: str) -> None:
    release = live(world, code)
    for attempt in (
        lambda: queries.of_client(world.actor(who), code),
        lambda: asked(world, code, who),
        lambda: share(world, code, release, "name", who=who),
    ):
        with pytest.raises((Missing, Denied)):
            attempt()
    assert len(db.session.scalars(select(Release)).all()) == 1


def test_her_advocate_shares_under_the_same_release(world: World, code: str) -> None:
    clients.give_advocate(world, code)
    release = live(world, code)
    share(world, code, release, "needs", who="advocate")
    assert view(world, code, release).names[world.members["advocate"].id] == "Advocate"


def test_it_is_signed_once_and_then_never_changed(world: World, code: str) -> None:
    release = live(world, code)
    with pytest.raises(Broken, match="signed"):
        actions.change(world.actor("caseworker"), Change(Which(code, release, 2), agreed(items=("stay",))))
    with pytest.raises(Broken):
        sign(world, code, release, version=2)
    assert view(world, code, release).terms.items == ["name", "needs"]


def test_the_slower_of_two_changes_nothing(world: World, code: str) -> None:
    release = asked(world, code)
    actions.change(world.actor("supervisor"), Change(Which(code, release, 1), agreed(organisation="Clinic")))
    with pytest.raises(Conflict):
        actions.change(world.actor("caseworker"), Change(Which(code, release, 1), agreed(organisation="School")))
    assert view(world, code, release).terms.organisation == "Clinic"


def test_no_is_an_answer(world: World, code: str) -> None:
    release = asked(world, code)
    actions.decline(world.actor("caseworker"), Say(Which(code, release, 1), "not this clinic"))
    assert view(world, code, release).state is State.DECLINED
    with pytest.raises(Broken):
        sign(world, code, release, version=2)


def test_taken_back_by_word_of_mouth_waits_until_the_recipient_knows(world: World, code: str) -> None:
    release, untold = live(world, code), live(world, code, organisation="Clinic")
    share(world, code, release, "name")
    take_back(world, code, release)
    take_back(world, code, untold)
    assert view(world, code, release).tell
    assert not view(world, code, untold).tell, "a call would say that we know her"
    actions.tell_recipient(world.actor("caseworker"), Say(Which(code, release, 3), "by telephone"))
    assert not view(world, code, release).tell


def test_it_is_extended_with_a_signature_while_it_holds_and_not_for_ever(world: World, code: str) -> None:
    release, today = live(world, code), agency_today()
    actor = world.actor("caseworker")
    for until in (today + timedelta(days=30), today + timedelta(days=181)):
        with pytest.raises(Broken):
            actions.extend(actor, Extend(Which(code, release, 2), until, "self", Signed("Lin Z.", "typed"), True))
    until = today + timedelta(days=60)
    longer = Extend(Which(code, release, 2), until, "self", Signed("Lin Z.", "typed"), True)
    with pytest.raises(Broken) as no:
        actions.extend(actor, replace(longer, not_abuser=False))
    assert no.value.field == "not_abuser"
    actions.extend(actor, longer)
    assert view(world, code, release).terms.expires == until
    take_back_after = Say(Which(code, release, 3), "")
    actions.revoke(actor, take_back_after)
    with pytest.raises(Broken):
        actions.extend(actor, replace(longer, which=Which(code, release, 4), until=until + timedelta(days=9)))


class TestWhoSigns:
    def test_a_minor_who_may_consent_alone_signs_alone(self, world: World, code: str) -> None:
        birth(world, code, 15, "minor_alone")
        with pytest.raises(Broken):
            asked(world, code, signer="minor_and_parent")
        release = asked(world, code, signer="minor")
        sign(world, code, release, who="minor")
        assert view(world, code, release).state is State.LIVE

    def test_a_minor_and_a_parent_both_sign_before_anything_leaves(self, world: World, code: str) -> None:
        birth(world, code, 12, "minor_and_parent")
        release = asked(world, code, signer="minor_and_parent")
        sign(world, code, release, who="minor")
        assert view(world, code, release).missing == ("parent",)
        with pytest.raises(NotCovered):
            share(world, code, release, "name")
        sign(world, code, release, version=2, who="parent", name="A. Parent")
        share(world, code, release, "name")
        later = agency_today() + timedelta(days=60)
        alone = Extend(Which(code, release, 3), later, "parent", Signed("A. Parent", "typed"), True)
        with pytest.raises(Broken) as no:
            actions.extend(world.actor("caseworker"), alone)
        assert no.value.message_key == "releases.both_sign_anew"

    def test_who_may_no_longer_sign_for_her_lengthens_nothing(self, world: World, code: str) -> None:
        birth(world, code, 15, "minor_alone")
        release = asked(world, code, signer="minor")
        sign(world, code, release, who="minor")
        birth(world, code, 15, "guardian", version=1)
        later = agency_today() + timedelta(days=60)
        longer = Extend(Which(code, release, 2), later, "minor", Signed("Lin Z.", "typed"), True)
        with pytest.raises(Broken) as no:
            actions.extend(world.actor("caseworker"), longer)
        assert no.value.message_key == "consent.wrong_signer"

    @pytest.mark.parametrize("answer", ["", "not_settled"])
    def test_nobody_signs_for_a_minor_until_it_is_settled_who_may(self, world: World, code: str, answer: str) -> None:
        birth(world, code, 12, answer)
        assert queries.signers_for(world.actor("caseworker"), code) == ()
        for way in ("self", "minor", "parent"):
            with pytest.raises(Broken):
                asked(world, code, signer=way)

    def test_who_endangers_her_neither_signs_nor_is_told(self, world: World, code: str) -> None:
        actor = world.actor("caseworker")
        feared = SaveDanger(code, 0, "", ("Evaristo Montemayor",), ("El Tío",), at_door=False)
        client_actions.save_danger(actor, feared)
        for told in ({"person": "evaristo  MONTEMAYOR"}, {"organisation": "el tio"}):
            with pytest.raises(Broken) as no:
                asked(world, code, **told)
            assert no.value.message_key == "releases.recipient_feared"
        release = asked(world, code)
        with pytest.raises(Broken) as no:
            sign(world, code, release, name="el TIO")
        assert no.value.message_key == "releases.signer_feared"

    def test_who_is_known_to_endanger_her_only_since_receives_no_longer(self, world: World, code: str) -> None:
        actor, release = world.actor("caseworker"), live(world, code)
        terms = view(world, code, release).terms
        feared = SaveDanger(code, 0, "", (terms.person or terms.organisation,), (), at_door=False)
        client_actions.save_danger(actor, feared)
        until = terms.expires + timedelta(days=1)
        with pytest.raises(Broken) as no:
            actions.extend(actor, Extend(Which(code, release, 2), until, "self", Signed("Lin Z.", "typed"), True))
        assert no.value.message_key == "releases.recipient_feared"
        assert view(world, code, release).terms.expires == terms.expires

    def test_the_attestation_is_not_optional(self, world: World, code: str) -> None:
        release = asked(world, code)
        command = Sign(Which(code, release, 1), "self", Signed("Lin Z.", "typed"), False)
        with pytest.raises(Broken):
            actions.sign(world.actor("caseworker"), command)


def test_what_ends_within_a_week_is_on_the_first_page(world: World, code: str) -> None:
    soon = live(world, code, expires=agency_today() + timedelta(days=5))
    live(world, code)
    asked(world, code, expires=agency_today() + timedelta(days=5))
    found = queries.running_out(world.actor("caseworker"), [clients.client_id(code)])
    assert [one.id for ones in found.values() for one in ones] == [soon]


def test_through_the_pages_from_no_release_to_a_refused_disclosure(world: World, desk: Sign_in, code: str) -> None:
    rosa, place = desk("caseworker"), f"/people/{code}/releases"
    assert "Nobody outside may be told" in rosa.get(place).text
    first = rosa.get(f"{place}/new").text
    assert f'value="{(agency_today() + timedelta(days=30)).isoformat()}"' in first
    said = {"organisation": "Harbor Clinic", "items": "name", "purpose": "health", "methods": "phone", "signer": "self"}
    days = {"starts": agency_today().isoformat(), "expires": (agency_today() + timedelta(days=400)).isoformat()}
    wrong = rosa.post(f"{place}/new", **said, **days)
    assert wrong.status_code == 422
    assert "180 days at most" in wrong.text
    assert "Harbor Clinic" in wrong.text
    days["expires"] = (agency_today() + timedelta(days=30)).isoformat()
    shown = rosa.post(f"{place}/new", **said, **days).headers["Location"]
    assert rosa.get(f"{shown}/paper").status_code == 200
    drawn = {"version": "1", "who": "self", "name": "Lin Z.", "how": "drawn", "not_abuser": "1"}
    for bad in ("", "nonsense", "[[1]]", "[[1,9999]]", '[["a",2]]', "[[true,1]]"):
        assert rosa.post(f"{shown}/sign", **drawn, drawing=bad).status_code == 422
    assert rosa.post(f"{shown}/sign", **drawn, drawing="[[1,2,30,40]]").status_code == 302
    assert 'd="M1 2 L30 40"' in rosa.get(shown).text
    refused = rosa.post(f"{shown}/share", items="stay", method="phone")
    assert refused.status_code == 422
    assert rosa.post(f"{shown}/share", items="name", method="phone").status_code == 302
    assert "Caseworker" in rosa.get(shown).text
    assert rosa.post(f"{shown}/revoke", version="2", words="she telephoned").status_code == 302
    late = rosa.post(f"{shown}/share", items="name", method="phone")
    assert late.status_code == 422
    assert "She has taken this release back" in late.text
    assert refusals(code) == 1


def test_the_proof_for_a_monitor_counts_and_names_nobody(world: World, desk: Sign_in, code: str) -> None:
    release = live(world, code)
    share(world, code, release, "name")
    with pytest.raises(NotCovered):
        share(world, code, release, "stay")
    take_back(world, code, release)
    found = proof(world.actor("supervisor"))
    assert found.total == {"made": 1, "signed": 1, "revoked": 1, "shared": 1, "refused": 1}
    (line,) = found.lines
    assert (line.days, line.items, line.signed, line.not_abuser, line.told) == (30, 2, ("typed",), True, False)
    assert found.uncovered == 0
    sofia = desk("supervisor")
    for page in (sofia.get("/releases/proof").text, sofia.get("/releases/proof?paper=1").text):
        assert not [one for one in (code, "Harbor", "Ortiz", "Lin Z.") if one in page.replace("North", "")]
    assert desk("caseworker").get("/releases/proof").status_code == 403
