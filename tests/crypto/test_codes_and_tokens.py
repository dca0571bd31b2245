"""One-time codes, one-use links, sessions, challenges, calendar addresses, pseudonyms."""

import os
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.crypto import totp
from shelter.crypto.calendar import calendar_keys, new_address
from shelter.crypto.errors import Unopenable
from shelter.crypto.pseudonym import fact_source, pseudonym
from shelter.crypto.tokens import (
    check_challenge,
    new_challenge,
    new_token,
    open_session,
    read_token,
    seal_session,
    stored_token,
    token_text,
)

AT = datetime(2026, 3, 1, 12, 0, 10, tzinfo=UTC).timestamp()
STEP = int(AT) // 30
SECRET = totp.new_secret()
BOOT, AGENCY, USER = os.urandom(32), os.urandom(16), os.urandom(16)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_codes_are_those_of_rfc_6238(at: int, code: str) -> None:
    assert totp.check(b"12345678901234567890", code, at, None) == at // 30


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_a_clock_may_be_one_step_off(drift: int) -> None:
    code = totp.code_at(SECRET, AT + 30 * drift)
    assert totp.check(SECRET, code, AT, None) == STEP + drift


@pytest.mark.parametrize("drift", [-2, 2])
def test_a_code_two_steps_off_is_refused(drift: int) -> None:
    code = totp.code_at(SECRET, AT + 30 * drift)
    assert totp.check(SECRET, code, AT, None) is None


def test_a_code_serves_once_and_none_before_it_afterwards() -> None:
    used = totp.check(SECRET, totp.code_at(SECRET, AT), AT, None)
    assert used == STEP
    assert totp.check(SECRET, totp.code_at(SECRET, AT), AT + 5, used) is None
    assert totp.check(SECRET, totp.code_at(SECRET, AT - 30), AT, used) is None
    assert totp.check(SECRET, totp.code_at(SECRET, AT + 30), AT, used) == STEP + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "\ud800"])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert totp.check(SECRET, code, AT, None) is None


def test_a_code_may_be_typed_with_spaces() -> None:
    code = totp.code_at(SECRET, AT)
    assert totp.check(SECRET, f" {code[:3]} {code[3:]} ", AT, None) == STEP


def test_at_the_beginning_of_time_there_is_no_earlier_step() -> None:
    assert totp.check(SECRET, totp.code_at(SECRET, 0), 0, None) == 0


def test_the_address_for_an_authenticator_carries_the_secret_and_the_name() -> None:
    uri = totp.provisioning_uri(SECRET, account="river-lantern-42", issuer="Shelter")
    assert uri.startswith("otpauth://totp/")
    assert "river-lantern-42" in uri


@given(st.binary(min_size=32, max_size=32))
def test_a_token_travels_as_text_and_is_stored_as_a_hash(token: bytes) -> None:
    assert read_token(token_text(token)) == token
    assert stored_token(token) != token
    assert len(token_text(token)) == 43


@pytest.mark.parametrize(
    "text", ["", "abc", "=" * 43, "A" * 42 + "B", "A" * 44, token_text(bytes(range(32)))[:-1], "ñ" * 43, " " + "A" * 43]
)
def test_other_texts_are_no_token(text: str) -> None:
    with pytest.raises(Unopenable):
        read_token(text)


def test_a_session_opens_with_its_cookie_on_this_server_for_its_person() -> None:
    sid, uk = new_token(), os.urandom(32)
    sealed = seal_session(uk, sid, BOOT, AGENCY, USER)
    assert open_session(sealed, sid, BOOT, AGENCY, USER) == uk
    for place in (
        (new_token(), BOOT, AGENCY, USER),
        (sid, os.urandom(32), AGENCY, USER),
        (sid, BOOT, os.urandom(16), USER),
        (sid, BOOT, AGENCY, os.urandom(16)),
    ):
        with pytest.raises(Unopenable):
            open_session(sealed, *place)


def test_a_challenge_holds_for_five_minutes_on_this_server_for_its_purpose_and_person() -> None:
    challenge = new_challenge(BOOT, purpose="sign-in", user_id=USER, at=AT)
    used = check_challenge(challenge, BOOT, purpose="sign-in", user_id=USER, at=AT)
    assert used == check_challenge(challenge, BOOT, purpose="sign-in", user_id=USER, at=AT + 299)
    for boot, purpose, user, at in (
        (os.urandom(32), "sign-in", USER, AT),
        (BOOT, "enrol", USER, AT),
        (BOOT, "sign-in", b"", AT),
        (BOOT, "sign-in", USER, AT + 300),
        (BOOT, "sign-in", USER, AT - 60),
    ):
        with pytest.raises(Unopenable):
            check_challenge(challenge, boot, purpose=purpose, user_id=user, at=at)


def test_a_changed_challenge_is_refused_and_no_two_are_alike() -> None:
    challenge = new_challenge(BOOT, purpose="sign-in", at=AT)
    for place in range(len(challenge)):
        changed = bytearray(challenge)
        changed[place] ^= 1
        with pytest.raises(Unopenable):
            check_challenge(bytes(changed), BOOT, purpose="sign-in", at=AT)
    with pytest.raises(Unopenable):
        check_challenge(b"", BOOT, purpose="sign-in", at=AT)
    assert challenge != new_challenge(BOOT, purpose="sign-in", at=AT)


def test_a_calendar_address_gives_its_look_up_and_its_pair_and_neither_gives_the_other() -> None:
    address = new_address()
    keys = calendar_keys(address, AGENCY)
    assert keys == calendar_keys(address, AGENCY)
    assert keys != calendar_keys(new_address(), AGENCY)
    assert keys != calendar_keys(address, os.urandom(16))
    assert len({address, keys.lookup_hash, keys.exchange.private, keys.exchange.public}) == 4
    with pytest.raises(ValueError):
        calendar_keys(b"short", AGENCY)


def test_pseudonyms_differ_by_client_generation_and_key() -> None:
    key, one, two = os.urandom(32), os.urandom(16), os.urandom(16)
    names = {
        pseudonym(key, 1, one),
        pseudonym(key, 2, one),
        pseudonym(key, 1, two),
        pseudonym(os.urandom(32), 1, one),
    }
    assert len(names) == 4
    assert {len(name) for name in names} == {16}


def test_sources_differ_by_table_record_and_section_and_are_no_pseudonyms() -> None:
    key, record = os.urandom(32), os.urandom(16)
    sources = {
        fact_source(key, "stay", record, "facts"),
        fact_source(key, "stay", record, "exact"),
        fact_source(key, "sta", b"y" + record, "facts"),
        fact_source(key, "stay", os.urandom(16), "facts"),
    }
    assert len(sources) == 4
    assert pseudonym(key, 1, record) not in {source[:16] for source in sources}
