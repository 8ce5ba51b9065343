"""shared/settings.py: the environment, read once, complete or not at all."""

from dataclasses import dataclass

import pytest

from shared.settings import MissingSetting, settings_of


@dataclass(frozen=True, slots=True)
class Settings:
    orders_table: str
    unpaid_minutes: int


def test_texts_and_numbers_are_read_by_their_names_in_capitals():
    assert settings_of(Settings, {"ORDERS_TABLE": "t", "UNPAID_MINUTES": "60", "OTHER": "x"}) == Settings("t", 60)


def test_everything_that_is_missing_is_named_at_once():
    with pytest.raises(MissingSetting, match="ORDERS_TABLE, UNPAID_MINUTES"):
        settings_of(Settings, {})


def test_a_number_that_is_none_stops_the_start():
    with pytest.raises(ValueError, match="soon"):
        settings_of(Settings, {"ORDERS_TABLE": "t", "UNPAID_MINUTES": "soon"})
