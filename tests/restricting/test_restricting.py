"""A restricted person: outside her roster nobody opens anything of hers, new or old, with any copy of the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from shelter.accounts import actions as accounts
from shelter.accounts.notices import mine as notices_of
from shelter.accounts.taking_in import take_in_grants
from shelter.clients import actions as people
from shelter.clients import directory
from shelter.clients.directory import Lane
from shelter.clients.models import client_subject
from shelter.clients.parts import Names, Part, Progress, SavePart
from shelter.crypto.compartments import dek_context, key_id_of, unwrap_dek
from shelter.crypto.errors import Unopenable
from shelter.crypto.message import key_hint
from shelter.db import deks
from shelter.db.aside import Message
from shelter.db.errors import Conflict, Missing, NoKey, Spoiled
from shelter.db.keystore import Compartment, KeyDek, KeyGrant
from shelter.db.moving import sealed_rows
from shelter.db.roll import current_roll
from shelter.db.sections import Sealed, open_section
from shelter.files import sealing
from shelter.files.models import FileRow
from shelter.policy.errors import Denied
from shelter.policy.kinds import RESTRICTABLE, Kind
from shelter.restricting import actions, moving, queries
from shelter.restricting.actions import Restrict
from shelter.restricting.models import Restriction
from shelter.rules.broken import Broken
from shelter.stewards import duties, kit_page
from shelter.stewards.kit_member import kit_as_actor
from shelter.stewards.queries import compartments
from shelter.stewards.restricted import compartments_of
from shelter.trail.proof import prove
from shelter.trail.record import recorded
from shelter.trail.rows import wrong_rows
from tests.erasing.conftest import LEGAL_NAME, Her, her

__all__ = ["her"]
CHOSEN = ("supervisor", "caseworker", "advocate")
OUTSIDE = ("caseworker_two", "legal_supervisor", "desk", "stranger")


@pytest.fixture(autouse=True)
def _look_anew() -> None:
    duties._looked.clear()
    duties._marks_seen.clear()


def ask(her: Her, *chosen: str, by: str = "supervisor") -> bytes:
    ids = frozenset(her.world.members[who].id for who in chosen or CHOSEN)
    actions.ask(her.world.actor(by), Restrict(her.code, ids))
    ((asked,), _) = queries.for_steward(her.world.actor("steward"))
    return asked.id


def take_over(her: Her, *who: str) -> int:
    """Each saves a page: what waits for her is done, and everybody takes in what was sealed to her."""
    begun = 0
    for one in who or CHOSEN:
        begun += moving.begin(her.world.actor(one))
        with recorded(None, "in"):
            for member in her.world.members.values():
                take_in_grants(member.keys)
        moving.go_on(her.world.actor(one), None)
    return begun


def restricted(her: Her, *chosen: str) -> Her:
    actions.sign(her.world.actor("steward"), ask(her, *chosen))
    take_over(her)
    return her


def everything(her: Her) -> Iterator[tuple[Sealed, Any]]:
    for kind in sorted(RESTRICTABLE):
        yield from sealed_rows(client_subject(her.id), kind)


def told(her: Her, *who: str) -> dict[tuple[str, bytes, str], Any]:
    """What these people read of her, section by section."""
    found: dict[tuple[str, bytes, str], Any] = {}
    for one in who:
        actor = her.world.actor(one)
        for row, section in everything(her):
            try:
                value = open_section(actor, row, section)
            except (NoKey, Spoiled):
                continue
            found[section.table, row.id, section.name] = value  # type: ignore[attr-defined]
    return found


def stolen_keys(her: Her, kept: dict[tuple[bytes, int], bytes]) -> set[bytes]:
    """The first bytes of every data key in the database that these compartment keys open, wherever it claims to be."""
    agency, found = current_roll().agency, set()
    from shelter.db import db

    for dek in db.session.execute(select(*deks.WRAPS)):
        for (_, version), secret in kept.items():
            for where in {one for one, _ in kept} | {dek.compartment_id}:
                place = (dek.subject_kind, dek.subject_id, where, dek.id, version)
                try:
                    unwrap_dek(secret, key_id_of(secret), dek.sealed, dek_context(agency, *place, public=False))
                except Unopenable:
                    continue
                found.add(dek.id[:8])
    return found


def keys_of(her: Her, who: str) -> dict[tuple[bytes, int], bytes]:
    ring: Any = her.world.actor(who).keyring
    return {(one, 1): ring.secret(one, 1) for one in ring.held()}


def hints(her: Her) -> set[bytes]:
    """Which data keys everything of hers is under: sections, files, notices."""
    from shelter.db import db

    found = {key_hint(getattr(row, section.name)) for row, section in everything(her)}
    for model in FileRow.__subclasses__():
        for row in db.session.scalars(select(model).where(model.client_id == her.id)):
            found.add(sealing.hint_of(row) or b"")
    letters = select(Message).where(Message.client_id == her.id, Message.compartment_id.is_not(None))
    return found | {key_hint(one.sealed) for one in db.session.scalars(letters)}


def test_whoever_is_outside_opens_nothing_new_or_old_with_her_old_keys_and_the_whole_database(
    her: Her, db: Any
) -> None:
    kept = {key: secret for who in OUTSIDE for key, secret in keys_of(her, who).items()}
    before = hints(her)
    assert before <= stolen_keys(her, kept), "until now they opened everything together"
    restricted(her)
    opened = stolen_keys(her, kept)
    assert not hints(her) & opened
    assert not before & opened, "the old wraps are gone"
    assert not hints(her) & before, "everything is under new data keys"
    for who in OUTSIDE:
        assert told(her, who) == {}, who
    grants = select(KeyGrant.member_id).join(Compartment, Compartment.id == KeyGrant.compartment_id)
    holders = set(db.session.scalars(grants.where(Compartment.client_id == her.id)))
    assert holders == {her.world.members[who].id for who in CHOSEN} | {current_roll().kit_id}


def test_those_who_belong_open_everything_as_it_was(her: Her, db: Any) -> None:
    before = told(her, *CHOSEN)
    scans = list(moving.files_of(her.id, Kind.DOCUMENTS))
    bytes_before = [b"".join(sealing.chunks(her.world.actor("caseworker"), row)) for row in scans]
    restricted(her)
    after = told(her, *CHOSEN)
    assert {key for key, value in before.items() if value is None} == set()
    entry = ("client", her.id, "identity")
    assert {k: v for k, v in after.items() if k != entry} == {k: v for k, v in before.items() if k != entry}
    assert after[entry].legal_name == before[entry].legal_name == LEGAL_NAME
    actor = her.world.actor("caseworker")
    assert [b"".join(sealing.chunks(actor, row)) for row in moving.files_of(her.id, Kind.DOCUMENTS)] == bytes_before
    assert len(before) > 15
    assert prove().holds
    assert wrong_rows() == []


def test_the_kit_opens_her_and_is_still_whole(her: Her, db: Any) -> None:
    restricted(her)
    kit = kit_as_actor(her.world.kit, current_roll())
    opened = [open_section(kit, row, section) for row, section in everything(her)]
    assert opened
    assert None not in opened
    assert kit_page.opens_all(her.world.kit) == len(list(db.session.scalars(select(Compartment.id))))


def test_search_finds_her_for_those_who_belong_and_the_agencys_directory_forgets_her(her: Her) -> None:
    restricted(her)
    for who, finds in (("caseworker", True), ("supervisor", True), ("caseworker_two", False)):
        actor = her.world.actor(who)
        assert (her.id in {hit.client_id for hit in directory.by_name(actor, "Vantongeren")}) is finds, who
        assert (her.id in directory.by_number(actor, Lane.PHONES, "+12135550143")) is finds, who
    actor = her.world.actor("caseworker")
    for lane in (Lane.PHONES, Lane.A_NUMBERS):
        assert directory.owned_by(actor, lane, her.id) == set()


def test_life_goes_on_for_those_who_belong(her: Her) -> None:
    restricted(her)
    worker = her.world.actor("caseworker")
    people.save_part(worker, SavePart(her.code, Part.NAMES, 1, Names("Renamed Person"), progress=Progress.DONE))
    assert her.id in {hit.client_id for hit in directory.by_name(her.world.actor("supervisor"), "Renamed Person")}
    with pytest.raises(Missing):
        people.save_part(
            her.world.actor("caseworker_two"), SavePart(her.code, Part.NAMES, 2, Names("X"), progress=Progress.DONE)
        )


def test_until_every_part_has_gone_over_the_page_says_which_remain(her: Her) -> None:
    actions.sign(her.world.actor("steward"), ask(her))
    assert {own.kind for own in compartments_of([her.id]) if own.born} == set()
    found = queries.of_client(her.world.actor("supervisor"), her.code)
    assert {part.kind for part in found.parts if not part.born} == RESTRICTABLE
    assert [one.code for one in queries.for_steward(her.world.actor("steward"))[1]] == [her.code]
    assert not any(one.restricted for one in compartments()), "nothing hangs by nobody's key meanwhile"
    assert told(her, "caseworker_two"), "nothing has moved"
    take_over(her, "advocate")
    found = queries.of_client(her.world.actor("supervisor"), her.code) if _sees(her, "supervisor") else None
    assert found is not None
    assert {part.kind for part in found.parts if part.born} == {Kind.IDENTITY, Kind.LEGAL, Kind.DOCUMENTS}
    take_over(her, "caseworker")
    found = queries.of_client(her.world.actor("supervisor"), her.code)
    assert found.done
    assert found.until is not None
    assert queries.for_steward(her.world.actor("steward")) == ([], [])


def _sees(her: Her, who: str) -> bool:
    return bool(told(her, who))


def test_a_file_opens_at_every_moment_and_the_old_key_goes_with_the_last(her: Her, db: Any) -> None:
    (row,) = moving.files_of(her.id, Kind.DOCUMENTS)
    content = b"".join(sealing.chunks(her.world.actor("caseworker"), row))
    actions.sign(her.world.actor("steward"), ask(her))
    moving.begin(her.world.actor("caseworker"))
    (papers,) = [own for own in compartments_of([her.id]) if own.kind is Kind.DOCUMENTS]
    assert (papers.born, papers.left) == (True, 1)
    assert b"".join(sealing.chunks(her.world.actor("caseworker"), row)) == content
    assert moving.waits(her.world.actor("caseworker"))
    assert moving.go_on(her.world.actor("caseworker"), None) == 1
    assert not moving.waits(her.world.actor("caseworker"))
    assert b"".join(sealing.chunks(her.world.actor("caseworker"), row)) == content
    (papers,) = [own for own in compartments_of([her.id]) if own.kind is Kind.DOCUMENTS]
    assert papers.done


def test_who_saves_what_she_had_open_when_it_went_over_is_refused_and_nothing_is_lost(her: Her) -> None:
    actions.sign(her.world.actor("steward"), ask(her))
    late = her.world.actor("supervisor")
    assert late.keyring.restricted_clients() == frozenset()
    take_over(her)
    with pytest.raises(Conflict):
        people.send_message(late, her.code, her.world.members["caseworker"].id, "sealed where she is no more")
    assert prove().holds
    assert not hints(her) & stolen_keys(her, keys_of(her, "caseworker_two"))


def test_notices_about_her_go_with_her_or_go(her: Her, db: Any) -> None:
    people.send_message(her.world.actor("caseworker"), her.code, her.world.members["desk"].id, "is she back?")
    restricted(her)
    texts = {one.text for one in notices_of(her.world.actor("supervisor"))}
    assert "call her aunt" in texts
    assert not [one for one in notices_of(her.world.actor("desk")) if one.code == her.code]


def test_two_people_restrict_and_each_part_keeps_somebody(her: Her) -> None:
    with pytest.raises(Denied):
        actions.ask(her.world.actor("caseworker"), Restrict(her.code, frozenset()))
    for chosen, refusal in (
        (("supervisor", "advocate"), "restricting.assigned"),
        (("supervisor", "caseworker"), "restricting.nobody-for"),
        (("advocate", "caseworker", "auditor"), "restricting.not-these"),
    ):
        ids = frozenset(her.world.members[who].id for who in chosen)
        with pytest.raises(Broken) as broken:
            actions.ask(her.world.actor("supervisor"), Restrict(her.code, ids))
        assert broken.value.message_key == refusal
    asked = ask(her)
    with pytest.raises(Denied):
        actions.sign(her.world.actor("supervisor"), asked)
    with pytest.raises(Broken, match="asked-already"):
        ask(her)


def test_her_advocate_belongs_and_whoever_reads_no_matters_is_not_told_so(her: Her) -> None:
    """She chooses somebody of legal staff, as one must; that another works with her stands nowhere that she reads."""
    boss, ids = her.world.actor("supervisor"), {name: one.id for name, one in her.world.members.items()}
    assert ids["advocate"] not in queries.chosen_before(boss, her.code)
    waits = ask(her, "supervisor", "caseworker", "legal_supervisor")
    asked = queries.of_client(boss, her.code)
    assert (asked.asked, asked.legal) == (("Caseworker", "Supervisor"), True)
    steward = her.world.actor("steward")
    ((waiting,), _) = queries.for_steward(steward)
    assert set(dict(waiting.rosters)[Kind.LEGAL]) == {"Advocate", "Legal_Supervisor"}
    actions.sign(steward, waits)
    take_over(her, "supervisor", "caseworker", "legal_supervisor", "advocate")
    rosters = {own.kind: own.members for own in compartments_of([her.id])}
    assert rosters[Kind.LEGAL] == {ids["advocate"], ids["legal_supervisor"]}
    for part in queries.of_client(boss, her.code).parts:
        assert set(part.people) <= {"Caseworker", "Supervisor"}, part.kind
        assert part.legal == bool(rosters[part.kind] & {ids["advocate"], ids["legal_supervisor"]}), part.kind
    assert set(queries.chosen_before(boss, her.code)) == {ids["supervisor"], ids["caseworker"]}


def test_whom_she_does_not_find_by_name_she_takes_off_no_roster_by_silence(her: Her) -> None:
    """Whoever holds the last key of a part may stand there only as legal staff."""
    restricted(her, *CHOSEN, "legal_supervisor")
    (legal,) = (own.members for own in compartments_of([her.id]) if own.kind is Kind.LEGAL)
    boss = her.world.actor("supervisor")
    shown = {who: her.world.members[who].id for who in ("supervisor", "caseworker")}
    assert set(queries.chosen_before(boss, her.code)) == set(shown.values())
    actions.sign(her.world.actor("steward"), ask(her, *shown, "caseworker_two"))
    after = {own.kind: own.members for own in compartments_of([her.id])}
    assert after[Kind.LEGAL] == legal
    assert her.world.members["caseworker_two"].id in after[Kind.ADVOCACY]
    people.deny(boss, her.code, her.world.members["legal_supervisor"].id)
    actions.sign(her.world.actor("steward"), ask(her, *shown))
    after = {own.kind: own.members for own in compartments_of([her.id])}
    assert after[Kind.LEGAL] == legal - {her.world.members["legal_supervisor"].id}, "a conflict of interest does"


def test_who_has_a_conflict_cannot_be_chosen_nor_slip_in_before_the_signature(her: Her) -> None:
    asked = ask(her, *CHOSEN, "caseworker_two")
    people.deny(her.world.actor("supervisor"), her.code, her.world.members["caseworker_two"].id)
    with pytest.raises(Broken, match="not-these"):
        actions.sign(her.world.actor("steward"), asked)
    actions.refuse(her.world.actor("steward"), asked)
    assert queries.for_steward(her.world.actor("steward"))[0] == []
    assert {one.id for one in queries.to_choose(her.world.actor("supervisor"), her.code)}.isdisjoint(
        {her.world.members["caseworker_two"].id}
    )


def test_somebody_more_is_let_in_and_somebody_is_taken_off_with_a_new_key(her: Her) -> None:
    restricted(her, *CHOSEN, "caseworker_two")
    kept = keys_of(her, "caseworker_two")
    assert told(her, "caseworker_two")
    actions.sign(her.world.actor("steward"), ask(her, *CHOSEN, "legal_supervisor"))
    duties.begin_renewals(her.world.actor("caseworker"))
    duties.begin_renewals(her.world.actor("advocate"))
    duties.hand_on(her.world.actor("caseworker"))
    duties.hand_on(her.world.actor("advocate"))
    take_over(her)
    from shelter.stewards import renewing

    renewing.go_on(her.world.actor("caseworker"), None)
    renewing.go_on(her.world.actor("advocate"), None)
    assert told(her, "legal_supervisor")
    assert told(her, "caseworker_two") == {}
    assert not hints(her) & stolen_keys(her, kept)


def test_who_leaves_the_work_is_taken_off_her_rosters_by_the_next_signature(her: Her) -> None:
    from shelter.stewards import actions as steward_actions

    restricted(her, *CHOSEN, "caseworker_two")
    member = her.world.members["caseworker_two"].id
    accounts.dismiss(her.world.actor("administrator"), member)
    steward_actions.unbind_colleague(her.world.actor("steward"), member)
    assert all(member not in own.members for own in compartments_of([her.id]))


def test_an_ask_leaves_with_its_answer(her: Her, db: Any) -> None:
    asked = ask(her)
    actions.refuse(her.world.actor("steward"), asked)
    assert db.session.scalar(select(Restriction.id)) is None
    assert db.session.scalar(select(KeyDek.id).where(KeyDek.subject_id == asked)) is None
    with pytest.raises(Missing):
        actions.sign(her.world.actor("steward"), asked)
