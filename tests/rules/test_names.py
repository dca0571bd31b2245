"""A name is found however it is written; how it was typed is nobody's business but hers."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.names import MOST_TOKENS, mixed_script_words, name_groups, normalise, particles, read_name
from shelter.rules.names_chinese import PINYIN, joined_readings, pinyin_readings
from shelter.rules.names_keys import MOST_KEYS, keys_by_token, name_keys, skeleton, token_keys

SHARED_NAMES = Path(__file__).parents[3] / "shared" / "data" / "names"


@given(st.text(max_size=60))
def test_normalising_gives_plain_latin_tokens_and_twice_is_once(typed: str) -> None:
    once = normalise(typed)
    assert normalise(once) == once
    assert all(character == " " or (character.isascii() and character.isalnum()) for character in once)
    assert once == once.lower().strip()
    assert len(once.split()) <= MOST_TOKENS


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  María-José   de la CRUZ ", "maria jose de la cruz"),
        ("O’Brien, Seán", "obrien sean"),
        ("Nguyễn Thị Ngọc", "nguyen thi ngoc"),
        ("Соколо́в Сергей", "sokolov sergey"),
        ("Щербаков", "shcherbakov"),
        ("محمد", "mhmd"),
        ("王小玲", "wang xiao ling"),
        ("김민지", "gim min ji"),
        ("Straße", "strasse"),
        ("ＭＡＲＩＡ", "maria"),
        ("İbrahim", "ibrahim"),
        ("Mar\u200bia", "maria"),
        ("Jane_Doe", "jane doe"),
        ("प्रिया", "priya"),
        ("—", ""),
    ],
)
def test_names_of_many_scripts_become_latin_tokens_in_typed_order(typed: str, expected: str) -> None:
    assert normalise(typed) == expected


def test_a_memo_changes_no_reading() -> None:
    memo: dict[str, object] = {}
    for typed in ("Ch’ien Wei", "Ayşe Çağla", "Ch’ien Wei", "José", "José"):
        assert read_name(typed, memo) == read_name(typed)  # type: ignore[arg-type]  # an empty one of any kind


@pytest.mark.parametrize(
    "spellings",
    [
        "Muhammad Mohamed Mohammed Mohammad Muhamad محمد",
        "Yusuf Youssef Yousef Yusef يوسف Iosif",
        "Xiaoling Hsiao-ling 小玲",
        "Nguyễn Nguyen Nguyên",
        "Katya Katia Katja",
        "González Gonzalez Gonzales",
        "Aleksandr Alexander Александр",
        "Sergei Sergey Sergej Сергей Serguei",
        "Fatima Fatimah فاطمة Fathima",
        "Hussein Hussain Husayn حسين",
        "Aisha Ayesha Aysha عائشة Ayşe",
        "Abdullah Abdallah Abdulla عبدالله",
        "Alhassan Al-Hassan al_Hassan",
        "Khalid Khaled خالد",
        "Nour Nur Noor نور",
        "Sokolov Sokoloff Соколов",
        "Shcherbakov Scherbakov Щербаков",
        "Yelena Elena Елена",
        "Yulia Yuliya Iuliia Юлия",
        "Xu Hsu 徐",
        "Li Lee 李",
        "Zhang Chang 張",
        "Junjie Chun-chieh 俊傑",
        "Ch'en Chen 陳",
        "Delacruz de_la_Cruz",
        "Esteban Estevan",
        "Katherine Catherine Kathryn",
        "Sarah Sara",
        "John Jon Jhon",
    ],
)
def test_spellings_of_one_name_share_a_key(spellings: str) -> None:
    keys = {word: set(name_keys(read_name(word.replace("_", " ")))) for word in spellings.split()}
    for one in keys:
        for other in keys:
            assert keys[one] & keys[other], (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wang", "Huang"),
        ("Wang", "Wan"),
        ("Maria", "Marta"),
        ("Li", "Lu"),
        ("Xu", "Xi"),
        ("Lin", "Ling"),
        ("Dina", "Tina"),
        ("Ivanov", "Ivanenko"),
        ("Lopez", "Lozano"),
        ("Hernandez", "Fernandez"),
        ("Nguyen", "Nunez"),
    ],
)
def test_names_that_are_not_one_keep_keys_apart(one: str, other: str) -> None:
    assert not set(name_keys(read_name(one))) & set(name_keys(read_name(other)))


@pytest.mark.parametrize(
    ("short", "full"),
    [("Pepe", "José"), ("Lupita", "Guadalupe"), ("Bill", "William"), ("Chuy", "Jesús"), ("Katie", "Catherine")],
)
def test_a_nickname_shares_a_key_with_its_name(short: str, full: str) -> None:
    assert set(name_keys(read_name(short))) & set(name_keys(read_name(full)))


def test_particles_have_no_keys_and_every_listed_word_is_a_normal_token() -> None:
    assert all(token_keys(particle) == () for particle in particles())
    for member, heads in name_groups().items():
        assert normalise(member) == member
        assert heads


@given(st.text(max_size=40))
def test_any_text_has_few_keys_and_one_list_of_them_per_token(typed: str) -> None:
    name = read_name(typed)
    keys = name_keys(name)
    assert len(keys) == len(set(keys)) <= MOST_KEYS
    assert all(key and " " not in key and "\n" not in key and key.isascii() for key in keys)
    assert len(keys_by_token(name)) == len(name.tokens)


@given(st.text("bcdfghjklmnprstvz", min_size=1, max_size=6), st.sampled_from("aeiou"))
def test_doubled_letters_and_other_vowels_keep_the_skeleton(consonants: str, vowel: str) -> None:
    token = "".join(consonant + vowel for consonant in consonants)
    doubled = "".join(consonant * 2 + vowel for consonant in consonants)
    assert skeleton(token) == skeleton(doubled)


def test_wade_giles_is_read_as_pinyin_with_and_without_its_apostrophe() -> None:
    assert "xiao" in pinyin_readings("hsiao")
    assert "zhang" in pinyin_readings("chang")
    assert pinyin_readings("ts'ai") == ("cai",)
    assert "xiaoling" in joined_readings(("hsiao", "ling"))
    assert pinyin_readings("smith") == ()
    assert all(reading in PINYIN for token in ("tseng", "chih", "kuo", "yung") for reading in pinyin_readings(token))


def test_a_word_of_mixed_look_alike_scripts_is_named_and_left_as_it_is() -> None:
    assert mixed_script_words("M\u0430ria L\u00f3pez") == ("M\u0430ria",)
    assert mixed_script_words("Мария López 王小玲 O'Brien") == ()
    assert normalise("Мария") == "mariya"


@pytest.mark.skipif(not SHARED_NAMES.is_dir(), reason="the shared name lists are not on this machine")
def test_keys_tell_most_of_the_worlds_common_names_apart() -> None:
    names: set[str] = set()
    for file in SHARED_NAMES.glob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            names |= {normalise(row["Romanized Name"]) for row in csv.DictReader(lines)}
    single = [name for name in names if name and " " not in name]
    holders = Counter(key for name in single for key in name_keys(read_name(name)))
    assert len(single) > 3000
    sharing = sum(max(holders[key] for key in name_keys(read_name(name)) or ("",)) for name in single) / len(single)
    assert sharing < 20, "a name shares its commonest key with this many others on average"
