"""Each screen of the auditor shows exactly what happened: outside, at night, refused, left, how many, emergencies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from shelter.auditing import queries
from shelter.auditing.queries import Links, LinkView
from shelter.clients import actions as clients
from shelter.clients import scope
from shelter.clients.queries import agency_today
from shelter.db.agency import the_agency
from shelter.emergencies.actions import Break, Review, break_glass, review
from shelter.emergencies.queries import to_review
from shelter.policy.acts import Act
from shelter.policy.errors import Denied
from shelter.releases import actions as releases
from shelter.releases.actions import ShareNow
from shelter.releases.disclosing import NotCovered, Share
from shelter.rules.broken import Broken
from shelter.rules.clock import frozen, now
from shelter.rules.codes import new_code
from shelter.rules.oddities import Oddity
from shelter.trail.heads import HEADS, copy_head, first_unlike, of_lines
from shelter.trail.models import Trail, TrailDetail, TrailSignature, TrailSubject, TrailWrite
from shelter.trail.proof import head
from shelter.trail.record import commit_reads, note_read, record_alone
from tests.auditing.test_auditing import words_of
from tests.factories.agency import World
from tests.factories.clients import Desk, begin, client_id
from tests.factories.releases import live
from tests.factories.settings import set_limit

Sit = Callable[[str], Desk]
NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
"""Today: a browser of these tests goes by the real clock."""
PAGES = (
    "/trail/", "/trail/kind/outside", "/trail/kind/night", "/trail/kind/refused", "/trail/kind/leaves",
    "/trail/volumes", "/trail/emergencies", "/trail/person", "/trail/proof", "/trail/proof/paper",
    f"/trail/nobody/{NOON.date()}",
)  # fmt: skip


@pytest.fixture(autouse=True)
def at_noon(world: World, db: Any) -> Any:
    """Noon in the agency's own zone: what is at night is so because a test says so."""
    agency = the_agency()
    assert agency is not None
    agency.zone = "UTC"
    db.session.commit()
    with frozen(NOON):
        yield


def looks(world: World, who: str, code: str) -> None:
    """One look at one record, as a page of hers notes it."""
    actor = world.actor(who)
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    note_read(actor, Act.CLIENTS_READ, [client.id], scope.allowed(actor, Act.CLIENTS_READ, client).clause)
    commit_reads()


def of_kind(world: World, kind: Oddity) -> list[tuple[str, str, tuple[str, ...]]]:
    return told(queries.of_kind(world.actor("auditor"), kind))


def told(links: Links) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.who, one.act, one.codes) for one in links.shown]


@pytest.mark.parametrize(
    "who", ["caseworker", "supervisor", "legal_supervisor", "director", "steward", "administrator"]
)
def test_a_wrong_reader_sees_nothing_on_any_of_the_screens(world: World, desk: Sit, who: str) -> None:
    code = begin(world)
    sits = desk(who)
    for page in (*PAGES, f"/trail/person?code={code}"):
        answer = sits.get(page)
        assert (answer.status_code, code in answer.text) == (403, False), page
    actor = world.actor(who)
    for read in (queries.volumes, queries.emergencies, queries.proof, lambda one: queries.of_person(one, code)):
        with pytest.raises(Denied):
            read(actor)


def test_a_look_outside_her_own_clients_is_shown_and_one_at_her_own_is_not(world: World, desk: Sit) -> None:
    code = begin(world)
    looks(world, "caseworker", code)
    looks(world, "supervisor", code)
    assert of_kind(world, Oddity.OUTSIDE) == [("Supervisor", "clients:read", (code,))]
    page = words_of(desk("auditor").get("/trail/kind/outside").text)
    assert "Supervisor" in page
    assert "of her site" in page
    assert code in page
    assert "Caseworker" not in page


