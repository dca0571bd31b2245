"""Papers through the pages: what is typed stays, both texts stand side by side, and only counsel answers."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from shelter.documents import actions, queries
from shelter.documents.actions import ChangePaper, PaperFacts, TakeStep
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.documents import CONFISCATED, begun, counsel_agrees, paper, picture

Sign = Callable[[str], Desk]


def at(code: str, found: bytes | None = None, ending: str = "") -> str:
    return f"/people/{code}/papers" + (f"/{found.hex()}" if found else "") + ending


def way(world: World, code: str, found: bytes) -> queries.PaperView:
    return queries.one(world.actor("supervisor"), code, found)[1]


def test_her_own_file_says_what_offices_call_a_paper_and_what_contact_may_bring(
    world: World, desk: Sign, code: str
) -> None:
    facts = replace(
        CONFISCATED,
        police_report="LB-26-1",
        consulate="Los Angeles",
        case_number="C-77",
        contact_risk="They call home",
    )
    paper(world, code, facts)
    shown = desk("caseworker").get(f"/people/{code}/own-file").text
    for words in (
        "Police report: LB-26-1",
        "Consulate or office: Los Angeles",
        "C-77",
        "Risk of contact: They call home",
    ):
        assert words in shown


def test_a_confiscated_passport_is_one_sentence_with_its_next_step(world: World, desk: Sign, code: str) -> None:
    rosa = desk("caseworker")
    answer = rosa.post(
        at(code, ending="/new"),
        kind="foreign_passport",
        country="PHL",
        state="with_employer",
        **{"seen_when-month": "June", "seen_when-year": "2026", "seen_where": "Long Beach", "number-skip": "not_safe"},
    )
    assert answer.status_code == 302
    shown = rosa.get(answer.headers["Location"]).text
    assert "Passport, Philippines – held by the employer, last seen June 2026, Long Beach" in shown
    assert "Not safe to ask now" in shown
    (found,) = queries.of_client(world.actor("caseworker"), code).papers
    rosa.post(at(code, found.id, "/way"), way="foreign_passport", version="0")
    assert "nobody has asked counsel yet" in rosa.get(at(code)).text
    assert "Ask counsel before anyone contacts the consulate" in rosa.get("/papers").text


def test_a_paper_needs_nothing_but_its_kind(desk: Sign, code: str) -> None:
    rosa = desk("caseworker")
    assert rosa.post(at(code, ending="/new"), kind="other").status_code == 302


def test_what_was_typed_stays_when_something_is_wrong(desk: Sign, code: str) -> None:
    place, rosa = at(code, ending="/new"), desk("caseworker")
    answer = rosa.post(place, kind="i94", printed_name="MARIVIC", **{"issued-year": "20"})
    assert answer.status_code == 422
    assert "MARIVIC" in answer.text
    assert "Write the year in four digits" in answer.text
    answer = rosa.post(place, kind="ssn_card", number="078-05-1120")
    assert answer.status_code == 422
    assert "it is not kept here" in answer.text


def test_two_people_change_one_paper_and_both_texts_are_shown(world: World, desk: Sign, code: str) -> None:
    found, rosa = paper(world, code), desk("caseworker")
    facts = PaperFacts(kind="foreign_passport", country="PHL", state="police_evidence", note="Officer keeps it.")
    actions.change_paper(world.actor("supervisor"), ChangePaper(code, found, 1, facts))
    typed = {"kind": "foreign_passport", "state": "in_hand", "note": "She has it back."}
    answer = rosa.post(at(code, found, "/edit"), version="1", **typed)
    assert answer.status_code == 409
    for words in ("She has it back.", "Officer keeps it.", "In hand", "With police as evidence", "Supervisor"):
        assert words in answer.text
    assert rosa.post(at(code, found, "/edit"), version="2", **typed).status_code == 302
    assert way(world, code, found).text.note == "She has it back."


def test_a_step_sent_from_an_old_page_is_asked_again_with_its_words(world: World, desk: Sign, code: str) -> None:
    found, rosa = begun(world, code), desk("caseworker")
    counsel_agrees(world, code, found)
    place = at(code, found, "/steps/police_report/close")
    actions.take_step(world.actor("supervisor"), TakeStep(code, found, 2, "photographs", "arranged", owner="client"))
    answer = rosa.post(place, version="2", outcome="done", words="Report 26-1188", cost="$26.50", paid_by="agency")
    assert answer.status_code in (409, 422)
    assert "Report 26-1188" in answer.text
    assert 'name="version" type="hidden" value="3"' in answer.text
    rosa.post(place, version="3", outcome="done", words="Report 26-1188", cost="$26.50", paid_by="agency")
    event = way(world, code, found).step("police_report").events[-1]
    assert (event.words, event.cost, event.paid_by) == ("Report 26-1188", 2650, "agency")
    assert "$26.50" in rosa.get(at(code, found)).text


@pytest.mark.parametrize("cost", ["much", "-4", "1e9", "12.345"])
def test_a_cost_that_is_no_amount_is_said(world: World, desk: Sign, code: str, cost: str) -> None:
    found = begun(world, code)
    counsel_agrees(world, code, found)
    place = at(code, found, "/steps/police_report/close")
    assert desk("caseworker").post(place, version="2", outcome="done", cost=cost).status_code == 422


def test_the_gate_through_the_pages(world: World, desk: Sign, code: str) -> None:
    found, rosa, dora = begun(world, code), desk("caseworker"), desk("advocate")
    gate = at(code, found, "/steps/ask_counsel")
    assert rosa.get(f"{gate}/answer").status_code == 403
    early = rosa.post(at(code, found, "/steps/police_report/close"), version="1", outcome="done")
    assert early.status_code == 422
    assert "Counsel has to answer first" in early.text
    assert rosa.post(f"{gate}/ask", version="1", words="May we call?").status_code == 302
    assert "Caseworker asked Advocate on" in rosa.get(at(code, found)).text
    assert "May we call?" in dora.get(f"{gate}/answer").text
    assert dora.post(f"{gate}/answer", version="2", answer="yes").status_code == 302
    assert "the next steps may be taken" in rosa.get(at(code, found)).text
    assert rosa.post(at(code, found, "/steps/police_report/close"), version="3", outcome="done").status_code == 302


def test_a_photograph_is_put_to_its_paper(world: World, desk: Sign, code: str) -> None:
    found, rosa = paper(world, code), desk("caseworker")
    sent: dict[str, object] = {"file": (io.BytesIO(picture(size=(80, 60))), "x.jpg"), "label": "the page with her face"}
    assert rosa.post(at(code, found, "/scans/new"), **sent).status_code == 302  # type: ignore[arg-type]
    shown = rosa.get(at(code, found)).text
    assert "the page with her face" in shown
    wrong: dict[str, object] = {"file": (io.BytesIO(b"GIF89a"), "x.jpg"), "label": "again"}
    assert rosa.post(at(code, found, "/scans/new"), **wrong).status_code == 422  # type: ignore[arg-type]


REACH = {
    "caseworker": 200,
    "supervisor": 200,
    "advocate": 200,
    "legal_supervisor": 200,
    "caseworker_two": 404,
    "stranger": 404,
    "desk": 403,
    "director": 403,
    "auditor": 403,
    "administrator": 403,
}


def test_who_reaches_papers(world: World, desk: Sign, code: str) -> None:
    found = begun(world, code)
    endings = ("", "/edit", "/scans/new", "/way", "/way/end", "/steps/ask_counsel/ask", "/steps/police_report/who")
    pages = [at(code), at(code, ending="/new"), *(at(code, found, ending) for ending in endings)]
    for who, status in REACH.items():
        somebody = desk(who)
        assert {url: somebody.get(url).status_code for url in pages} == dict.fromkeys(pages, status), who
        assert somebody.get("/papers").status_code == (403 if status == 403 else 200)


def test_unknown_papers_and_steps_are_the_same_nothing(world: World, desk: Sign, code: str) -> None:
    rosa, other = desk("caseworker"), clients.begin(world)
    hers = begun(world, other)
    nothing = rosa.get(at(code, bytes(16)))
    assert nothing.status_code == 404
    assert rosa.get(at(code, hers)).data == nothing.data
    assert rosa.get(at(other, hers, "/steps/no_such_step/close")).data == nothing.data


def test_no_page_has_a_name_in_its_title_or_address(world: World, desk: Sign) -> None:
    code = clients.named(world, "Rosalinda Quintanilla", called="Rosalinda")
    found, rosa = begun(world, code), desk("caseworker")
    for ending in ("", "/edit", "/way/end"):
        shown = rosa.get(at(code, found, ending)).text
        title = shown[shown.index("<title>") : shown.index("</title>")]
        assert code in title
        assert "Rosalinda" not in title
        assert "Orteza" not in title


def test_hostile_words_stay_words(world: World, desk: Sign, code: str) -> None:
    hostile = '<script>alert(1)</script>"onload=x {{ 7*7 }} %(who)s'
    facts = PaperFacts(kind="other", state="lost", held_by=hostile, note=hostile, seen_where=hostile)
    found, rosa = paper(world, code, facts), desk("caseworker")
    for url in (at(code), at(code, found), at(code, found, "/edit"), "/papers"):
        answer = rosa.get(url)
        assert answer.status_code == 200
        assert "<script>alert(1)" not in answer.text


def test_her_papers_are_shown_in_spanish(world: World, desk: Sign, code: str) -> None:
    paper(world, code, CONFISCATED)
    shown = desk("caseworker").browser.get(at(code), headers={"Accept-Language": "es"}).text
    assert "Pasaporte, Filipinas" in shown
    assert "En manos del empleador" in shown


def test_what_offices_call_it_and_the_risk_of_contact_stand_on_the_paper_and_in_what_was_before(
    desk: Sign, code: str
) -> None:
    rosa = desk("caseworker")
    told = {
        "police_report": "LB-7741",
        "consulate": "Consulate in San Diego",
        "case_number": "C-5521",
        "contact_risk": "they may call her uncle",
    }
    answer = rosa.post(f"/people/{code}/papers/new", kind="foreign_passport", country="PHL", **told)
    assert answer.status_code == 302
    place = answer.headers["Location"].split("?")[0]
    shown = rosa.get(place).text
    assert [words for words in told.values() if words not in shown] == []
    filled = rosa.get(f"{place}/edit").text
    assert [words for words in told.values() if words not in filled] == []
    answer = rosa.post(f"{place}/edit", kind="foreign_passport", country="PHL", version="1", contact_risk="none now")
    assert answer.status_code == 302
    assert "they may call her uncle" not in rosa.get(place).text
    assert "they may call her uncle" in rosa.get(f"{place}/earlier").text
