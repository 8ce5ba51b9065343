"""The template with another OIDC issuer: no user pool is made, nothing asks for one, and the door hears of the issuer."""

import json
from typing import Any

import pytest

from infra.templates import functions, template

ISSUER = {"OidcIssuer": "https://id.example", "OidcKeysUrl": "https://id.example/keys", "OidcAudience": "https://api.hub.example"}


def settled(value: Any, own_pool: bool) -> Any:
    """`value` with what depends on OwnPool decided."""
    if isinstance(value, list):
        return [one for one in (settled(each, own_pool) for each in value) if one != {"Ref": "AWS::NoValue"}]
    if not isinstance(value, dict):
        return value
    if value.get("Fn::If", [""])[0] == "OwnPool":
        return settled(value["Fn::If"][1 if own_pool else 2], own_pool)
    return {name: settled(each, own_pool) for name, each in value.items()}


def parts(own_pool: bool) -> dict[str, Any]:
    """The template's resources and outputs that are made then."""
    made = {**template()["Resources"], **template()["Outputs"]}
    return {name: settled(body, own_pool) for name, body in made.items() if own_pool or body.get("Condition") != "OwnPool"}


def test_without_a_pool_nothing_names_one():
    assert "Identity" in parts(own_pool=True)
    said = {name: json.dumps(body).replace("EmailIdentity", "").replace("MailIdentity", "") for name, body in parts(own_pool=False).items()}
    left = {name for name, body in said.items() if "Identity" in body or "cognito" in body}
    assert left == set()


@pytest.mark.parametrize("own_pool", [True, False])
def test_the_door_and_the_accounts_derive_ids_from_one_issuer(own_pool: bool):
    told = [
        settled(functions()[name]["Environment"]["Variables"]["TOKEN_ISSUER"], own_pool) for name in ("AuthorizerFunction", "AccountsApi")
    ]
    assert told[0] == told[1]
    assert own_pool or told[0] == {"Ref": "OidcIssuer"}


def test_every_parameter_of_an_issuer_reaches_the_door():
    variables = settled(functions()["AuthorizerFunction"]["Environment"]["Variables"], own_pool=False)
    told = {value["Ref"] for value in variables.values() if "Ref" in value}
    parameters = {name for name in template()["Parameters"] if name.startswith("Oidc")}
    assert parameters == told


def test_an_issuer_without_keys_or_audience_is_no_deployment():
    rule = template()["Rules"]["AnIssuerIsToldWhole"]
    asked = json.dumps([each["Assert"] for each in rule["Assertions"]])
    assert [name for name in ISSUER if name != "OidcIssuer" and name not in asked] == []
