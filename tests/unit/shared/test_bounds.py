"""What was kept under wider bounds still loads; whatever people say, the event fits."""

from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from monsoon_plugin.address import Address
from shared.bounds.fields import Reason
from shared.bounds.kept import kept


class Inner(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, defer_build=True)
    le: Annotated[str, Field(max_length=3)]
    counts: dict[Annotated[str, Field(max_length=2)], Annotated[int, Field(ge=0, le=5)]] = Field(default={}, max_length=1)


class Outer(BaseModel):
    model_config = ConfigDict(frozen=True, defer_build=True)
    inner: Inner
    list: tuple[Inner, ...] = Field(default=(), max_length=1)


class Told(BaseModel):
    reason: Reason


LONG = {"inner": {"le": "abcd", "counts": {"abc": 6, "d": 7}}, "list": [{"le": "x"}, {"le": "y"}]}


def test_what_exceeds_todays_bounds_still_loads_as_the_same_model():
    with pytest.raises(ValidationError):
        Outer.model_validate(LONG)
    found = kept(Outer, LONG)
    assert type(found.inner) is Inner
    assert (found.inner.le, found.inner.counts, len(found.list)) == ("abcd", {"abc": 6, "d": 7}, 2)


@pytest.mark.parametrize("wrong", [{"inner": {"le": 1}}, {"inner": {"le": "x", "counts": {"a": -1}}}, {}])
def test_what_is_wrong_otherwise_is_refused_as_before(wrong: dict[str, object]):
    with pytest.raises(ValidationError):
        kept(Outer, wrong)


def test_an_address_of_another_time_still_loads():
    old = {"name": "A", "lines": ["x" * 240_000] * 6, "city": "B", "country": "GB"}
    assert kept(Address, old).lines == old["lines"]


def test_a_providers_endless_words_are_cut_not_refused():
    assert len(Told(reason="\U0001f600" * 5000).reason) == 2000
