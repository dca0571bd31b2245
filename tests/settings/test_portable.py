"""Settings as one file: out here, in there, looked at before anything changes, and nothing foreign gets in."""

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from shelter.db.agency import Site
from shelter.rules.broken import Broken
from shelter.settings import actions, portable, queries
from shelter.settings.actions import WordPick, word_pick
from shelter.settings.servicelist import list_changed, service_list
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.settings import ask, choir, gifts, set_limit

Sit = Callable[[str], Desk]
LINE_THAT_IS_NONE = {
    "code": "own_a",
    "labels": {"en": "A"},
    "area": "support",
    "counts": {"ovc_pmt": "Z9"},
    "effective_from": "2026-01-01",
}


def decided(world: World) -> None:
    ask(world, "ssn", "required", question="Your number?", why="A funder asks.")
    word_pick(world.actor("administrator"), WordPick("plan_areas", "sewing", "en", "Sewing", False, 0))
    set_limit(world, "safe_contact_days", 12)
    choir(world)
    gifts(world)


def undecided(db: Any) -> None:
    for table in ("field_setting", "field_shown", "pick_setting", "limit_setting", "list_version"):
        db.session.execute(db.text(f"DELETE FROM {table}"))
    db.session.commit()
    queries.limits_changed()
    list_changed()


def test_what_was_taken_out_decides_the_same_where_it_is_taken_in(world: World, db: Any) -> None:
    administrator = world.actor("administrator")
    decided(world)
    content = portable.taken_out(administrator)
    undecided(db)
    found = portable.read(content)
    assert {one.what for one in portable.differences(administrator, found)} == {
        "question",
        "asked",
        "value",
        "limit",
        "service",
        "fund",
    }
    portable.take_in(administrator, found)
    assert portable.taken_out(administrator) == content
    assert portable.differences(administrator, found) == []
    assert (queries.limit("safe_contact_days"), queries.is_asked("ssn")) == (12, True)
    assert service_list().services["own_choir"].labels["es"] == "Coro"
    assert service_list().funds["own_gifts"].limits == (300, 50)


def test_the_file_goes_by_what_another_host_decided_a_moment_ago(world: World, db: Any) -> None:
    administrator = world.actor("administrator")
    both = portable.read(portable.taken_out(administrator))
    assert queries.languages().offered == ("en", "es"), "this process has asked, and goes by it for some seconds"
    with recorded(administrator, "elsewhere"):
        actions.put_languages(administrator, queries.Languages(offered=("en",), default="en"))
    assert json.loads(portable.taken_out(administrator))["languages"]["offered"] == ["en"]
    assert [one.what for one in portable.differences(administrator, both)] == ["languages"]
    portable.take_in(administrator, both)
    assert queries.languages().offered == ("en", "es")


def test_the_file_says_nothing_of_places(world: World, db: Any) -> None:
    content = portable.taken_out(world.actor("administrator")).decode()
    assert not [site.code_name for site in db.session.query(Site) if site.code_name in content]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"format": 2}, "$.format"),
        ({"colour": "red"}, "$"),
        ({"limits": {"safe_contact_days": 0}}, "$.limits"),
        ({"limits": {"nobody_knows": 3}}, "$.limits"),
        ({"asked": {"ssn": "always"}}, "$.asked[...]"),
        ({"asked": {"shoe_size": "shown"}}, "$.asked.shoe_size"),
        ({"values": [{"list": "plan_areas", "code": "A B", "language": "en"}]}, "$.values[0].code"),
        ({"values": [{"list": "nothing", "code": "a", "language": "en"}]}, "$.values[0].list"),
        ({"services": [{"code": "own_a", "area": "moon", "effective_from": "2026-01-01"}]}, "$.services[0]"),
        ({"services": [LINE_THAT_IS_NONE]}, "$.services[0]"),
        (
            {"services": [{"code": "mine", "labels": {"en": "A"}, "area": "roof", "effective_from": "2026-01-01"}]},
            "$.services[0]",
        ),
        ({"funds": [{"code": "own_f", "labels": {"en": "F"}, "needs": ["yacht"], "limits": [5, 1]}]}, "$.funds[0]"),
        ({"questions": [{"field": "ssn", "language": "en", "question": "x" * 301}]}, "$.questions[0]"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_with_the_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(Broken) as broken:
        portable.read(json.dumps(change).encode())
    assert broken.value.values["place"] == place


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"[]", b"{" * 1000, b" " * (portable.MOST_BYTES + 1)])
def test_what_is_no_json_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(Broken):
        portable.read(content)


def test_nothing_changes_before_she_says_so(world: World, desk: Sit, db: Any) -> None:
    decided(world)
    content = portable.taken_out(world.actor("administrator"))
    undecided(db)
    sits = desk("administrator")
    assert "attachment" in sits.get("/settings/file").headers["Content-Disposition"]
    sent: Any = {"file": (io.BytesIO(content), "settings.json")}
    shown = sits.post("/settings/file/in", **sent)
    assert "safe_contact_days" in shown.text
    assert queries.limit("safe_contact_days") == 30
    carried = re.search(r'name="content"[^>]*value="([^"]*)"', shown.text)
    assert carried is not None
    told = sits.post("/settings/file/taken", page="/settings/", content=carried[1].replace("&#34;", '"'))
    assert told.status_code == 302
    queries.limits_changed()
    assert queries.limit("safe_contact_days") == 12


@pytest.mark.parametrize("who", ["caseworker", "steward", "director"])
def test_only_an_administrator_takes_settings_in_or_out(world: World, desk: Sit, who: str) -> None:
    sits = desk(who)
    assert sits.get("/settings/file").status_code == 403
    assert sits.get("/settings/file/in").status_code == 403
