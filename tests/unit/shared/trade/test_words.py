"""shared/trade/words.py: what counts as a word."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.trade.folding import table
from shared.trade.words import ASCII_JOINERS, joined, phrases, readings, runs, spaced, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Red RETROSPOT Mug", ["red", "retrospot", "mug"]),
        ("桑蚕丝丝巾", ["桑", "蚕", "丝", "丝", "巾"]),
        ("iPhone手机壳", ["iphone", "手", "机", "壳"]),
        ("Café crème", ["cafe", "creme"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("ＦＵＬＬ ｗｉｄｔｈ", ["full", "width"]),
        ("がぎ ハンカチ", ["が", "ぎ", "は", "ん", "か", "ち"]),
        ("한복", ["한", "복"]),
        ("T-shirt, 2-pack (35mm)", ["t", "shirt", "2", "pack", "35", "mm"]),
        ("snake_case", ["snake", "case"]),
        ("WH-1000XM4", ["wh", "1000", "xm", "4"]),
        ("हिन्दी किताब", ["हिन्दी", "किताब"]),
        ("แก้วน้ำ", ["แ", "ก้", "ว", "น้ํ", "า"]),
        ("٤٥٠ ml", ["450", "ml"]),
        ("—!?*", []),
        ("", []),
    ],
)
def test_words_are_found_in_every_script(text: str, found: list[str]):
    assert words(text) == found


@pytest.mark.parametrize(
    ("wanted", "title", "is_in"),
    [
        ("丝巾", "桑蚕丝丝巾", True),
        ("丝巾", "丝绸方巾", False),
        ("silk scarf", "Long Silk-Scarf", True),
        ("scarf silk", "Long Silk-Scarf", False),
        ("ass", "Assorted mugs", False),
        ("mug", "mugs", False),
        ("tshirt", "Red T-Shirt", True),
        ("T-shirt", "red tshirt", True),
        ("shirt", "Red T-Shirt", True),
        ("red t-shirt", "Red TShirt", True),
        ("oneill", "O'Neill wetsuit", True),
        ("450ml", "Flask 450 ml", True),
        ("450 ml", "Flask 450ml", True),
        ("แก้ว", "แก้วน้ำสแตนเลส", True),
        ("かばん", "革のカバン", True),
        ("がめ", "カメラ", False),
    ],
)
def test_a_phrase_is_found_whole_and_in_its_order(wanted: str, title: str, is_in: bool):
    assert any(way in spaced(title) for way in phrases(wanted)) is is_in


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("T-shirt", [["t", "shirt"], ["tshirt"]]),
        ("O’Neill", [["o", "neill"], ["oneill"]]),
        ("l'eau", [["l", "eau"], ["leau"]]),
        ("size 10-20", [["size", "10", "20"]]),
        ("tshirt", [["tshirt"]]),
        ("?", [[]]),
    ],
)
def test_what_a_sign_joins_reads_in_two_ways(text: str, ways: list[list[str]]):
    assert readings(text) == ways


def test_plain_texts_are_joined_by_the_tables_signs():
    assert set(ASCII_JOINERS) == {sign for sign in re.sub(r"\\\\", "", table().joiners) if sign.isascii()} - {"\\"}


@given(st.text(alphabet="aB9'-.:_ ", max_size=20))
def test_plain_texts_read_as_they_do_beside_others(text: str):
    assert words(text) == [word for word in words(f"{text} 丝") if word != "丝"]
    assert joined(text) == joined(f"{text} 丝")[:-2]


def test_words_that_stand_together_are_one_run():
    assert runs("450ml iPhone14手机壳, がら") == [["450", "ml"], ["iphone", "14"], ["手", "机", "壳"], ["が", "ら"]]


@given(st.text(max_size=60))
def test_the_words_of_words_are_the_same_words(text: str):
    assert words(" ".join(words(text))) == words(text)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_text_is_found_in_whatever_contains_it_between_spaces(text: str, other: str):
    assert all(way in spaced(f"{other} {text} {other}") for way in phrases(text))
