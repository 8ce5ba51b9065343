"""Payments as the release before packed texts stored them, one in each state: read as they were, and all that is left of each goes back.

`2026-11-30.json` holds the table's items, what that release showed of each, and the provider's books.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from functions.payments.lifecycle.payment import Payment
from functions.payments.lifecycle.refunds import refundable
from functions.payments.reconciliation.reconcile import reconcile
from functions.payments.views import PaymentView
from monsoon_plugin.money import Money
from monsoon_plugin.payment import DisputeView, RefundView, State
from tests.before import with_fields_of
from tests.unit.payments.kit import TENANT, Shop
from tests.unit.payments.remote import Account, Remote, Remotes

KEPT = json.loads(Path(__file__).with_name("2026-11-30.json").read_text(encoding="utf-8"))
CAPTURED = [name for name, payment in KEPT["payments"].items() if payment["captured"]]


def account(kept: dict[str, Any]) -> Account:
    """What the provider holds: what it knows is not lost by our upgrade."""
    refunds = [RefundView(op_key, Money(amount, "EUR"), state, ref) for op_key, amount, state, ref in kept["refunds"]]
    disputes = tuple(DisputeView(ref, state, Money(amount, "EUR"), reason) for ref, state, amount, reason in kept["disputes"])
    return Account(Money(1000, "EUR"), State(kept["state"]), kept["captured"], refunds, disputes)


@pytest.fixture
def shop(make_table: Callable[[str], str]) -> Shop:
    remote, table = Remote(), make_table("payments")
    remote.accounts = {payment_id: account(kept) for payment_id, kept in KEPT["books"].items()}
    made = Shop(table, registry=Remotes(remote=remote), run="before")
    items = json.dumps(KEPT["items"]).replace(KEPT["installation"], made.install("remote", {}).id)
    for item in json.loads(items):
        boto3.client("dynamodb").put_item(TableName=table, Item=item)
    return made


def payment(shop: Shop, name: str) -> Payment:
    kept = KEPT["payments"][name]
    return shop.payments.find(TENANT, kept["order_id"], kept["id"])


@pytest.mark.parametrize("name", KEPT["payments"])
def test_each_is_shown_as_it_was_whatever_came_beside(shop: Shop, name: str) -> None:
    after, before = json.loads(PaymentView.of(payment(shop, name)).model_dump_json()), KEPT["payments"][name]
    assert with_fields_of(before, after) == before | {"installation_id": after["installation_id"]}


@pytest.mark.parametrize("name", CAPTURED)
def test_all_that_is_left_of_what_was_captured_is_paid_back_once(shop: Shop, name: str) -> None:
    held = shop.registry.get("remote").accounts[KEPT["payments"][name]["id"]]
    shop.clock.tick(minutes=20)
    known = reconcile(shop.runner, payment(shop, name))
    gone = sum(refund.amount.amount for refund in held.refunds)
    assert refundable(known) == 1000 - gone
    after = shop.payments.refund(known, "ref_all", refundable(known))
    assert (sum(refund.amount.amount for refund in held.refunds), refundable(after)) == (1000, 0)


def test_what_is_promised_is_given_back(shop: Shop) -> None:
    assert shop.payments.cancel(payment(shop, "promised")).state is State.CANCELED
