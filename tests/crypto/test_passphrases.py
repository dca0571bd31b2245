"""From a passphrase to keys, the gate before it, and the words the app draws."""

import multiprocessing
import os
import threading
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.crypto import words
from shelter.crypto.errors import Busy, Unopenable
from shelter.crypto.gate import Gate
from shelter.crypto.passwords import (
    Derived,
    KdfParameters,
    current_gate,
    derive,
    share_gate,
    verifier_matches,
)

CHEAP = KdfParameters(memory_kib=64, iterations=1)
SALT, PEPPER, USER = os.urandom(16), os.urandom(32), os.urandom(16)


def derived(passphrase: str = "four plain words here", **changes: bytes) -> Derived:
    inputs = {"salt": SALT, "pepper": PEPPER, "user_id": USER, **changes}
    return derive(passphrase, parameters=CHEAP, **inputs)


def test_the_same_passphrase_matches_its_stored_verifier() -> None:
    stored = derived().stored
    assert verifier_matches(derived(), stored)
    assert not verifier_matches(derived("four plain words hear"), stored)


@pytest.mark.parametrize("name", ["salt", "pepper", "user_id"])
def test_salt_pepper_and_person_all_change_both_keys(name: str) -> None:
    one, other = derived(), derived(**{name: os.urandom(16)})
    assert one.verifier != other.verifier
    assert one.unlock_key != other.unlock_key


def test_verifier_and_unlock_key_say_nothing_of_each_other_and_are_never_printed() -> None:
    found = derived()
    assert found.verifier != found.unlock_key
    assert len(found.verifier) == len(found.unlock_key) == 32
    assert repr(found.unlock_key) not in repr(found)
    assert found.stored != found.verifier


def test_spaces_around_and_ways_of_typing_an_accent_do_not_matter() -> None:
    assert derived("  canción de cuna ").verifier == derived("canción de cuna").verifier
    assert derived("cancion de cuna").verifier != derived("canción de cuna").verifier
    assert derived("\ud800 odd").verifier != derived("\ud801 odd").verifier


@given(st.integers(8, 2**30), st.integers(1, 1000))
def test_parameters_are_stored_as_a_text_and_read_back(memory: int, iterations: int) -> None:
    parameters = KdfParameters(memory, iterations)
    assert KdfParameters.decode(parameters.encode()) == parameters


@pytest.mark.parametrize(
    "text",
    ["", "argon2id", "argon2i,m=65536,t=3,p=1", "argon2id,m=65536,t=3,p=4", "argon2id,t=3,m=65536,p=1",
     "argon2id,m=x,t=3,p=1", "argon2id,m=65536,t=3", "argon2id,m=65536,t=3,p=1,q=1", "argon2id,m=+8,t=3,p=1"],
)  # fmt: skip
def test_other_parameters_are_refused(text: str) -> None:
    with pytest.raises(Unopenable):
        KdfParameters.decode(text)


def test_parameters_that_argon2id_refuses_open_nothing() -> None:
    with pytest.raises(Unopenable):
        derive("x", salt=SALT, pepper=PEPPER, user_id=USER, parameters=KdfParameters(1, 0))
    with pytest.raises(Unopenable):
        derive("x", salt=b"", pepper=PEPPER, user_id=USER, parameters=CHEAP)


def test_the_cost_without_other_wishes_is_64_mib_three_passes_one_lane() -> None:
    assert KdfParameters().encode() == "argon2id,m=65536,t=3,p=1"


class Crowd:
    """Threads that pass a gate and note how many are inside at once."""

    def __init__(self, gate: Gate) -> None:
        self.gate, self.inside, self.most, self.turned_away = gate, 0, 0, 0
        self.opened = threading.Event()
        self._lock = threading.Lock()

    def pass_through(self) -> None:
        try:
            with self.gate.turn():
                with self._lock:
                    self.inside += 1
                    self.most = max(self.most, self.inside)
                self.opened.wait(20)
                with self._lock:
                    self.inside -= 1
        except Busy:
            with self._lock:
                self.turned_away += 1

    def come(self, count: int) -> list[threading.Thread]:
        threads = [threading.Thread(target=self.pass_through) for _ in range(count)]
        for thread in threads:
            thread.start()
        return threads


def wait_until(condition: object) -> None:
    deadline = time.monotonic() + 20
    while not condition():  # type: ignore[operator]  # a lambda of the test
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_one_derives_at_a_time_some_wait_and_the_next_is_turned_away() -> None:
    crowd = Crowd(Gate(waiting_limit=3))
    threads = crowd.come(4)
    wait_until(lambda: crowd.gate.is_full)
    threads += crowd.come(2)
    wait_until(lambda: crowd.turned_away == 2)
    crowd.opened.set()
    for thread in threads:
        thread.join(20)
    assert crowd.most == 1
    assert not crowd.gate.is_full


