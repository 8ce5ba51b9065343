"""A shopper pays by transfer, and the bank's statement, not the merchant's word, says that the money came."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest

from tests.flow.market import TABLE_RATE, Market

pytestmark = pytest.mark.xdist_group("hub")
TRANSFER = {
    "plugin": "bank_transfer",
    "mode": "live",
    "config": {"account_holder": "A shop", "iban": "DE89 3704 0044 0532 0130 00", "currencies": ["GBP"]},
}
STATEMENTS = {
    "plugin": "bank_statement",
    "mode": "live",
    "config": {"booked_on": "day", "amount": "amount", "text": "text", "fixed_currency": "GBP"},
}


def test_an_order_is_paid_when_a_statement_shows_its_reference(market: Market):
    shop = market.shop([TRANSFER], [TABLE_RATE])
    bank = shop.owner.hub.post(f"{shop.path}/clearing-installations", STATEMENTS)
    order = market.order(shop, market.offer(shop, market.publish())["offer_id"])
    payment = market.pay(shop, order)
    total, reference = payment["amount"]["amount"], payment["next_action"]["reference"]
    file = f"day,amount,text\n{datetime.now(UTC):%Y-%m-%d},{total // 100}.{total % 100:02d},thank you {reference}\n"
    body = {"media_type": "text/csv", "content": b64encode(file.encode()).decode()}
    path = f"{shop.path}/clearing-installations/{bank['id']}/statements"
    assert shop.owner.hub.post(path, body)["passed_on"] == 1
    market.order_is(shop, order["id"], "paid")
