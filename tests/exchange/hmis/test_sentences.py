"""Every refusal, note and problem has its sentence, and a progress bar never runs backwards."""

from __future__ import annotations

import re
from pathlib import Path

import shelter.exchange.hmis as room
from shelter.exchange.hmis import Progress, Reason, build_plan, open_export
from shelter.exchange.hmis.problems import Fate, fate_of
from shelter.exchange.hmis.sentences import NOTES, PROBLEMS, REFUSALS
from tests.exchange.hmis.conftest import TODAY
from tests.exchange.hmis.sample import as_zip, members, tables

SOURCES = [path for path in Path(str(room.__file__)).parent.glob("*.py") if path.stem != "sentences"]


def test_every_key_in_the_code_has_a_sentence_and_every_sentence_a_key() -> None:
    text = "\n".join(path.read_text() for path in SOURCES)
    used = set(re.findall(r'"(import\.[a-z0-9_.]+)"', text))
    built = {f"import.note.{kind}" for kind in re.findall(r'_note\("(\w+)"', text)}
    built |= {"import.note.cp1252", "import.note.latin1"}
    assert used | built == REFUSALS.keys() | NOTES.keys()


def test_every_reason_has_a_sentence_and_a_fate() -> None:
    assert PROBLEMS.keys() == set(Reason)
    assert {fate_of(reason) for reason in Reason} == set(Fate)


def test_progress_goes_forward_to_the_end_of_each_phase(tmp_path: Path) -> None:
    seen: list[Progress] = []
    with open_export(as_zip(tmp_path / "a.zip", members(tables())), progress=seen.append) as export:
        plan = build_plan(export, today=TODAY)
        assert len(list(plan.services())) == 4
    phases = list(dict.fromkeys(step.phase for step in seen))
    assert phases == ["checking", "reading", "handing_over"]
    for phase in phases:
        steps = [step for step in seen if step.phase == phase]
        assert [step.done for step in steps] == sorted(step.done for step in steps)
        assert steps[-1].done == steps[-1].total > 0
