"""What the others are told of a picture that is hidden, and that comes back."""

from typing import get_args

import pytest

from functions.pictures.places.picture import Picture, after_reading, brought_back, event_of, hidden
from functions.pictures.takedowns.ground import Ground, words_of
from shared.pictures.picture_messages import PictureHidden, PictureShown
from shared.pictures.shown_picture import ShownPicture, content_id

SHOWN = ShownPicture(content=content_id("a" * 64), width=3, height=2, colour="#102030", blur="AA==")
READ = after_reading(Picture(account_id="acc_1", id="pic_1", sha256="a" * 64), SHOWN)


def test_a_hidden_picture_is_told_by_its_content_and_the_ground_and_later_than_it_was_shown() -> None:
    told = event_of(hidden(READ, "trademark"))
    assert isinstance(told, PictureHidden)
    assert (told.picture_id, told.content, told.code, told.version) == ("pic_1", SHOWN.content, "trademark", 2)
    assert (told.reason, told.reason_zh) == (words_of("trademark", "en"), words_of("trademark", "zh"))


def test_one_that_comes_back_is_shown_as_it_was_and_later_than_it_was_hidden() -> None:
    told = event_of(brought_back(hidden(READ, "trademark")))
    assert isinstance(told, PictureShown)
    assert (told.shown, told.version) == (SHOWN, 3)


@pytest.mark.parametrize("ground", get_args(Ground))
def test_each_ground_has_its_words_in_both_languages(ground: Ground) -> None:
    assert words_of(ground, "en") != words_of(ground, "zh")
