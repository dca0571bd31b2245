"""Zones of passports, cards and visas: what is printed comes out, what does not fit is told, nothing is changed."""

import csv
from datetime import date
from itertools import cycle
from pathlib import Path
from string import ascii_uppercase, digits

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shelter.rules.broken import Broken
from shelter.rules.mrz import read, taken
from shelter.rules.mrz.days import Day, birth_day, expiry_day
from tests.exchange.hmis.conftest import shared_data

__all__ = ["shared_data"]

TODAY = date(2026, 11, 27)
SPECIMEN = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
VISA_A = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<"
VISA_B = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<"
# The pairs whose values differ by a multiple of ten: no check digit can tell them apart.
BLIND = {frozenset("6G"), frozenset("1L")}


def digit(text: str) -> str:
    """Counted anew, the long way, so that a slip in the rule does not prove itself."""
    values = "0123456789" + ascii_uppercase
    return str(sum((0 if c == "<" else values.index(c)) * w for c, w in zip(text, cycle((7, 3, 1)))) % 10)


def passport(issuer: str, surname: str, given: str, number: str, nation: str, birth: str, sex: str, ends: str) -> str:
    first = f"P<{issuer:<<3}{surname}<<{given}"[:44].ljust(44, "<")
    body = number.ljust(9, "<")
    dated = f"{body}{digit(body)}{nation:<<3}{birth}{digit(birth)}{sex}{ends}{digit(ends)}{'<' * 14}0"
    return f"{first}\n{dated}{digit(dated[:10] + dated[13:20] + dated[21:43])}"


words = st.text(ascii_uppercase, min_size=1, max_size=12)
passports = st.builds(
    passport,
    st.sampled_from(["PHL", "MEX", "D", "XXA", "RKS", "GBD"]),
    words,
    words,
    st.text(ascii_uppercase + digits, min_size=5, max_size=9),
    st.sampled_from(["PHL", "XXB", "GTM"]),
    st.dates(date(1930, 1, 1), date(2026, 1, 1)).map(lambda d: d.strftime("%y%m%d")),
    st.sampled_from("MF<"),
    st.dates(date(2010, 1, 1), date(2090, 1, 1)).map(lambda d: d.strftime("%y%m%d")),
)


def test_the_specimen_of_the_standard_is_read_and_refused_outside_tests() -> None:
    found = read(SPECIMEN, TODAY)
    assert {problem.what for problem in found.problems} == {"specimen"}
    found = read(SPECIMEN, TODAY, specimens=True)
    assert found.is_sound
    assert (found.layout, found.printed_name, found.number) == ("TD3", "ERIKSSON, ANNA MARIA", "L898902C3")
    assert (found.birth, found.expires) == (Day(1974, 8, 12), Day(2012, 4, 15))
    assert (found.sex, found.optional, found.name_cut) == ("F", "ZE184226B", False)


@pytest.mark.parametrize(("text", "layout"), [(VISA_A, "MRV-A"), (VISA_B, "MRV-B")])
def test_visas_have_no_check_digit_over_the_whole(text: str, layout: str) -> None:
    found = read(text, TODAY, specimens=True)
    assert (found.layout, found.is_sound, found.number, found.nationality) == (layout, True, "L8988901C", "XXX")
    assert found.birth == Day(1940, 9, 7)


@given(passports)
@settings(max_examples=60)
def test_what_was_printed_comes_out_however_it_was_pasted(text: str) -> None:
    found = read(text, TODAY)
    assert found.is_sound, found.problems
    assert found.lines == tuple(text.split("\n"))
    for pasted in (text.lower(), text.replace("\n", ""), text.replace("\n", "\r\n\r\n "), " ".join(text)):
        assert read(pasted, TODAY) == found


@given(passports, st.data())
@settings(max_examples=150)
def test_a_misread_character_is_pointed_at_and_its_right_reading_is_among_the_offers(
    text: str, data: st.DataObject
) -> None:
    pairs = ("0O", "0Q", "0D", "1I", "2Z", "4A", "5S", "7T", "8B", "6G", "1L")
    lines = text.split("\n")
    places = [
        (at, pair) for at in [*range(10), *range(13, 20), *range(21, 28)] for pair in pairs if lines[1][at] in pair
    ]
    assume(places)
    at, pair = data.draw(st.sampled_from(places))
    wrong = pair.replace(lines[1][at], "")
    is_dated = at >= 9
    assume(is_dated or frozenset(pair) not in BLIND)
    spoiled = lines[1][:at] + wrong + lines[1][at + 1 :]
    found = read(f"{lines[0]}\n{spoiled}", TODAY)
    assert not found.is_sound
    assert found.lines[1] == spoiled, "nothing is changed in silence"
    offers = {offer for problem in found.problems for offer in problem.offers}
    right = [offer for offer in offers if (offer.position, offer.instead) == (at + 1, lines[1][at])]
    assert right
    assert read(taken(found.lines, [right[0].code]), TODAY).is_sound


