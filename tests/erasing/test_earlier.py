"""Who was erased before coarse facts went too: the upgrade owes it, and a holder of the key makes it true."""

from __future__ import annotations

from typing import Any

import pytest

from shelter.db.owed import Owing, owed
from shelter.erasing import copies
from shelter.erasing.copies import do_what_is_owed
from shelter.reports.agreeing import agreements
from tests.erasing.conftest import Her, erased
from tests.factories.clients import begin
from tests.support import databases


def test_an_upgrade_takes_facts_of_people_who_were_erased_before(
    her: Her, db: Any, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(her.world, called="Sol")
    with monkeypatch.context() as before:
        before.setattr(copies, "say_gone", lambda *_: [])
        erased(her)
    assert owed(Owing.FACTS) == []
    db.session.remove()
    databases.step_down(database_url, "0054")
    for _ in range(2):  # run again, it owes nothing twice
        databases.migrate(database_url)
        databases.step_down(database_url, "0054")
    databases.migrate(database_url)
    assert owed(Owing.FACTS) == [her.id]
    assert not all(one.holds for one in agreements(her.world.actor("director"))), "what doctor has said so far"
    do_what_is_owed(her.world.actor("supervisor"))
    assert owed(Owing.FACTS) == []
    assert all(one.holds for one in agreements(her.world.actor("director")))
