"""What the emulator holds less of says the same."""

from types import SimpleNamespace
from typing import Any

import pytest
from ministack.services import lambda_svc

from local.mendings.holding.lean import Digest, metadata_of, share_code, store_digests

ASKED = {"TransactItems": [{"Put": {"TableName": "orders", "Item": {"pk": {"S": "a"}, "n": {"N": "1"}}}}]}


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"TransactItems": [{"Put": {"Item": {"n": {"N": "1"}, "pk": {"S": "a"}}, "TableName": "orders"}}]}, True),
        ({"TransactItems": [{"Put": {"TableName": "orders", "Item": {"pk": {"S": "a"}, "n": {"N": "2"}}}}]}, False),
        ({}, False),
    ],
)
def test_a_token_is_for_what_was_asked_with_it_and_for_nothing_else(other: Any, same: bool):
    kept: dict[str, Any] = {}
    store_digests(kept.__setitem__)("token", {"signature": ASKED, "response": {}})
    assert (kept["token"]["signature"] == other) is same
    assert kept["token"]["response"] == {}
    assert (Digest(ASKED) == Digest(other)) is same


def test_of_a_services_model_its_metadata_stays():
    model = SimpleNamespace(metadata={"protocol": "json"}, shapes="10 MB")
    found = metadata_of({"dynamodb": model}.get)
    assert vars(found("dynamodb")) == {"metadata": {"protocol": "json"}}
    assert found("dynamodb") is found("dynamodb")
    assert found("no service") is None


def test_functions_of_one_service_hold_its_code_once():
    names = ("lean-app", "lean-worker", "lean-other")
    for name, code in zip(names, (b"one code", bytes(bytearray(b"one code")), b"another"), strict=True):
        lambda_svc._functions[name] = {"code_zip": code, "versions": {"1": {"code_zip": bytes(bytearray(code))}}}
    try:
        share_code()
        app, worker, other = (lambda_svc._functions[name] for name in names)
        assert app["code_zip"] is worker["code_zip"] is app["versions"]["1"]["code_zip"]
        assert (app["code_zip"], other["code_zip"]) == (b"one code", b"another")
    finally:
        for name in names:
            del lambda_svc._functions[name]