def test_a_look_at_night_is_shown_with_its_hour(world: World) -> None:
    code = begin(world)
    with frozen(NOON - timedelta(hours=10)):
        looks(world, "caseworker", code)
    (one,) = queries.of_kind(world.actor("auditor"), Oddity.NIGHT).shown
    assert (one.who, one.codes, one.at.hour) == ("Caseworker", (code,), 2)


def test_what_left_is_shown_prints_files_and_what_was_told_outside_under_whichever_act(world: World, desk: Sit) -> None:
    code = begin(world)
    release = live(world, code)
    releases.share(world.actor("caseworker"), ShareNow(code, Share(release, ("name",), "phone")))
    looks(world, "caseworker", code)
    note_read(world.actor("supervisor"), Act.CLIENTS_PRINT, [client_id(code)])
    note_read(world.actor("caseworker"), Act.PAPERS_READ, [client_id(code)], file="F-1")
    note_read(world.actor("caseworker"), Act.PAPERS_READ, [client_id(code)], small=["F-2"])
    commit_reads()
    assert of_kind(world, Oddity.LEAVES) == [
        ("Caseworker", "papers:read", (code,)), ("Supervisor", "clients:print", (code,)),
        ("Caseworker", "releases:disclose", (code,)),
    ]  # fmt: skip
    assert "told somebody outside under a release" in words_of(desk("auditor").get("/trail/kind/leaves").text)


def test_who_was_refused_whom_she_asked_for_and_by_which_code(world: World, desk: Sit) -> None:
    code, far = begin(world), begin(world, "stranger", "south")
    supervisor = world.actor("supervisor")
    clients.deny(supervisor, code, world.members["caseworker_two"].id)
    sits = desk("caseworker_two")
    assert sits.get(f"/people/{code}/plan/").status_code == 404
    assert sits.get(f"/people/{far}").status_code == 404
    assert sits.get("/people/K7-0000-0").status_code == 404
    assert sits.get("/trail/").status_code == 403
    shown = queries.of_kind(world.actor("auditor"), Oddity.REFUSED).shown
    assert [(one.who, asked(one)) for one in shown] == [
        ("Caseworker_Two", ""), ("Caseworker_Two", "K7-0000-0"), ("Caseworker_Two", far), ("Caseworker_Two", code),
    ]  # fmt: skip
    assert [one.codes for one in shown] == [(), (), (far,), (code,)]
    page = words_of(desk("auditor").get("/trail/kind/refused").text)
    assert "was refused: read the plan" in page
    assert "was refused: read the trail" in page
    assert "asked for: K7-0000-0" in page


def asked(link: LinkView) -> str:
    return str(link.detail.values.get("asked", "")) if link.detail else ""


def test_a_release_that_did_not_cover_it_is_among_the_refused(world: World, desk: Sit) -> None:
    code = begin(world)
    with pytest.raises(NotCovered):
        releases.share(world.actor("caseworker"), ShareNow(code, Share(live(world, code), ("name",), "post")))
    assert of_kind(world, Oddity.REFUSED) == [("Caseworker", "refused:release", (code,))]
    assert "no release covered what was to leave" in words_of(desk("auditor").get("/trail/kind/refused").text)


def test_everybody_who_looked_at_one_person_and_why_who_was_refused_too(world: World, desk: Sit) -> None:
    code, other = begin(world), begin(world)
    looks(world, "supervisor", code)
    looks(world, "caseworker", other)
    desk("stranger").get(f"/people/{code}")
    found = queries.of_person(world.actor("auditor"), code).shown
    assert [(one.who, one.act) for one in found] == [
        ("Stranger", "refused:clients.show"), ("Supervisor", "clients:read"), ("Caseworker", "clients:create"),
    ]  # fmt: skip
    sits = desk("auditor")
    page = words_of(sits.get(f"/trail/person?code={code.lower()}").text)
    assert "of her site" in page
    assert other not in page
    assert "Nobody here has this code" in sits.get(f"/trail/person?code={new_code()}").text