@given(st.text(max_size=300))
@settings(max_examples=150)
def test_any_text_gets_an_answer(text: str) -> None:
    try:
        found = read(text, TODAY)
    except Broken:
        assert not text.split()
    else:
        assert all(1 <= p.start <= p.end <= 400 for p in found.problems if p.line)
        assert read("\n".join(found.lines), TODAY).problems == found.problems


def test_a_wrong_check_digit_says_which_was_counted() -> None:
    (problem,) = read(SPECIMEN.replace("UTO7408122", "UTO7408123"), TODAY, specimens=True).problems[:1]
    assert (problem.what, problem.field, problem.line, problem.start, problem.end) == ("check", "birth", 2, 14, 20)
    assert (problem.read, problem.wanted) == ("3", "2")


def test_fillers_that_were_miscounted_are_offered_with_the_right_length() -> None:
    found = read(SPECIMEN.replace("MARIA<<<", "MARIA<"), TODAY, specimens=True)
    (problem,) = found.problems
    assert (problem.what, problem.line, problem.read, problem.wanted) == ("length", 1, "42", "44")
    assert read(taken(found.lines, [problem.offers[0].code]), TODAY, specimens=True).is_sound


@pytest.mark.parametrize("text", ["P<PHLX", "A\nB\nC\nD", "ÄÖ<\nx"])
def test_what_is_no_zone_has_a_problem_and_no_parts(text: str) -> None:
    found = read(text, TODAY)
    assert found.problems
    assert (found.number, found.birth, found.printed_name) == ("", None, "")


def test_a_number_longer_than_its_room_goes_on_in_the_next() -> None:
    card = "I<CHED23145890<1233<<<<<<<<<<<\n7408122F1204159CHE<<<<<<<<<<<2\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
    found = read(card, TODAY)
    assert found.number == "D23145890123"
    assert "number" not in {problem.field for problem in found.problems}


def test_a_name_without_a_check_digit_can_say_anything() -> None:
    """Why the page says so: a valid zone does not prove the name."""
    assert read(SPECIMEN.replace("ERIKSSON", "ERIKSEN<"), TODAY, specimens=True).is_sound


def test_a_look_alike_that_no_check_digit_sees_is_told() -> None:
    assert read(passport("PHL", "A", "B", "P6731204A", "PHL", "910723", "F", "290309"), TODAY).look_alikes == "16"


@pytest.mark.parametrize(
    ("six", "birth", "expiry"),
    [
        ("260101", 2026, 2026),
        ("261201", 1926, 2026),
        ("270101", 1927, 2027),
        ("951231", 1995, 2095),
        ("960101", 1996, 1996),
        ("000229", 2000, 2000),
    ],
)
def test_a_birth_lies_behind_and_an_expiry_leans_ahead(six: str, birth: int, expiry: int) -> None:
    born, ends = birth_day(six, TODAY), expiry_day(six, TODAY)
    assert born
    assert ends
    assert (born.year, ends.year) == (birth, expiry)


def test_of_a_birth_the_day_and_the_month_may_be_unknown() -> None:
    assert birth_day("74<<<<", TODAY) == Day(1974)
    assert birth_day("7408<<", TODAY) == Day(1974, 8)
    assert [birth_day(six, TODAY) for six in ("741301", "740230", "<<0101", "74<<01", "7A0101")] == [None] * 5
    assert expiry_day("7408<<", TODAY) is None


def test_every_specimen_of_the_collection(shared_data: Path) -> None:
    """Sound ones are sound; those that a camera misread come right by the offers alone."""
    told = (shared_data / "mrz" / "mrz_specimens.tsv").read_text().splitlines()
    rows = [
        (row["expected_valid"], row["mrz_lines"].replace("|", "\n")) for row in csv.DictReader(told, delimiter="\t")
    ]
    clean = {zone.lines for _, text in rows if (zone := read(text, TODAY, specimens=True)).is_sound}
    for expected, text in rows:
        found = read(text, TODAY)
        if expected == "" or any(problem.what == "character" for problem in found.problems):
            offers = [problem.offers[0].code for problem in found.problems if problem.offers]
            mended = read(taken(found.lines, offers), TODAY, specimens=True)
            assert mended.is_sound, text
            assert mended.lines in clean
        else:
            assert found.is_sound == (expected == "true"), text
    assert len(rows) > 20


