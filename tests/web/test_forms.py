"""A form takes anything, keeps what was typed, and says what is wrong where it is wrong."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from shelter.rules.broken import Broken
from shelter.web import fields
from shelter.web.asked import Asked
from shelter.web.forms import EditForm, Form
from shelter.web.patterns import Sample
from tests.web.conftest import make_app

APP = make_app()
APP.config["WTF_CSRF_ENABLED"] = False


class Hard(Form):
    born = fields.RememberedDate("Born", required=True, skippable=True, latest=date(2026, 11, 21))
    feeling = fields.Choice("Feeling", choices=[("calm", "Calm"), ("low", "Low")], required=True, skippable=True)
    words = fields.Text("Words", skippable=True, max_length=5)
    call = fields.NearDate("Call", earliest=date(2026, 11, 1))
    at = fields.Time("At")
    many = fields.ManyChoices("Many", choices=[("a", "A"), ("b", "B")])
    count = fields.Number("Count", least=1, most=2_000)


def sent(form: type[Form], data: dict[str, Any] | MultiDict[str, Any], language: str = "en") -> Any:
    with APP.test_request_context("/", method="POST", data=data, headers={"Accept-Language": language}):
        filled = form()
        filled.validate()
        filled.error_summary()
        return filled


def parameter_names() -> list[str]:
    with APP.test_request_context("/"):
        fields_of = [field for field in Sample() if isinstance(field, Asked)]
        return sorted({name for field in fields_of for name in field.parameter_names})


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "0", "-1", "31", "2026-02-30", "99999999999999", "½", "٣", "²", "\x00", "1e9", "25:61", "a" * 9_999]
    ),
)


@given(st.dictionaries(st.sampled_from(parameter_names()), HOSTILE))
def test_no_input_makes_a_form_or_its_page_fail(data: dict[str, str]) -> None:
    with APP.test_request_context("/", method="POST", data=data):
        form = Sample()
        form.validate()
        assert all(line.target for line in form.error_summary())
        page = APP.jinja_env.from_string(
            '{% from "macros/form.html" import field %}{% for one in form %}{{ field(one) }}{% endfor %}'
        ).render(form=form)
        assert 'name="born-year"' in page


def test_a_remembered_date_without_its_parts_is_open_not_a_failure() -> None:
    form = sent(Hard, {"feeling": "calm"})
    assert form.born.data is None
    assert form.born.errors == ["Answer this question, or say why not now"]


@pytest.mark.parametrize(
    ("typed", "expected", "precision"),
    [
        (("3", "27", "1998", ""), fields.PartialDate(1998, 3, 27), "exact"),
        (("March", "27", "1998", ""), fields.PartialDate(1998, 3, 27), "exact"),
        (("marzo", "27", "1998", "1"), fields.PartialDate(1998, 3, 27, True), "approximate"),
        (("", "", "1998", ""), fields.PartialDate(1998, approximate=True), "approximate"),
        (("dic", "", "1998", ""), fields.PartialDate(1998, 12, approximate=True), "approximate"),
    ],
)
def test_a_remembered_date_is_as_exact_as_she_remembers(
    typed: tuple[str, ...], expected: fields.PartialDate, precision: str
) -> None:
    names = ("born-month", "born-day", "born-year", "born-approximate")
    form = sent(Hard, dict(zip(names, typed, strict=True)))
    assert (form.born.data, form.born.precision, form.born.errors) == (expected, precision, [])


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        (("2", "30", "1998"), "day"),
        (("13", "1", "1998"), "month"),
        (("Smarch", "1", "1998"), "month"),
        (("", "4", "1998"), "month"),
        (("4", "4", "98"), "year"),
        (("4", "four", "1998"), "day"),
        (("4", "4", ""), "year"),
    ],
)
def test_the_part_of_a_date_that_is_wrong_is_the_one_the_summary_leads_to(typed: tuple[str, ...], wrong: str) -> None:
    form = sent(Hard, dict(zip(("born-month", "born-day", "born-year"), typed, strict=True)))
    assert form.born.data is None
    assert form.born.target_id == f"born-{wrong}"
    assert [part.value for part in form.born.parts] == list(typed)


def test_a_date_that_has_not_come_is_refused() -> None:
    assert sent(Hard, {"born-year": "2027"}).born.errors == ["This date has not come yet"]
    assert sent(Hard, {"born-year": "2026"}).born.errors == []


def test_the_order_of_a_date_is_the_readers_own() -> None:
    with APP.test_request_context("/", headers={"Accept-Language": "es"}):
        assert [part.key for part in Hard().born.parts] == ["day", "month", "year"]
    with APP.test_request_context("/"):
        assert [part.key for part in Hard().born.parts] == ["month", "day", "year"]


@pytest.mark.parametrize("reason", [value for value, _ in fields.SKIP_REASONS])
def test_a_reason_stands_for_an_answer(reason: str) -> None:
    form = sent(Hard, {"born-skip": reason, "feeling-skip": reason})
    assert form.errors == {}
    assert form.skipped() == {"born": reason, "feeling": reason}
    assert form.born.precision == "declined"


def test_an_invented_reason_is_none() -> None:
    form = sent(Hard, {"born-skip": "because"})
    assert form.born.skip_reason is None
    assert form.born.errors


def test_an_answer_beside_a_reason_is_asked_about_so_that_neither_is_lost() -> None:
    form = sent(Hard, {"words": "yes", "words-skip": "not_safe"})
    assert form.words.errors == ["There is an answer and a reason to skip. Keep one of them"]
    assert form.words.data == "yes"


def test_a_radio_can_be_taken_back_by_giving_a_reason() -> None:
    form = sent(Hard, {"feeling": "low", "feeling-skip": "prefers_not", "born-skip": "not_today"})
    assert (form.errors, form.feeling.data, form.feeling.skip_reason) == ({}, None, "prefers_not")


def test_a_recorded_reason_is_shown_again() -> None:
    with APP.test_request_context("/"):
        form = Hard(skips={"feeling": "not_safe"})
        assert [option.value for option in form.feeling.skip_options if option.chosen] == ["not_safe"]
        assert form.feeling.shown == "Not safe to ask now"


def test_an_answer_that_is_not_on_offer_is_refused() -> None:
    assert sent(Hard, {"feeling": "gone"}).feeling.errors == ["Choose one of the answers on offer"]
    assert sent(Hard, {"many": ["a", "z"]}).many.errors == ["Choose one of the answers on offer"]


def test_words_that_are_too_long_are_kept_and_counted_not_cut() -> None:
    form = sent(Hard, {"words": "abcdefgh"})
    assert form.words.data == "abcdefgh"
    assert form.words.errors == ["This is 3 characters too long. 5 fit here"]


def test_words_are_cleaned_of_what_a_database_cannot_hold() -> None:
    assert sent(Hard, {"words": " a\x00e\u0301\r\n "}).words.data == "aé"


@pytest.mark.parametrize("hour", ["14:30", "14.30", "1430", "2:30 pm", "2:30 p. m.", "02:30PM", "14:30:00"])
def test_an_hour_is_read_however_it_is_written(hour: str) -> None:
    assert sent(Hard, {"at": hour}).at.data == time(14, 30)


@pytest.mark.parametrize("hour", ["25:00", "14:61", "13 pm", "soon", "-1", "٣"])
def test_what_is_no_hour_is_kept_and_refused(hour: str) -> None:
    form = sent(Hard, {"at": hour})
    assert form.at.data is None
    assert form.at.errors
    assert form.at._value() == hour


@pytest.mark.parametrize(("language", "written"), [("en", "12/1/2026"), ("es", "1/12/2026"), ("en", "2026-12-01")])
def test_a_near_date_is_read_in_the_readers_own_order(language: str, written: str) -> None:
    assert sent(Hard, {"call": written}, language).call.data == date(2026, 12, 1)


def test_a_near_date_outside_its_bounds_is_refused() -> None:
    assert sent(Hard, {"call": "2026-10-31"}).call.errors == ["Choose 2026-11-01 or later"]


@pytest.mark.parametrize(
    ("written", "number"), [("1,200", 1200), ("1.200", 1200), (" 7 ", 7), ("0", 0), ("2001", 2001)]
)
def test_a_number_is_read_with_its_separators_and_held_to_its_bounds(written: str, number: int) -> None:
    form = sent(Hard, {"count": written})
    assert form.count.data == number
    assert bool(form.count.errors) != (1 <= number <= 2_000)


@pytest.mark.parametrize("version", [None, "", "x", "-1", "9" * 30, "1.0"])
def test_an_edit_form_without_its_version_is_out_of_date(version: str | None) -> None:
    form = sent(EditForm, {} if version is None else {"version": version})
    assert [line.target for line in form.error_summary()] == ["main"]


def test_an_edit_form_carries_its_version_back() -> None:
    assert sent(EditForm, {"version": "7"}).version.data == 7


def test_a_parameter_that_comes_twice_is_refused_unless_the_question_repeats() -> None:
    assert sent(Hard, MultiDict([("many", "b"), ("many", "a")])).many.data == ["a", "b"]
    with pytest.raises(BadRequest):
        sent(Hard, MultiDict([("feeling", "low"), ("feeling", "calm")]))
    with pytest.raises(BadRequest):
        sent(EditForm, MultiDict([("version", "1"), ("version", "2")]))


def test_a_broken_rule_is_said_beside_its_question_or_at_the_top() -> None:
    with APP.test_request_context("/"):
        form = Hard()
        form.refuse(Broken("web_test.too_long", "words", {"most": 3}))
        form.refuse(Broken("web_test.too_long", "elsewhere", {"most": 4}))
        form.refuse(Broken("nobody.knows"))
        lines = [(line.target, line.text) for line in form.error_summary()]
    assert ("words", "At most 3.") in lines
    assert ("main", "At most 4.") in lines
    assert ("main", "This cannot be saved as it is.") in lines


def test_a_form_without_its_token_is_refused(web_app: Flask) -> None:
    assert web_app.test_client().post("/patterns/", data={"name": "Rosa"}).status_code == 400


def test_a_form_that_does_not_hold_answers_422_and_keeps_what_was_typed(unchecked: Any) -> None:
    answer = unchecked.post("/patterns/", data={"name": "Rosalía <b>", "version": "3", "story": "x" * 500})
    assert answer.status_code == 422
    page = answer.text
    assert "<title>Error:" in page
    assert 'value="Rosalía &lt;b&gt;"' in page
    assert "x" * 500 in page


def test_a_passphrase_is_never_sent_back(unchecked: Any) -> None:
    answer = unchecked.post("/patterns/", data={"passphrase": " correct horse "})
    assert b"correct horse" not in answer.data