def test_her_own_caseworker_sees_who_was_refused_and_what_left_and_a_stranger_sees_none(
    world: World, desk: Sit
) -> None:
    code = begin(world)
    desk("stranger").get(f"/people/{code}")
    releases.share(world.actor("caseworker"), ShareNow(code, Share(live(world, code), ("name",), "phone")))
    page = words_of(desk("caseworker").get(f"/people/{code}/looked").text)
    assert "asked for something of hers and did not get it" in page
    assert "left on paper or in a file" in page
    for who in ("caseworker_two", "advocate", "desk", "director"):
        assert desk(who).get(f"/people/{code}/looked").status_code in (403, 404), who


def test_volumes_count_different_people_by_day(world: World, desk: Sit) -> None:
    set_limit(world, "audit_many_people", 5)
    codes = [begin(world) for _ in range(6)]
    for _ in range(3):
        looks(world, "caseworker", codes[0])
    with frozen(NOON - timedelta(days=1)):
        looks(world, "caseworker", begin(world))
        looks(world, "supervisor", codes[1])
    found = queries.volumes(world.actor("auditor"))
    of = {one.who: one for one in found.all}
    hers = of["Caseworker"]
    assert (hers.busiest, hers.most, hers.usual, hers.people, hers.days) == (NOON.date(), 6, 1, 7, 2)
    assert (hers.many, of["Supervisor"].people, of["Supervisor"].many) == (True, 1, False)
    assert found.all[0] is hers, "the busiest stands first"
    assert "many people in one day" in words_of(desk("auditor").get("/trail/volumes").text)


def test_an_emergency_is_shown_with_reason_looks_and_what_the_review_found(world: World, desk: Sit) -> None:
    code = begin(world)
    break_glass(world.actor("caseworker_two"), Break(code, "danger", "her brother is at the gate"))
    for _ in range(2):
        looks(world, "caseworker_two", code)
    looks(world, "caseworker", code)
    (one,) = queries.emergencies(world.actor("auditor")).all
    assert (one.who, one.code, one.reason, one.looks, one.right) == ("Caseworker_Two", code, "danger", 2, "")
    assert one.ends - one.at == timedelta(hours=1)
    page = words_of(desk("auditor").get("/trail/emergencies").text)
    assert "Somebody is in danger now" in page
    assert "nobody has reviewed it yet" in page
    assert "brother" not in page, "her words lie with the record"
    waiting = to_review(world.actor("supervisor"))
    review(world.actor("supervisor"), Review(waiting[0].id, False, "no"))
    (one,) = queries.emergencies(world.actor("auditor")).all
    assert (one.right, one.reviewer) == ("no", "Supervisor")
    assert Oddity.BREAK_GLASS in queries.period(world.actor("auditor")).odd[0].odd, "it stands first among the odd"


def test_an_emergency_that_was_refused_names_who_tried_and_whom(world: World, db: Any) -> None:
    code = begin(world)
    clients.deny(world.actor("supervisor"), code, world.members["caseworker_two"].id)
    with pytest.raises(Broken):
        break_glass(world.actor("caseworker_two"), Break(code, "danger", "let me in"))
    (one,) = queries.of_kind(world.actor("auditor"), Oddity.REFUSED).shown
    assert (one.act, one.codes, asked(one)) == (f"refused:{Act.GLASS_BREAK}", (code,), code)


def test_what_happened_with_nobody_signed_in_is_read_by_day(app: Flask, world: World, desk: Sit) -> None:
    record_alone(None, "sign-in-refused", account="caseworker-one")
    sits = desk("auditor")
    page = words_of(sits.get(f"/trail/nobody/{NOON.date()}").text)
    assert "a sign-in was refused" in page
    assert "account: caseworker-one" in page
    assert "unsigned" in page
    assert sits.get("/trail/nobody/yesterday").status_code == 404


# -- heads -------------------------------------------------------------------------------


