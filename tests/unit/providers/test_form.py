"""A form from elsewhere holds a merchant's config as its own model would: secrets hidden, bounds kept, nothing unknown taken."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, SecretStr, ValidationError

from monsoon_plugin.courier import CarrierConfig
from monsoon_plugin.plugin import Config, form_of
from shared.providers.elsewhere.form import model_of


class Account(BaseModel):
    number: str = Field(pattern=r"^[0-9]{4}$")
    token: SecretStr | None = None


class Form(Config):
    region: Literal["eu", "us"] = "eu"
    key: SecretStr = Field(min_length=4)
    retries: int = Field(default=1, ge=0, le=3)
    accounts: list[Account] = Field(default=[], max_length=2)
    labels: dict[str, str] = Field(default={})
    note: Annotated[str, Field(max_length=5)] | None = None


GOOD = {"key": "right", "accounts": [{"number": "1234", "token": "tok_hidden"}], "labels": {"a": "b"}}
MODEL = model_of(form_of(Form))


def test_what_the_models_own_form_takes_is_taken_and_read_alike():
    assert MODEL.model_validate(GOOD).model_dump(mode="json") == Form.model_validate(GOOD).model_dump(mode="json")


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "no"}, {"retries": 4}, {"retries": 1.5}, {"region": "cn"},
        {"accounts": [{"number": "12"}]}, {"more": 1}, {"note": "longer"},
        {"accounts": [GOOD["accounts"][0]] * 3}, {"accounts": [{"number": "1234", "more": 1}]}, {"labels": {"a": 1}},  # type: ignore[index]
    ],
)  # fmt: skip
def test_what_breaks_a_bound_is_refused_and_so_is_what_the_form_does_not_name(wrong: dict[str, Any]):
    with pytest.raises(ValidationError):
        MODEL.model_validate(GOOD | wrong)
    with pytest.raises(ValidationError):
        MODEL.model_validate({name: value for name, value in GOOD.items() if name != "key"})


def test_secrets_are_hidden_at_any_depth_and_marked_in_the_form_that_is_shown():
    held = MODEL.model_validate(GOOD)
    assert "right" not in repr(held)
    assert "tok_hidden" not in repr(held)
    assert form_of(MODEL)["properties"]["key"]["writeOnly"] is True
    assert model_of({"properties": {"pin": {"type": "string", "format": "password"}}}).model_fields["pin"].annotation == SecretStr | None


def test_a_courier_keeps_the_sender_that_its_host_reads():
    class Courier(CarrierConfig):
        key: SecretStr

    made = model_of(form_of(Courier), CarrierConfig)
    assert issubclass(made, CarrierConfig)
    assert not issubclass(model_of(form_of(Form), CarrierConfig), CarrierConfig)


def test_a_number_that_is_no_integer_stays_a_text():
    made = model_of({"properties": {"rate": {"type": "number"}}})
    with pytest.raises(ValidationError):
        made.model_validate({"rate": 0.1})
    assert made.model_validate({"rate": "0.10"}).model_dump() == {"rate": "0.10"}