SPECIMENS = {
    "TD1": "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    "TD2": "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
    "TD3": SPECIMEN,
    "MRV-A": VISA_A,
    "MRV-B": VISA_B,
}
"""As ICAO Doc 9303 prints them (parts 5, 6, 4 and 7)."""
GUARDED = {
    "TD1": [(0, range(5, 15)), (1, range(7)), (1, range(8, 15))],
    **{one: [(1, range(10)), (1, range(13, 20)), (1, range(21, 28))] for one in ("TD2", "TD3", "MRV-A", "MRV-B")},
}
"""The places of each layout that a check digit of their own guards: number, birth and end, with the digits."""


@pytest.mark.parametrize("layout", SPECIMENS)
def test_each_layout_of_the_standard_is_read_part_by_part(layout: str) -> None:
    found = read(SPECIMENS[layout], TODAY, specimens=True)
    assert (found.layout, found.is_sound, found.printed_name) == (layout, True, "ERIKSSON, ANNA MARIA")
    assert (found.issuer, found.sex, found.name_cut) == ("UTO", "F", False)
    number, nation, born, ends = {
        "TD3": ("L898902C3", "UTO", Day(1974, 8, 12), Day(2012, 4, 15)),
        "MRV-A": ("L8988901C", "XXX", Day(1940, 9, 7), Day(1996, 12, 10)),
        "MRV-B": ("L8988901C", "XXX", Day(1940, 9, 7), Day(1996, 12, 10)),
    }.get(layout, ("D23145890", "UTO", Day(1974, 8, 12), Day(2012, 4, 15)))
    assert (found.number, found.nationality, found.birth, found.expires) == (number, nation, born, ends)


def test_a_name_that_was_left_out_is_not_said_to_be_cut_off() -> None:
    found = read(SPECIMEN.replace("ERIKSSON", "ER1KSSON"), TODAY, specimens=True)
    assert (found.printed_name, found.name_cut) == ("", False)


def test_half_a_name_or_half_a_number_is_not_read_as_the_whole() -> None:
    french = "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n8806923102858CORINNE<<<<<<<6512068F6"
    assert read(french, TODAY).printed_name == "BERTHIER, CORINNE"
    for misread in (french.replace("BERTHIER", "BERTH1ER"), french.replace("CORINNE", "C0RINNE")):
        assert read(misread, TODAY).printed_name == ""
    card = "I<CHED23145890<1233<<<<<<<<<<<\n7408122F1204159CHE<<<<<<<<<<<2\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
    assert read(card, TODAY).number == "D23145890123"
    for misread in (card.replace("D2314", "D-314"), card.replace("<1233", "<1-33")):
        assert read(misread, TODAY).number == ""


PAIRS = ("0O", "0Q", "0D", "1I", "2Z", "4A", "5S", "7T", "8B")


@pytest.mark.parametrize("layout", SPECIMENS)
def test_each_misreading_of_each_layout_is_pointed_at_and_nothing_is_read_as_if_it_were_right(layout: str) -> None:
    """Every guarded place and every likely confusion, one by one."""
    whole, tried = read(SPECIMENS[layout], TODAY, specimens=True), 0
    for line, places in GUARDED[layout]:
        for at in places:
            for pair in (one for one in PAIRS if whole.lines[line][at] in one):
                right, lines = whole.lines[line][at], list(whole.lines)
                lines[line] = f"{lines[line][:at]}{pair.replace(right, '')}{lines[line][at + 1 :]}"
                found = read("\n".join(lines), TODAY, specimens=True)
                offers = [one for problem in found.problems for one in problem.offers]
                good = next(one for one in offers if (one.line, one.position) == (line + 1, at + 1))
                assert found.lines == tuple(lines)
                assert any(p.line == line + 1 and p.start <= at + 1 <= p.end for p in found.problems)
                assert good.instead == right or len({one.instead for one in offers}) > 1
                assert (
                    read(taken(lines, [f"{line + 1}.{at + 1}.{lines[line][at]}.{right}"]), TODAY, specimens=True)
                    == whole
                )
                tried += 1
    assert tried >= 10


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        (SPECIMEN.replace("MARIA", "MAR1A"), "printed_name"),
        (SPECIMEN.replace("7408122F", "74O8122F"), "birth"),
        (SPECIMEN.replace("F1204159", "F12O4159"), "expires"),
        (SPECIMEN.replace("36UTO", "36UT0"), "nationality"),
        (SPECIMEN.replace("P<UTO", "P<UT0"), "issuer"),
    ],
    ids=["name", "birth", "end", "nationality", "issuer"],
)
def test_a_part_with_what_cannot_stand_there_is_not_read_as_if_it_were_something_else(wrong: str, part: str) -> None:
    found, right = read(wrong, TODAY, specimens=True), read(SPECIMEN, TODAY, specimens=True)
    assert getattr(right, part)
    assert not getattr(found, part)
    (problem,) = found.problems
    assert problem.what == "character"
    assert read(taken(found.lines, [problem.offers[0].code]), TODAY, specimens=True) == right