def cut(db: Any, beyond: int) -> None:
    for table in (TrailDetail, TrailWrite, TrailSubject, TrailSignature, Trail):
        db.session.execute(delete(table).where(table.seq > beyond).execution_options(synchronize_session=False))
    db.session.commit()


def test_a_head_that_she_brings_along_shows_what_the_chain_alone_cannot(world: World, db: Any, desk: Sit) -> None:
    begin(world)
    kept = head()
    assert kept is not None
    sits = desk("auditor")
    said = sits.post(
        "/trail/proof", heads=f"flask --app wsgi trail verify --head {kept}\n2026-11-18T12:00:00+00:00 {kept}"
    )
    assert "2 heads that you brought along are in this trail" in words_of(said.text)
    cut(db, kept.seq - 1)
    record_alone(world.actor("administrator"), "something-harmless")
    page = words_of(sits.post("/trail/proof", heads=str(kept)).text)
    assert "links hold, signed by" in page, "by itself the chain holds"
    assert f"it differs from link {kept.seq} on" in page


def test_what_is_no_head_is_said_beside_the_question(world: World, desk: Sit) -> None:
    assert "A line is not a head" in desk("auditor").post("/trail/proof", heads="12:abc").text


def test_heads_are_copied_to_every_place_and_held_against_the_trail(
    app: Flask, world: World, db: Any, tmp_path: Any
) -> None:
    other, gone = tmp_path / "second-host", tmp_path / "not-mounted"
    other.mkdir()
    app.extensions["shelter_settings"] = replace(app.extensions["shelter_settings"], heads=(other, gone))
    begin(world)
    copy_head(other)
    copy_head(other)
    assert len((other / HEADS).read_text().splitlines()) == 1, "the same head is written once"
    standing = queries.proof(world.actor("auditor"))
    assert [(one.heads, one.unlike, one.damaged) for one in standing.copies] == [(0, 0, 0), (1, 0, 0)]
    assert not gone.exists(), "a disk that is not mounted gets nothing"
    kept = head()
    assert kept is not None
    (other / HEADS).write_text((other / HEADS).read_text() + "2026-11-18T12:01")  # a disk that was full
    begin(world)
    copy_head(other)
    found = queries.proof(world.actor("auditor")).copies[1]
    assert (found.heads, found.damaged, found.unlike) == (2, 1, 0)
    cut(db, kept.seq - 1)
    assert queries.proof(world.actor("auditor")).copies[1].unlike == kept.seq


def test_of_each_day_gone_by_one_head_is_left_unless_it_is_evidence(world: World, db: Any, tmp_path: Any) -> None:
    place, begun = tmp_path / HEADS, now()

    def three_a_day(day: int) -> list[str]:
        for hour in range(3):
            with frozen(begun.replace(hour=12 + hour) + timedelta(days=day)):
                record_alone(world.actor("administrator"), "something-harmless")
                copy_head(tmp_path)
        return place.read_text().splitlines()

    first, second = three_a_day(1), three_a_day(2)
    assert second[:-3] == first[-1:], "the last of the day before"
    assert first_unlike(of_lines(place.read_text())) == 0
    cut(db, of_lines(second[-1])[0].seq - 1)
    third = three_a_day(3)
    assert third[:4] == second, "a head that the chain does not have is not thinned away"
    assert first_unlike(of_lines(place.read_text())) == of_lines(second[-1])[0].seq


def test_a_day_that_begins_at_midnight_of_the_agency(world: World, db: Any) -> None:
    agency = the_agency()
    assert agency is not None
    agency.zone = "America/Los_Angeles"
    db.session.commit()
    with frozen(datetime(2026, 11, 18, 7, 30, tzinfo=UTC)):  # half past eleven at night on the 17th there
        begin(world)
        assert agency_today().day == 17
        (one,) = queries.volumes(world.actor("auditor")).all
        assert one.busiest.day == 17
