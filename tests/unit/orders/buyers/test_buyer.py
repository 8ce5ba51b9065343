"""An order has a buyer, a note and a gift flag: all of it optional, held to its form, shown to its shop, and in no log."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from functions.orders.buyers.buyer import Buyer, normalised_email
from functions.orders.checkout.checkout_views import PlaceOrder
from functions.orders.order import Order
from shared.ids import derived_id
from tests.unit.orders.conftest import Shop
from tests.unit.orders.deployed import ADDRESS, BACK_OFFICE, Deployed, wanted

ADA = {"name": "Ada Chen", "email": "Ada@Example.com", "phone": "+44 20 7946 0018", "language": "zh-Hant"}
SAID: dict[str, Any] = {"buyer": ADA, "note": "Ring twice.\nThank you", "gift": True}


def told(answer: Any) -> set[str]:
    return {error["pointer"] for error in answer.body["errors"]}


def test_what_is_said_of_the_buyer_is_shown_when_it_is_placed_read_and_listed(hub: Deployed) -> None:
    placed = hub.place(wanted(**SAID)).body
    for shown in (placed, hub.at(placed["id"]).body, hub.list().body["items"][0], hub.at(placed["id"], by=BACK_OFFICE).body):
        assert {name: shown["buyer"][name] for name in ADA} == ADA
        assert (shown["note"], shown["gift"]) == (SAID["note"], True)
        assert shown["number"] == f"{placed['id'][4:9]}-{placed['id'][9:14]}"


def test_nothing_of_it_need_be_said(hub: Deployed) -> None:
    shown = hub.place(wanted()).body
    assert (shown["buyer"].get("email"), shown["note"], shown["gift"]) == (None, "", False)


def test_a_request_that_says_nothing_of_it_is_the_same_one_as_before_it_could(hub: Deployed) -> None:
    """Its fingerprint: sent again after an upgrade, it is answered with the order that it placed before."""
    said = json.loads(PlaceOrder(lines=[{"offer_id": "off_2GV1CE162YSHZP0GCANW6CBATR", "quantity": 1}], address=ADDRESS).model_dump_json())
    assert said.keys() == {"lines", "buyer", "address", "language", "currency", "pay_within_hours"}
    assert said["buyer"] == {"type": "consumer", "tax_id": None}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"buyer": {"email": "ada@localhost"}}, "/buyer/email"),
        ({"buyer": {"email": "ada example@example.com"}}, "/buyer/email"),
        ({"buyer": {"email": "ad\u200ba@example.com"}}, "/buyer/email"),
        ({"buyer": {"email": "a" * 250 + "@example.com"}}, "/buyer/email"),
        ({"buyer": {"phone": "call me"}}, "/buyer/phone"),
        ({"buyer": {"phone": "+44 20 7946"}}, "/buyer/phone"),
        ({"buyer": {"phone": "020 7946 0018\n1"}}, "/buyer/phone"),
        ({"buyer": {"name": "Ada\nBcc: all@example.com"}}, "/buyer/name"),
        ({"buyer": {"name": "Ada\u202eChen"}}, "/buyer/name"),
        ({"buyer": {"name": "a" * 101}}, "/buyer/name"),
        ({"buyer": {"language": "klingon language"}}, "/buyer/language"),
        ({"note": "a" * 501}, "/note"),
        ({"note": "to\u2066turn"}, "/note"),
        ({"gift": "yes"}, "/gift"),
    ],
)
def test_what_is_not_in_its_form_is_refused_by_its_place(hub: Deployed, change: dict[str, Any], pointer: str) -> None:
    answer = hub.place(wanted(**change))
    assert (answer.status, told(answer)) == (422, {pointer})


def test_a_number_without_a_code_is_read_as_one_of_the_country_that_the_order_goes_to(hub: Deployed) -> None:
    assert hub.place(wanted(buyer={"phone": "020 7946 0018"})).status == 201
    assert told(hub.place(wanted(buyer={"phone": "13812345678901"}), "k2")) == {"/buyer/phone"}


def test_nothing_of_the_buyer_is_logged(hub: Deployed, capfd: pytest.CaptureFixture[str]) -> None:
    placed = hub.place(wanted(**SAID)).body
    hub.place(wanted(buyer=ADA | {"phone": "1"}), "k2")
    hub.at(placed["id"])
    said = "".join(capfd.readouterr())
    assert not [text for text in ("Ada", "Example.com", "7946", "Ring twice") if text in said]


def test_an_order_that_cannot_be_read_does_not_say_in_its_error_who_bought_it(memory: Shop) -> None:
    said = {"buyer": Buyer(email=ADA["email"]), "note": "Ring twice"}
    document = memory.place().model_copy(update=said).model_dump(mode="json")
    with pytest.raises(ValidationError) as refused:
        Order.model_validate(document | {"lines": [{"title": "Mug"}], "version": "?"})
    assert "Ring twice" not in str(refused.value)
    assert "Example.com" not in str(refused.value)
    assert "Example.com" not in repr(Order.model_validate(document))


def test_orders_of_one_mailbox_are_of_one_party_at_this_account_and_the_id_tells_nothing(hub: Deployed) -> None:
    says = [ADA, {"email": " ada@EXAMPLE.com"}, {"email": "eve@example.com"}, {"name": "Ada Chen"}]
    parties = [hub.place(wanted(1, buyer=buyer), f"k{n}").body["buyer"].get("party_id") for n, buyer in enumerate(says)]
    assert parties[0] == parties[1] != parties[2]
    assert parties[3] is None
    assert "example" not in str(parties)
    assert hub.services.buyers.party(derived_id("acc", "another"), "ada@example.com") not in parties


@pytest.mark.parametrize("written", ["Ada@Example.com", " ada@example.com ", "ADA@EXAMPLE.COM", "ａｄａ@example.com"])
def test_one_mailbox_is_one_however_it_is_written(written: str) -> None:
    assert normalised_email(written) == "ada@example.com"
