"""An operator's plug-ins in functions of their own, one a family: merchants install them like any other, and every function of the hub
that may have to call one can."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from local.stack import Stack
from shared.aws.packing import unpacked
from tests.flow import inside, plugins_elsewhere
from tests.flow.market import ADDRESS, CASH, TABLE_RATE, Market, Shop, eventually

pytestmark = pytest.mark.xdist_group("hub")

MAY_BE_LAMBDAS = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
PAYS = {"plugin": "elsewhere", "mode": "live", "config": {}}
ABROAD = ADDRESS | {"name": "The yard", "country": "US", "region": "NY", "city": "Troy", "postal_code": "12180", "phone": "+1 518 555 0100"}
CARRIES = {"plugin": "elsewhere", "mode": "live", "config": {"origin": ABROAD}}


@pytest.fixture(scope="module", autouse=True)
def deployed(stack: Stack) -> None:
    """The operator's functions, by the names that the template's parameter PluginFunctions was given (conftest.py)."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(Path(plugins_elsewhere.__file__), "plugins_elsewhere.py")
    trust = json.dumps({"Version": "2012-10-17", "Statement": [MAY_BE_LAMBDAS]})
    role = stack.client("iam").create_role(RoleName="operators-plugins", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    for kind in ("payment", "courier", "clearing"):
        stack.client("lambda").create_function(
            FunctionName=f"monsoon-plugin-{kind}", Runtime="python3.13", Role=role, Handler=f"plugins_elsewhere.{kind}",
            Code={"ZipFile": packed.getvalue()}, Timeout=20,
        )  # fmt: skip


def bought(market: Market, shop: Shop, **more: Any) -> dict[str, Any]:
    """An order of one bowl, paid for as `more` says."""
    order = market.order(shop, market.offer(shop, market.publish())["offer_id"])
    market.pay(shop, order, **more)
    return order


def test_a_payment_is_taken_given_back_and_asked_for_when_its_outcome_is_late(stack: Stack, market: Market):
    shop = market.shop([PAYS], [TABLE_RATE])
    order = bought(market, shop)
    market.order_is(shop, order["id"], "paid")
    refund = {"lines": [{"offer_id": order["lines"][0]["offer_id"], "quantity": 1}], "reason": "changed their mind"}
    shop.owner.hub.post(f"{shop.path}/orders/{order['id']}/refunds", refund)
    eventually(lambda: [r["state"] for r in shop.site.get(f"{shop.path}/orders/{order['id']}")["refunds"]] == ["paid"])
    late = bought(market, shop, data={"later": True})
    assert shop.site.get(f"{shop.path}/orders/{late['id']}/payments")["items"][0]["state"] == "pending"
    inside.make_due(stack, "PaymentsTable", late["id"], "open_sk")
    inside.run(stack, "PaymentsSweep")
    market.order_is(shop, late["id"], "paid")


def counter(shop: Shop, state: str) -> None:
    (installed,) = shop.owner.hub.get(f"{shop.path}/courier-installations")["items"]
    shop.owner.hub.ask("PATCH", f"{shop.path}/courier-installations/{installed['id']}", {"config": {"counter": state}})


def in_trouble(market: Market, shop: Shop, order: dict[str, Any], why: str) -> dict[str, Any]:
    """The order's parcel, once its supplier reads why it has no label."""
    (parcel,) = market.shipments(shop, order["id"])
    path = f"/v1/shipments/{parcel['id']}"
    shown: dict[str, Any] = eventually(lambda: (s := market.supplier.hub.get(path)).get("problem") and s)
    assert shown["problem"]["message"] == why
    return shown


def papers(market: Market, shipment: dict[str, Any]) -> list[str]:
    """The kinds of what is to be printed for a shipment, once there is something; the label is as the courier sold it."""
    path = f"/v1/shipments/{shipment['id']}/documents"
    found = eventually(lambda: market.supplier.hub.get(path)["items"])
    printed = market.stack.hub.send("GET", found[0]["link"])
    assert printed.status == 200
    return [document["kind"] for document in found]


def test_labels_and_customs_papers_are_had_at_once_later_by_the_sweep_and_by_the_merchants_hand(stack: Stack, market: Market):
    shop, whole = market.shop([CASH], [CARRIES]), ["label", "commercial_invoice", "cn22"]
    (at_once,) = market.shipments(shop, bought(market, shop)["id"])
    assert papers(market, at_once) == whole
    inside.run(stack, "ShippingSweep")
    eventually(lambda: market.supplier.hub.get(f"/v1/shipments/{at_once['id']}")["state"] == "in_transit")

    counter(shop, "closed")
    order = bought(market, shop)
    later = in_trouble(market, shop, order, "the counter is closed")
    counter(shop, "open")
    inside.make_due(stack, "ShippingTable", later["id"], "due_sk", "shipment")
    inside.run(stack, "ShippingSweep")
    assert papers(market, later) == whole

    counter(shop, "refuses")
    order = bought(market, shop)
    refused = in_trouble(market, shop, order, "the account's limit is reached")
    counter(shop, "open")
    shop.owner.hub.post(f"{shop.path}/orders/{order['id']}/shipments/{refused['id']}/label", {})
    assert papers(market, refused) == whole


def tells(shop: Shop, installation_id: str, state: str) -> None:
    path = f"{shop.path}/clearing-installations/{installation_id}"
    shop.owner.hub.ask("PATCH", path, {"config": {"tells": state}})


def payday(stack: Stack, shop: Shop) -> None:
    """Let what the storefront's payouts wait for be due, and the sweep keep it."""
    for item in inside.items(stack, "SettlementTable"):
        if item["pk"]["S"].startswith("agenda#") and shop.storefront_id in item["sk"]["S"]:
            inside.take_away(stack, "SettlementTable", item)
            inside.put(stack, "SettlementTable", item | {"sk": {"S": f"{inside.PAST}#{item['sk']['S'].partition('#')[2]}"}})
    inside.run(stack, "SettlementSweep")


def test_suppliers_are_paid_by_an_operators_bank_and_what_comes_back_is_owed_again(stack: Stack, market: Market):
    account = {"name": "Walnut Ltd", "provider_account": "acct_elsewhere"}
    market.supplier.hub.put("/v1/payout-account", account | {"iban": "GB33BUKB20201555555555"})
    assert market.supplier.hub.get("/v1/payout-account")["iban"].endswith("5555")
    shop = market.shop([PAYS], [TABLE_RATE])
    bank = shop.owner.hub.post(f"{shop.path}/clearing-installations", PAYS)
    schedule = {"installation_id": bank["id"], "every": "day", "currencies": [{"currency": "GBP"}]}
    shop.owner.hub.put(f"{shop.path}/payout-schedule", schedule)
    order = bought(market, shop)
    market.shares(shop, order["id"])
    payday(stack, shop)
    (batch,) = shop.owner.hub.get(f"{shop.path}/payout-batches")["items"]
    payday(stack, shop)
    path = f"{shop.path}/payout-batches/{batch['key']}"
    assert shop.owner.hub.get(path)["state"] == "submitted"

    def noticed(state: str) -> None:
        tells(shop, bank["id"], state)
        reply = stack.hub.send("POST", f"/v1/hooks/clearing/{bank['id']}", raw=batch["key"].encode())
        assert reply.status == 200, reply.body
        assert [payout["state"] for payout in shop.owner.hub.get(path)["items"]] == [state]

    noticed("paid")
    forget_what_was_due(stack, batch["key"])
    noticed("returned")
    owed = eventually(lambda: shop.owner.hub.get(f"{shop.path}/payables", currency="GBP")["items"])
    assert [(one["payee"], one["available"]) for one in owed] == [(market.supplier.account_id, 1000)]


def forget_what_was_due(stack: Stack, named: str) -> None:
    """Make journal entries, in the book that `named` is in, such as were written before 2026-11-29: they do not say what they make due."""
    found = [item for item in inside.items(stack, "SettlementTable") if named in item["pk"]["S"] and "postings" in item]
    assert found
    for item in found:
        inside.put(stack, "SettlementTable", {name: value for name, value in item.items() if name != "due"})


def test_an_entry_of_before_that_does_not_say_what_it_makes_due_says_so_when_its_event_comes_again(stack: Stack, market: Market):
    shop = market.shop([PAYS], [TABLE_RATE])
    order = bought(market, shop)
    market.shares(shop, order["id"])
    owed = eventually(lambda: shop.owner.hub.get(f"{shop.path}/payables", currency="GBP")["items"])
    forget_what_was_due(stack, order["id"])
    (event,) = [unpacked(i["event"]) for i in inside.items(stack, "OrdersTable") if i["sk"]["S"] == order["id"] and "event" in i]
    sqs = stack.client("sqs")
    sqs.send_message(QueueUrl=next(url for url in sqs.list_queues()["QueueUrls"] if "SettlementQueue" in url), MessageBody=event)
    eventually(lambda: [item for item in inside.items(stack, "SettlementTable") if order["id"] in item["pk"]["S"] and "due" in item])
    assert shop.owner.hub.get(f"{shop.path}/payables", currency="GBP")["items"] == owed
