"""Each kind of mail has its words in both languages, names the order and says nothing that is not so."""

from typing import Any, get_args

import pytest

from functions.notices.causes.kinds import BuyersKind, MerchantsKind
from functions.notices.known.known_order import KnownOrder
from functions.notices.pages.buyers_letters import Told, buyers_letter
from functions.notices.pages.merchants_letters import merchants_letter
from shared.buyers.order_number import order_number
from shared.pages.interface_language import Interface
from tests.unit.notices.given import ORDER, World

BUYERS: dict[BuyersKind, dict[str, Any]] = {
    "received": {"promised": False}, "paid": {"total": 3395, "lines": [["Blue mug", 2, 1250]], "shipping": 395},
    "dispatched": {"tracking": "RR123", "left": 1}, "delivered": {"virtual": False, "left": 0},
    "refunded": {"amount": 500, "currency": "GBP"}, "cancelled": {"reason": "recalled"},
}  # fmt: skip
MERCHANTS: dict[MerchantsKind, dict[str, Any]] = {
    "new_order": {"order_id": ORDER, "currency": "GBP", "lines": [["Blue mug", 2, 1250]]},
    "low_stock": {"listed": [["Blue mug", "sold_out", "k"]]},
    "verdict": {"listed": [["Knife", "refused: say what it is", "k"]], "more": True},
    "payout_failed": {"amount": 500, "currency": "GBP", "reason": "no such account"}, "webhook_disabled": {"reason": "410"},
}  # fmt: skip


def told(language: str, facts: dict[str, Any], **more: Any) -> Told:
    order = KnownOrder.of(World().placed(language=language))
    assert order
    return Told(order=order, shop="Lantern & Loom", facts=facts, **more)


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
@pytest.mark.parametrize("kind", get_args(BuyersKind))
def test_a_buyers_letter_names_its_order_and_its_shop_in_the_orders_language(kind: BuyersKind, language: str):
    letter = buyers_letter(kind, told(language, BUYERS[kind], link="https://hub.example/x"))
    assert order_number(ORDER) in letter.subject
    assert "Lantern & Loom" in letter.plain
    assert "https://hub.example/x" in letter.plain
    assert letter.interface == ("zh" if language == "zh" else "en")
    assert "%(" not in letter.subject + letter.plain + letter.html


@pytest.mark.parametrize("interface", ["en", "zh"])
@pytest.mark.parametrize("kind", get_args(MerchantsKind))
def test_a_merchants_letter_speaks_the_language_it_chose(kind: MerchantsKind, interface: Interface):
    letter = merchants_letter(kind, interface, MERCHANTS[kind])
    assert any("\u4e00" <= c <= "\u9fff" for c in letter.subject) == (interface == "zh")
    assert "%(" not in letter.subject + letter.plain + letter.html


def test_a_bill_adds_up_and_names_what_it_costs():
    letter = buyers_letter("paid", told("en", BUYERS["paid"]))
    assert list(letter.rows) == [("Blue mug × 2", "£25.00"), ("Shipping", "£3.95"), ("Total", "£33.95")]


def test_without_an_address_to_answer_to_nobody_is_asked_to_answer():
    assert "answer this mail" not in buyers_letter("paid", told("en", BUYERS["paid"])).plain
    assert "answer this mail" in buyers_letter("paid", told("en", BUYERS["paid"], answerable=True)).plain


def test_a_shop_that_is_not_known_yet_has_no_gap_in_the_subject():
    order = KnownOrder.of(World().placed())
    assert order
    assert (
        buyers_letter("paid", Told(order=order, shop="", facts=BUYERS["paid"])).subject
        == f"Your order {order_number(ORDER)} at the shop is paid"
    )
