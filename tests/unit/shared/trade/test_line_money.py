"""A line's money: what the shopper pays is what the supplier gets and what the storefront keeps, of one unit as of all."""

from hypothesis import given, strategies

from shared.order_messages import OrderLine
from shared.trade.line_money import LineMoney, goods_money, line_money

UNITS, AMOUNTS = strategies.integers(0, 10_000), strategies.integers(0, 10**9)


def line(quantity: int, price: int, cost: int) -> OrderLine:
    return OrderLine(
        offer_id="off_1", product_id="prd_1", supplier_id="acc_1", title="Cup", quantity=quantity, unit_price=price, unit_cost=cost
    )


def test_a_lines_money_is_that_of_its_units() -> None:
    assert line_money(line(3, 1250, 1000)) == LineMoney(price=3750, cost=3000)
    assert line_money(line(3, 1250, 1000), 2).margin == 500
    assert line_money(line(1, 900, 1000)).margin == -100, "a storefront may sell under cost"


@given(strategies.lists(strategies.builds(line, UNITS, AMOUNTS, AMOUNTS), max_size=8))
def test_nothing_is_lost_between_supplier_and_storefront(lines: list[OrderLine]) -> None:
    goods, parts = goods_money(lines), [line_money(one) for one in lines]
    assert goods.price == goods.cost + goods.margin == sum(part.cost + part.margin for part in parts)
    assert all(line_money(one, one.quantity) == part for one, part in zip(lines, parts, strict=True))
