"""Prices are computed from the supplier's offer, the storefront's rule and the day's exchange rates."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given, strategies

from functions.orders.checkout.basket import Basket
from functions.orders.checkout.checkout_snapshot import CheckoutSnapshot
from functions.orders.checkout.pricing import PricedBasket, check_total, price_basket
from functions.orders.checkout.storefront import Closed, Storefront, SuspendedStorefront, storefront_of
from functions.orders.checkout.suspended_suppliers import SuspendedSupplier
from functions.orders.inventory.shortage import NotSellable
from functions.orders.inventory.stock_item import StockItem
from monsoon_plugin.money import MAX_AMOUNT, Amount, Money
from shared.errors import Invalid
from shared.trade.fx import NO_RATES, Rates
from shared.trade.line_money import goods_money, line_money
from shared.trade.selection import CategoryMargin, PriceRule, Rounding, Selection
from shared.variants.sale import Priced, Sale
from tests.fakes import NOON
from tests.unit.orders.given import MUG, RATES, SUPPLIER, TEA, basket, stock_item, storefront, tiers

STOCK = {MUG: stock_item(), TEA: stock_item(TEA, price=399)}


def bill(
    wanted: Basket,
    shop: Storefront | None = None,
    stock: Mapping[str, StockItem] = STOCK,
    rates: Rates = RATES,
    **seen: Mapping[str, str],
) -> PricedBasket:
    shop = shop or storefront()
    return price_basket(wanted, shop, CheckoutSnapshot(shop, stock, **seen), lambda: rates)


def refusal(*args: object, **more: object) -> str:
    """The pointer that a 422 names."""
    with pytest.raises(Invalid) as refused:
        bill(*args, **more)
    return refused.value.errors[0].pointer


def selling_in(*currencies: str, **more: object) -> Storefront:
    return storefront(price_rule=PriceRule(margin_per_mille=250, currencies=list(currencies), **more))


def test_a_consumer_pays_the_storefronts_price_and_the_supplier_gets_its_own() -> None:
    found = bill(basket({MUG: 2}))
    (line,) = found.lines
    assert (line.unit_price, line.unit_cost, found.currency, line.title) == (1250, 1000, "EUR", "Blue mug, 300 ml")
    assert (line.supplier_price, found.rates_day) == (None, None)


@pytest.mark.parametrize(("units", "cost"), [(9, 1000), (10, 900), (99, 900), (100, 700)])
def test_a_business_pays_the_rule_over_the_tier_that_its_quantity_reaches(units: int, cost: int) -> None:
    stock = {MUG: stock_item(tiers=tiers((10, 900), (100, 700)))}
    (line,) = bill(basket({MUG: units}, "business"), stock=stock).lines
    assert (line.unit_cost, line.unit_price) == (cost, cost * 5 // 4)


def test_tiers_are_not_for_consumers() -> None:
    (line,) = bill(basket({MUG: 50}), stock={MUG: stock_item(tiers=tiers((10, 900)))}).lines
    assert line.unit_cost == 1000


def test_titles_are_in_the_orders_language() -> None:
    (line,) = bill(basket({MUG: 1}, language="zh-CN")).lines
    assert line.title == "蓝色马克杯"


def test_the_deepest_categorys_margin_is_the_lines() -> None:
    rule = PriceRule(margin_per_mille=250, by_category=[CategoryMargin(category="hg-3", margin_per_mille=500)])
    (line,) = bill(basket({MUG: 1}), storefront(price_rule=rule)).lines
    assert line.unit_price == 1500


@pytest.mark.parametrize(
    ("currency", "price", "cost"),
    # 10.00 EUR: 1,714.3 yen, 3.429 dinars, 8.412 pounds; costs are rounded up, and a quarter is added to them.
    [("JPY", 2144, 1715), ("KWD", 4286, 3429), ("GBP", 1053, 842), ("EUR", 1250, 1000)],
)
def test_a_price_is_converted_to_the_currency_that_the_shopper_names(currency: str, price: int, cost: int) -> None:
    found = bill(basket({MUG: 2}, currency=currency), selling_in("GBP", "JPY", "KWD", "EUR"))
    (line,) = found.lines
    assert (line.unit_price, line.unit_cost, found.currency) == (price, cost, currency)
    converted = currency != "EUR"
    assert line.supplier_price == (Amount(amount=1000, currency="EUR") if converted else None)
    assert found.rates_day == (RATES.day if converted else None)


def test_the_first_currency_of_the_storefront_is_the_default_and_suppliers_of_several_share_an_order() -> None:
    found = bill(basket({MUG: 1, TEA: 1}), selling_in("USD", "EUR"), {MUG: stock_item(), TEA: stock_item(TEA, price=500, currency="GBP")})
    assert found.currency == "USD"
    assert [line.supplier_price for line in found.lines] == [
        Amount(amount=1000, currency="EUR"),
        Amount(amount=500, currency="GBP"),
    ]


def test_a_business_tier_is_converted_too() -> None:
    stock = {MUG: stock_item(tiers=tiers((10, 900)))}
    (line,) = bill(basket({MUG: 10}, "business"), selling_in("JPY"), stock).lines
    assert (line.unit_cost, line.supplier_price) == (1543, Amount(amount=900, currency="EUR"))


def test_charm_prices_and_floors_are_those_of_the_currency() -> None:
    rule = {"by_currency": {"JPY": Rounding(round_to=1000, minus=20), "KWD": Rounding(floor=9990)}}
    assert bill(basket({MUG: 1}, currency="JPY"), selling_in("JPY", "KWD", **rule)).lines[0].unit_price == 2980
    assert bill(basket({MUG: 1}, currency="KWD"), selling_in("JPY", "KWD", **rule)).lines[0].unit_price == 9990


def test_a_currency_that_the_storefront_does_not_sell_in_is_named() -> None:
    assert refusal(basket(currency="USD"), selling_in("GBP", "EUR")) == "/currency"
    assert refusal(basket(currency="USD")) == "/currency"


def test_without_rates_what_needs_none_is_sold_and_the_rest_is_named() -> None:
    shop, stock = selling_in("GBP", "EUR"), {MUG: stock_item(currency="GBP"), TEA: stock_item(TEA)}
    assert bill(basket({MUG: 1}), shop, stock, NO_RATES).currency == "GBP"
    assert refusal(basket({MUG: 1, TEA: 1}), shop, stock, NO_RATES) == "/lines/1/offer_id"
    assert refusal(basket({MUG: 1}, currency="EUR"), shop, stock, NO_RATES) == "/lines/0/offer_id"


def test_rates_are_read_only_for_what_is_converted_and_once() -> None:
    asked: list[int] = []

    def rates() -> Rates:
        asked.append(1)
        return RATES

    shop, seen = selling_in("EUR", "USD"), CheckoutSnapshot(None, STOCK)
    price_basket(basket({MUG: 1, TEA: 1}), shop, seen, rates)
    assert asked == []
    price_basket(basket({MUG: 1, TEA: 1}, currency="USD"), shop, seen, rates)
    assert asked == [1]


def test_a_line_that_the_storefront_does_not_want_is_named() -> None:
    shop = storefront(selection=Selection(exclusions=[TEA.replace("off", "prd")]))
    assert refusal(basket({MUG: 1, TEA: 1}), shop) == "/lines/1/offer_id"


@pytest.mark.parametrize(
    "selection",
    [Selection(excluded_tags=["gift"]), Selection(tags=["silk"]), Selection(excluded_words=["MUG"]), Selection(destinations=["US"])],
)
def test_the_whole_rule_decides_by_what_the_offer_keeps(selection: Selection) -> None:
    stock = {MUG: stock_item(tags=["gift"], ships_to=["GB", "DE"])}
    assert bill(basket({MUG: 1}), stock=stock)
    assert refusal(basket({MUG: 1}), storefront(selection=selection), stock) == "/lines/0/offer_id"


def test_a_line_that_is_not_sent_to_the_address_is_named() -> None:
    stock = {MUG: stock_item(), TEA: stock_item(TEA, ships_to=["DE", "FR"])}
    assert refusal(basket({MUG: 1, TEA: 1}), stock=stock) == "/lines/1/offer_id"


def test_an_unknown_offer_is_named() -> None:
    assert refusal(basket({MUG: 1, TEA: 1}), stock={MUG: stock_item()}) == "/lines/1/offer_id"


def test_where_nothing_is_converted_a_line_in_another_currency_than_the_first_is_named() -> None:
    stock = {MUG: stock_item(), TEA: stock_item(TEA, currency="GBP")}
    assert refusal(basket({MUG: 1, TEA: 1}), stock=stock) == "/lines/1/offer_id"


def test_recalled_offers_and_closed_or_suspended_storefronts_sell_nothing() -> None:
    with pytest.raises(NotSellable):
        bill(basket(), stock={MUG: stock_item(sellable=False)})
    with pytest.raises(Closed):
        bill(basket(), storefront(open=False))
    with pytest.raises(SuspendedStorefront, match="operator") as refused:
        bill(basket(), storefront(suspended="fraud", open=False))
    assert "fraud" not in str(refused.value.document())


def test_every_line_of_a_suspended_supplier_is_named_without_the_operators_reason_even_if_it_is_recalled_too() -> None:
    stock = {MUG: stock_item(sellable=False), TEA: stock_item(TEA)}
    with pytest.raises(SuspendedSupplier) as refused:
        bill(basket({MUG: 1, TEA: 1}), stock=stock, suspended={SUPPLIER: "counterfeits"})
    assert [error.pointer for error in refused.value.errors] == ["/lines/0/offer_id", "/lines/1/offer_id"]
    assert "counterfeits" not in str(refused.value.document())


def test_a_total_beyond_every_amount_is_refused() -> None:
    check_total(MAX_AMOUNT)
    with pytest.raises(Invalid):
        check_total(MAX_AMOUNT + 1)


def test_a_rule_is_compiled_once_for_the_same_text() -> None:
    text = storefront(selection=Selection(picks=["prd_1"])).model_dump_json()
    assert storefront_of(text).rule is storefront_of(text).rule
    assert storefront_of(text) is not storefront_of(storefront().model_dump_json())


CURRENCIES = ["EUR", "USD", "GBP", "JPY", "KWD", "IDR"]
ROUNDINGS = {"round_to": strategies.integers(1, 1000), "minus": strategies.integers(0, 999), "floor": strategies.integers(0, 5000)}
RULES = strategies.builds(
    PriceRule, margin_per_mille=strategies.integers(0, 5000), currencies=strategies.permutations(CURRENCIES),
    by_currency=strategies.dictionaries(strategies.sampled_from(CURRENCIES), strategies.builds(Rounding, **ROUNDINGS)), **ROUNDINGS,
)  # fmt: skip
COSTS = strategies.tuples(strategies.integers(0, 7 * 10**6), strategies.sampled_from(CURRENCIES))
"""What costs most, at the greatest margin, in rupiahs, is still an amount that there is."""


BASKETS = strategies.builds(
    lambda units, buyer, currency: basket({MUG: units, TEA: 1}, buyer, currency=currency),
    strategies.integers(1, 500), strategies.sampled_from(["consumer", "business"]), strategies.sampled_from([None, *CURRENCIES]),
)  # fmt: skip


@example(PriceRule(margin_per_mille=5000, currencies=["IDR"]), (0, "EUR"), (7 * 10**6, "GBP"), basket({MUG: 1, TEA: 1}, currency="IDR"))
@given(RULES, COSTS, COSTS, BASKETS)
def test_the_shopper_pays_no_less_than_the_converted_cost_and_costs_and_margins_add_up(rule, one, other, wanted) -> None:
    stock = {MUG: stock_item(price=one[0], currency=one[1]), TEA: stock_item(TEA, price=other[0], currency=other[1])}
    found = bill(wanted, storefront(price_rule=rule), stock)
    assert found.currency == (wanted.currency or rule.currencies[0])
    for line, cost in zip(found.lines, (one, other), strict=True):
        asked = Money(*cost)
        assert line.unit_cost == RATES.convert(asked, found.currency).amount <= line.unit_price
        assert line.supplier_price == (None if asked.currency == found.currency else Amount.of(asked))
        back = RATES.convert(Money(line.unit_cost, found.currency), asked.currency)
        assert back.amount >= asked.amount, "the supplier never loses by the conversion"
    goods, parts = goods_money(found.lines), [line_money(line) for line in found.lines]
    assert sum(p.cost + p.margin for p in parts) == goods.price == sum(line.unit_price * line.quantity for line in found.lines)
    assert all(p.margin >= 0 for p in parts)


@given(strategies.integers(0, 10**12), strategies.sampled_from(CURRENCIES), strategies.integers(1, 10_000))
def test_whatever_a_product_costs_it_is_converted_exactly(price: int, currency: str, units: int) -> None:
    cost = RATES.convert(Money(price, currency), "IDR").amount
    asked = cost + (cost * 250 + 500) // 1000
    wanted, stock = basket({MUG: units}, currency="IDR"), {MUG: stock_item(price=price, currency=currency)}
    if asked > MAX_AMOUNT:
        with pytest.raises(Invalid) as refused:
            bill(wanted, selling_in("IDR"), stock)
        assert "one unit costs more than" in refused.value.errors[0].detail
        return
    (line,) = bill(wanted, selling_in("IDR"), stock).lines
    assert (line.unit_cost, line.unit_price) == (cost, asked)


SALE = Sale(price=Amount(amount=700, currency="EUR"), starts_at=NOON, ends_at=NOON + timedelta(hours=1))
ON, OFF = Priced(NOON), Priced(NOON + timedelta(hours=1))


@pytest.mark.parametrize(
    ("published", "quoted", "cost", "compared"),
    [
        (ON, NOON, 700, 1250), (OFF, NOON + timedelta(minutes=59), 700, 1250), (OFF, NOON + timedelta(hours=1), 1000, None),
        (ON, NOON + timedelta(hours=2), 700, 1250), (Priced(NOON - timedelta(hours=1)), NOON, 700, 1250),
    ],
    ids=["in the sale", "quoted before its end", "quoted at its end", "its end is not told yet", "its begin is not told yet"],
)  # fmt: skip
def test_what_was_on_sale_when_the_shopper_was_quoted_or_is_shown_so_still_is_sold_so(
    published: Priced, quoted: datetime, cost: int, compared: int | None
) -> None:
    shop = storefront()
    snapshot = CheckoutSnapshot(shop, {MUG: stock_item(priced=published, sale=SALE)})
    (line,) = price_basket(basket({MUG: 2}), shop, snapshot, lambda: NO_RATES, quoted).lines
    assert (line.unit_cost, line.unit_price, line.compare_at) == (cost, cost * 5 // 4, compared)


def test_a_business_pays_no_more_in_a_sale_than_a_consumer_and_its_tier_where_that_is_less() -> None:
    shop, stock = storefront(), {MUG: stock_item(priced=ON, sale=SALE, tiers=tiers((10, 900), (100, 600)))}
    found = [
        price_basket(basket({MUG: units}, "business"), shop, CheckoutSnapshot(shop, stock), lambda: NO_RATES, NOON).lines[0].unit_cost
        for units in (1, 10, 100)
    ]
    assert found == [700, 700, 600]


def test_an_order_keeps_what_its_price_was_compared_with() -> None:
    stock = {MUG: stock_item(compare_at=Amount(amount=1400, currency="EUR"), tiers=tiers((10, 900)))}
    (line,), (many,) = (bill(basket({MUG: units}, "business"), stock=stock).lines for units in (1, 10))
    assert (line.unit_price, line.compare_at, many.compare_at) == (1250, 1750, None)
