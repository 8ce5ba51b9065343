"""shared/trade/words.py: what counts as a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.trade.words import phrase, spaced, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Red RETROSPOT Mug", ["red", "retrospot", "mug"]),
        ("桑蚕丝丝巾", ["桑", "蚕", "丝", "丝", "巾"]),
        ("iPhone手机壳", ["iphone", "手", "机", "壳"]),
        ("Café crème", ["cafe", "creme"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("ＦＵＬＬ ｗｉｄｔｈ", ["full", "width"]),
        ("がぎ ハンカチ", ["が", "ぎ", "ハ", "ン", "カ", "チ"]),
        ("한복", ["한", "복"]),
        ("T-shirt, 2-pack (35mm)", ["t", "shirt", "2", "pack", "35mm"]),
        ("snake_case", ["snake", "case"]),
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
    ],
)
def test_a_phrase_is_found_whole_and_in_its_order(wanted: str, title: str, is_in: bool):
    assert (phrase(wanted) in spaced(title)) is is_in


@given(st.text(max_size=60))
def test_the_words_of_words_are_the_same_words(text: str):
    assert words(" ".join(words(text))) == words(text)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_text_is_found_in_whatever_contains_it_between_spaces(text: str, other: str):
    assert spaced(text).strip() in spaced(f"{other} {text} {other}")