def fall_over_in(gate: Gate) -> None:
    with gate.turn():
        assert gate.is_full
        raise ZeroDivisionError


def test_a_gate_opens_again_after_an_error_inside() -> None:
    gate = Gate(waiting_limit=0)
    with pytest.raises(ZeroDivisionError):
        fall_over_in(gate)
    assert not gate.is_full


def hold_a_slot(folder: Path, entered: Event, leave: Event) -> None:
    with Gate(folder=folder, slots=1).turn():
        entered.set()
        leave.wait(30)


def test_processes_of_one_host_share_its_slots_and_a_killed_one_gives_its_slot_back(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    entered, leave = spawn.Event(), spawn.Event()
    other = spawn.Process(target=hold_a_slot, args=(tmp_path, entered, leave))
    other.start()
    assert entered.wait(30)
    crowd = Crowd(Gate(folder=tmp_path, slots=1))
    crowd.opened.set()
    (thread,) = crowd.come(1)
    time.sleep(0.1)
    assert crowd.most == 0
    with Gate(folder=tmp_path, slots=2).turn():  # a second slot is free at once
        pass
    other.kill()
    thread.join(20)
    other.join(20)
    assert crowd.most == 1


def test_all_derivations_of_a_process_go_through_the_shared_gate() -> None:
    before, gate = current_gate(), Gate(waiting_limit=0)
    share_gate(gate)
    try:
        assert current_gate() is gate
        with gate.turn(), pytest.raises(Busy):
            derived()
        assert derived().stored
    finally:
        share_gate(before)


def test_a_generated_passphrase_is_drawn_from_the_pinned_list() -> None:
    drawn = words.generate_passphrase(6).split()
    assert len(drawn) == 6
    assert set(drawn) <= set(words.passphrase_words())
    assert len(words.passphrase_words()) == 7776
    assert len({words.generate_passphrase() for _ in range(200)}) == 200


def test_every_word_of_the_list_is_drawn_about_equally_often() -> None:
    position = {word: at for at, word in enumerate(words.passphrase_words())}
    drawn = [position[word] for word in words.generate_passphrase(7776).split()]
    quarters = [sum(at // 1944 == quarter for at in drawn) for quarter in range(4)]
    assert all(1700 < count < 2200 for count in quarters)


def test_the_spoken_list_has_8192_words_that_begin_with_the_long_list() -> None:
    spoken = words.spoken_list()
    assert len(set(spoken)) == 8192
    assert spoken[:7776] == words.passphrase_words()
    assert list(spoken[7776:]) == sorted(spoken[7776:])


@given(st.binary(min_size=10, max_size=40))
def test_six_words_say_the_first_78_bits(digest: bytes) -> None:
    position = {word: at for at, word in enumerate(words.spoken_list())}
    number = 0
    for word in words.spoken_words(digest):
        number = number * 8192 + position[word]
    assert f"{number:078b}" == "".join(f"{byte:08b}" for byte in digest)[:78]


def test_a_digest_of_less_than_78_bits_is_not_read_aloud() -> None:
    with pytest.raises(ValueError):
        words.spoken_words(bytes(9))


def test_a_word_list_that_changed_is_refused() -> None:
    with pytest.raises(RuntimeError):
        words._pinned(["one", "two"], 2, words.LONG_LIST_SHA256)


def test_a_sign_in_name_is_two_words_and_two_digits() -> None:
    for _ in range(50):
        first, second, digits = words.new_sign_in_name().split("-")
        assert {first, second} <= set(words.passphrase_words())
        assert 10 <= int(digits) <= 99


@pytest.mark.parametrize(
    ("passphrase", "generated", "acceptable", "bits"),
    [
        ("stung untimed motto obedient", True, True, 51),
        ("stung untimed motto obedient keg lapel", True, True, 77),
        ("stung untimed motto", True, False, 38),
        ("stung untimed motto obedient", False, True, None),
        ("only 14 chars!", False, False, None),
        (" only 14 chars! ", False, False, None),
        ("fifteen letters", False, True, None),
    ],
)
def test_only_what_was_drawn_has_a_proved_strength(
    passphrase: str, generated: bool, acceptable: bool, bits: int | None
) -> None:
    assert words.strength_of(passphrase, generated=generated) == words.Strength(acceptable, bits)
