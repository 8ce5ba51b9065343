"""The operator's functions: what Lambda's errors mean for a change and for a question, and plug-ins that only their function knows."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from pydantic import Field, SecretStr, ValidationError

from functions.payments.plugins.bank_transfer.plugin import BankTransfer
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import AnyData, Capability, PaymentPlugin
from monsoon_plugin.plugin import Config, Ctx, Manifest
from monsoon_plugin.serving import Served, lambda_handler
from shared.errors import Invalid, Unavailable
from shared.providers.elsewhere.by_function import ByFunction
from shared.providers.elsewhere.operator_plugins import Family, Functions, arns, listed
from shared.providers.elsewhere.remote import Capabilities
from shared.providers.registry import NotOffered, lock

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:monsoon-plugin-acme"
FAMILY = Family("payment", PaymentPlugin, Capability, confirmation=AnyData)
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


class AcmeConfig(Config):
    account: str = Field(max_length=8)
    key: SecretStr


class Acme(BankTransfer):
    manifest = Manifest(
        id="acme",
        version="2.1",
        api=1,
        kind="payment",
        name={"en": "Acme"},
        allowed_hosts=("api.acme.example",),
        timeout=timedelta(seconds=7),
    )
    config_model = AcmeConfig  # type: ignore[assignment]

    def check_config(self, ctx: Ctx[Any]) -> None:
        if ctx.config.key.get_secret_value() != "right":
            raise PluginError(ErrorKind.CONFIG, "Acme does not know this key")


class Lambda:
    """boto3's client, before one function; `error` is raised, `failure` told, instead of asking it."""

    def __init__(self, error: Exception | None = None, failure: str = "") -> None:
        self.error, self.failure, self.asked = error, failure, []
        self.handler = lambda_handler(Served(PaymentPlugin, [Acme()]))

    def invoke(self, **given: Any) -> Any:
        self.asked.append(given)
        if self.error:
            raise self.error
        told = {"FunctionError": self.failure} if self.failure else {}
        return {"Payload": BytesIO(json.dumps(self.handler(json.loads(given["Payload"]), None)).encode()), **told}


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "Invoke")


def functions(client: Lambda, setting: str = f"payment/acme={ARN}") -> Functions[Any]:
    return Functions(FAMILY, setting, lambda seconds: client)


@pytest.mark.parametrize(
    ("error", "failure", "of_a_change"),
    [
        (refused("TooManyRequestsException"), "", ErrorKind.UNAVAILABLE),
        (refused("AccessDeniedException"), "", ErrorKind.UNAVAILABLE),
        (refused("ServiceException"), "", ErrorKind.OUTCOME_UNKNOWN),
        (EndpointConnectionError(endpoint_url="https://lambda"), "", ErrorKind.UNAVAILABLE),
        (ReadTimeoutError(endpoint_url="https://lambda"), "", ErrorKind.OUTCOME_UNKNOWN),
        (None, "Unhandled", ErrorKind.OUTCOME_UNKNOWN),
    ],
    ids=["throttled", "forbidden", "Lambda failed", "not reached", "too slow", "crashed"],
)
def test_a_change_that_may_have_happened_is_unknown_and_a_question_never(error: Exception | None, failure: str, of_a_change: ErrorKind):
    way = ByFunction(ARN, lambda seconds: Lambda(error, failure))
    for changes, kind in ((True, of_a_change), (False, ErrorKind.UNAVAILABLE)):
        with pytest.raises(PluginError) as lost:
            way.sent(b"{}", 3, changes=changes)
        assert lost.value.kind is kind


def test_the_function_is_waited_for_as_long_as_the_call_may_take():
    asked: list[int] = []
    way = ByFunction(ARN, lambda seconds: asked.append(seconds) or Lambda())  # type: ignore[func-returns-value]
    for seconds in (0.5, 6.2, 90):
        way.sent(b"{}", seconds, changes=True)
    assert asked == [1, 7, 30]


