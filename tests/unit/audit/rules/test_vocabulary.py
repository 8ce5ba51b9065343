import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.audit.rules.vocabulary import Vocabulary
from shared.trade.listed_terms import as_read


def found(text: str, *terms: str) -> list[str]:
    return [match.term for match in Vocabulary((term, 0) for term in terms).matches(as_read(text))]


def test_a_word_counts_whole_and_whatever_its_case():
    assert found("BRASS Glass Class", "ass") == []
    assert found("Set of 3 ASS colours", "ass") == ["ass"]
    assert found("Ｐｉｓｔｏｌ", "pistol") == ["pistol"]


def test_a_character_that_nobody_sees_hides_no_word():
    assert found("pis\u200btol, pi\u00adstol", "pistol") == ["pistol", "pistol"]


def test_accents_tell_words_apart_unless_the_text_is_written_without_any():
    assert found("regalo de año nuevo", "ano") == []
    assert found("sal del ano", "ano") == ["ano"]
    assert found("lon bia Sài Gòn", "lồn") == []
    assert found("el cabron", "cabrón") == found("el cabrón", "cabrón") == ["cabrón"]


def test_traditional_and_simplified_characters_and_both_kana_are_one():
    assert found("軍用腰帶", "军用") == found("军用腰带", "軍用") == ["军用"]
    assert found("ピストル 黒", "ぴすとる") == ["ぴすとる"]


def test_vowels_that_are_marks_belong_to_their_words():
    assert found("हिन्दी किताब", "किताब") == ["किताब"]
    assert found("हिन्दी किताब", "कताब", "त") == []


def test_a_plural_in_the_text_matches_a_singular_term_but_not_the_other_way():
    assert found("cocktail swords, wooden boxes and panties", "sword", "box", "panty") == ["sword", "box", "panty"]
    assert found("a disco ball", "balls") == []


def test_the_longest_phrase_wins_and_hides_what_it_covers():
    assert found("water pistol, pistol", "pistol", "water pistol") == ["water pistol", "pistol"]


def test_a_phrase_does_not_reach_over_a_comma_but_over_a_hyphen():
    assert found("white, power", "white power") == []
    assert found("white-power", "white power") == ["white power"]


def test_chinese_terms_match_inside_a_text_without_spaces_the_longest_first():
    assert found("户外军用水壶", "军用", "军用水壶") == ["军用水壶"]
    assert found("军用腰带", "军用", "军用水壶") == ["军用"]


def test_a_lone_chinese_character_counts_only_alone():
    assert found("日本茶碗", "日") == []
    assert found("今 日 !", "日") == ["日"]


def test_latin_ends_of_a_chinese_term_are_words_ends():
    assert found("出售c4炸药", "c4炸药") == ["c4炸药"]
    assert found("abc4炸药", "c4炸药") == []
    assert found("玩具gun模型", "gun") == ["gun"]


def test_terms_with_signs_are_looked_for_as_they_are_written():
    assert found("sizes S, M, L", "s&m") == []
    assert found("the s&m shop", "s&m") == ["s&m"]


def test_the_last_noun_of_a_name_is_its_head():
    heads = {
        text: next(m.is_head for m in Vocabulary([("match", 0), ("火柴", 0)]).matches(as_read(text)))
        for text in ("cigar box matches", "match holder", "matches in a tin", "matches, long", "matches 40 pcs", "火柴", "火柴盒")
    }
    assert heads == {
        "cigar box matches": True, "match holder": False, "matches in a tin": True, "matches, long": True, "matches 40 pcs": True,
        "火柴": True, "火柴盒": False,
    }  # fmt: skip


@pytest.mark.thorough
@given(st.lists(st.text(max_size=12), max_size=8), st.text(max_size=80))
@example(["'"], "it's")
def test_any_list_and_any_text_give_matches_that_lie_in_the_text(terms: list[str], text: str):
    folded = as_read(text)
    for match in Vocabulary((term, 0) for term in terms).matches(folded):
        assert 0 <= match.start < match.end <= len(folded)


@given(st.sampled_from(["pistol", "军用水壶", "brass knuckles"]), st.text(max_size=20), st.text(max_size=20))
def test_a_term_between_signs_is_always_found(term: str, before: str, after: str):
    assert term in found(f"{before} . {term} . {after}", term)
