"""The examples of docs/remote-plugins.md are what the hub sends and takes."""

import json
import re
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from functions.payments.plugins.remote_payment.plugin import RemotePayment
from monsoon_plugin.envelope import Call, method_of
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import PaymentPlugin, PaymentView, State
from monsoon_plugin.signatures import Key, verify
from shared.providers.elsewhere.form import model_of
from tests.conftest import ROOT

PAGE = (ROOT / "docs/remote-plugins.md").read_text()
DOCUMENTS = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
HEADERS = [dict(line.split(": ", 1) for line in block.splitlines()) for block in re.findall(r"```http\n(.*?)```", PAGE, re.DOTALL)]
INSTALL, CALL, ANSWER, ERROR, DESCRIBED = DOCUMENTS
SECRET = json.loads(INSTALL)["config"]["signing_secret"]


@pytest.mark.parametrize(("headers", "body"), list(zip(HEADERS, [CALL, ANSWER], strict=True)), ids=["call", "answer"])
def test_the_signatures_are_right_by_our_code_and_by_the_published_library(headers: dict[str, str], body: str):
    text = body.strip()
    at = int(headers["webhook-timestamp"])
    verify([Key(SECRET)], headers, text.encode(), at)
    signed = Webhook(SECRET).sign(headers["webhook-id"], datetime.fromtimestamp(at, UTC), text)
    assert signed == headers["webhook-signature"]


def test_the_call_and_its_answers_are_read_as_the_page_says():
    RemotePayment.config_model.model_validate(json.loads(INSTALL)["config"])
    call, start = Call.model_validate_json(CALL), method_of(PaymentPlugin, "start")
    assert start.read(call.arguments)["request"].amount == Money(1250, "EUR")
    assert start.opened(ANSWER.encode()) == PaymentView(
        provider_ref="tx_77", state=State.CAPTURED, amount=Money(1250, "EUR"), authorized=1250, captured=1250
    )
    with pytest.raises(PluginError) as refused:
        start.opened(ERROR.encode())
    assert (refused.value.kind, refused.value.provider_code) == (ErrorKind.DECLINED, "51")


def test_what_is_described_makes_a_form_with_its_secret_hidden():
    described = method_of(PaymentPlugin, "describe").opened(DESCRIBED.encode())
    assert "k_1" not in repr(model_of(described.form).model_validate({"api_key": "k_1"}))
