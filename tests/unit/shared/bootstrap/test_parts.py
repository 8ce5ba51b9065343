"""The rule behind every bootstrap: a part is lazy, made once, replaceable by its name; a wrong name is an error."""

import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property

import pytest

from shared.bootstrap.parts import Parts
from shared.settings import MissingSetting
from tests.conftest import ROOT


@dataclass(frozen=True, slots=True)
class Settings:
    lamp_table: str


@dataclass(frozen=True, slots=True)
class MoreSettings(Settings):
    lamp_watts: int


@dataclass(frozen=True, slots=True)
class OtherSettings:
    lamp_queue: str


class Lamp:
    made = 0

    def __init__(self, table: str) -> None:
        Lamp.made += 1
        self.table = table


class Lamps(Parts):
    @cached_property
    def lamp(self) -> Lamp:
        return Lamp(self.settings(Settings).lamp_table)


class Services(Lamps):
    @cached_property
    def pair(self) -> tuple[Lamp, Lamp]:
        return self.lamp, self.lamp

    def shine(self) -> str:
        return self.lamp.table


@pytest.fixture(autouse=True)
def none_made() -> None:
    Lamp.made = 0


def test_nothing_is_made_or_read_before_it_is_asked_for() -> None:
    services = Services()
    assert Lamp.made == 0
    with pytest.raises(MissingSetting, match="LAMP_TABLE"):
        _ = services.lamp


def test_a_part_is_made_once() -> None:
    services = Services(Settings("t"))
    assert services.lamp is services.lamp is services.pair[0]
    assert Lamp.made == 1


def test_a_given_part_serves_instead_and_the_usual_one_is_never_made() -> None:
    lamp = Lamp("given")
    services = Services(lamp=lamp)
    assert services.pair == (lamp, lamp)
    assert Lamp.made == 1


@pytest.mark.parametrize("name", ["lamb", "shine", "settings", "made"])
def test_what_is_no_part_is_refused_by_its_name(name: str) -> None:
    """A misspelled part, a method, and what is given by its place alone."""
    with pytest.raises(TypeError, match=rf"has no part {name}$"):
        Services(**{name: None}, clock=None)


def test_the_time_is_a_part_of_every_service() -> None:
    assert Services(clock=max).clock is max
    assert Services().clock().tzinfo is not None


def test_given_settings_serve_whoever_asks_for_their_class_or_one_that_it_extends() -> None:
    services = Services(OtherSettings("q"), MoreSettings("t", 60))
    assert services.settings(Settings) is services.settings(MoreSettings)
    assert (services.shine(), services.settings(OtherSettings).lamp_queue) == ("t", "q")


def test_what_was_not_given_is_read_from_the_environment_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMP_WATTS", "60")
    monkeypatch.setenv("LAMP_TABLE", "of the environment")
    services = Services(Settings("given"))
    assert services.settings(MoreSettings) == MoreSettings("of the environment", 60)
    monkeypatch.delenv("LAMP_WATTS")
    assert services.settings(MoreSettings).lamp_watts == 60
    assert services.lamp.table == "given"


def test_the_rule_brings_no_library_along() -> None:
    """Whoever needs no signing secret, table or model imports none for it: publish runs on every change of a table."""
    asked = "import sys, shared.bootstrap.parts; print(*{name.partition('.')[0] for name in sys.modules})"
    path = {"PYTHONPATH": f"{ROOT}:{ROOT}/sdk"}
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, env=path, stdout=subprocess.PIPE, text=True, check=True).stdout
    assert not {"boto3", "botocore", "pynamodb", "pydantic", "jwt", "aws_lambda_powertools"} & set(told.split())