def test_a_plug_in_that_only_its_function_knows_says_what_it_is_and_takes_what_it_asks_for():
    acme = functions(Lambda()).get("acme")
    assert (acme.manifest.id, acme.manifest.version, acme.manifest.timeout) == ("acme", "2.1", timedelta(seconds=7))
    assert acme.capability(None) == BankTransfer().capability(None)
    config = acme.config_model.model_validate({"account": "a1", "key": "right"})
    assert "right" not in repr(config)
    for wrong in ({"account": "a1"}, {"account": "a" * 9, "key": "k"}, {"account": "a1", "key": "k", "more": 1}):
        with pytest.raises(ValidationError):
            acme.config_model.model_validate(wrong)


def test_its_config_is_checked_by_the_function_itself():
    acme = functions(Lambda()).get("acme")
    for key, kind in (("right", None), ("wrong", ErrorKind.CONFIG)):
        ctx = Ctx(
            config=acme.config_model.model_validate({"account": "a1", "key": key}),
            base_url="",
            deadline=NOON + timedelta(seconds=5),
            now=NOON,
        )
        if kind is None:
            acme.check_config(ctx)
        else:
            with pytest.raises(PluginError) as refusal:
                acme.check_config(ctx)
            assert (refusal.value.kind, key in str(refusal.value)) == (kind, False)


def test_a_plug_in_of_the_lock_keeps_its_form_here_and_is_called_there():
    client = Lambda()
    bank = functions(client, f"payment/bank_transfer={ARN}").get("bank_transfer")
    assert bank.config_model is BankTransfer().config_model
    assert not client.asked
    with pytest.raises(PluginError):
        bank.check_config(Ctx(config=bank.config_model.model_construct(), base_url="", deadline=NOON, now=NOON))
    assert [given["FunctionName"] for given in client.asked] == [ARN]


def test_what_the_operator_names_is_known_and_nothing_else():
    known = functions(Lambda())
    assert set(known.ids) == {*lock()["payment"], "acme"}
    with pytest.raises(NotOffered, match="ups"):
        known.get("ups")
    with pytest.raises(Invalid):
        known.require("ups")
    known.require("acme")


def test_a_plug_in_is_listed_with_what_its_function_says_and_left_out_while_it_says_nothing():
    entries = dict(listed("payment", f"payment/acme={ARN}", lambda seconds: Lambda()))
    assert (entries["acme"]["manifest"]["version"], entries["acme"]["form"]["properties"]["key"]["writeOnly"]) == ("2.1", True)
    assert "acme" not in dict(listed("payment", f"payment/acme={ARN}", lambda seconds: Lambda(refused("ResourceNotFoundException"))))


@pytest.mark.parametrize("setting", ["acme", "payment/acme", "payment/acme=here", "post/acme=arn:x", "{}", "payment/Acme=arn:x"])
def test_a_setting_that_cannot_be_read_says_how_to_write_it(setting: str):
    with pytest.raises(ValueError, match="courier/acme=arn"):
        arns("payment", setting)


def test_a_setting_names_any_number_of_functions_of_all_families():
    setting = f"courier/ups={ARN}, payment/acme={ARN},"
    assert (arns("courier", setting), arns("payment", setting), arns("clearing", setting)) == ({"ups": ARN}, {"acme": ARN}, {})


def test_a_function_that_does_not_say_what_it_is_is_unavailable_and_asked_again_next_time():
    client = Lambda(refused("TooManyRequestsException"))
    known = functions(client)
    with pytest.raises(Unavailable):
        known.get("acme")
    client.error = None
    assert known.get("acme").manifest.version == "2.1"
    assert functions(Lambda(refused("ServiceException"))).calls("acme")


def test_what_a_plug_in_could_do_before_counts_while_it_does_not_answer():
    seconds, asked = [0.0], [Capability(methods=["a"], operations=[], captures="at_once")]

    def ask() -> Capability:
        if not asked:
            raise PluginError(ErrorKind.UNAVAILABLE, "the plug-in does not answer")
        return asked.pop()

    known = Capabilities(lambda: seconds[0])
    for seconds[0] in (0.0, 299.0, 301.0, 9999.0):
        assert known.of("ins", ask).methods == ["a"]  # type: ignore[attr-defined]
    with pytest.raises(PluginError):
        known.of("another", ask)
