"""No owner makes a page that nobody reads."""

from hypothesis import given
from hypothesis import strategies as st

from shared.pages.theme import DARK, ENOUGH, LIGHT, contrast, css, on, readable

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS)
def test_any_accent_is_read_on_light_and_on_dark_and_its_buttons_are_read_too(accent: str):
    for ground in (LIGHT, DARK, "#ffffff", "#131518"):
        if ground in (LIGHT, DARK):
            assert contrast(readable(accent, ground), ground) >= ENOUGH
    assert contrast(readable(accent, LIGHT), "#ffffff") >= ENOUGH
    assert contrast(readable(accent, DARK), "#131518") >= ENOUGH
    assert contrast(on(accent), accent) >= ENOUGH


def test_contrast_is_wcags():
    assert (round(contrast("#000000", "#ffffff"), 2), contrast("#777777", "#777777")) == (21, 1)
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_an_accent_that_is_read_already_stays_as_it_was_chosen():
    assert readable("#0b3d91", LIGHT) == "#0b3d91"


def test_the_styles_own_tokens_are_read_on_both_their_grounds():
    for text in ("#1d1f22", "#5b6067", "#17663a", "#a3271b"):
        assert text in css()
        assert contrast(text, LIGHT) >= ENOUGH
    for text in ("#eceae5", "#a9adb3", "#6fcf97", "#ff9d91"):
        assert text in css()
        assert contrast(text, DARK) >= ENOUGH


def test_the_style_is_small_and_loads_nothing():
    assert len(css().encode()) <= 8 * 1024
    assert "url(" not in css()
    assert "@import" not in css()
    assert "/*" not in css()
