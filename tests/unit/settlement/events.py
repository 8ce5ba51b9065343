"""Orders' events as settlement hears them, and strategies that make them."""

from typing import Any

from monsoon_plugin.address import Address
from shared.order_messages import OrderLine, OrderPaid, OrderRefunded, ShippingChoice

OWNER, SUPPLIER, STOREFRONT, ORDER = "acc_owner", "acc_supplier", "sf_1", "ord_1"
HEAD: dict[str, Any] = {"order_id": ORDER, "storefront_id": STOREFRONT, "account_id": OWNER, "currency": "EUR"}
BOOK = f"{OWNER}#{STOREFRONT}#{ORDER}"


def line(quantity: int = 2, price: int = 1250, cost: int = 1000, supplier: str = SUPPLIER, offer: str = "off_1") -> OrderLine:
    return OrderLine(
        offer_id=offer, product_id="prd_1", supplier_id=supplier, title="Cup", quantity=quantity, unit_price=price, unit_cost=cost
    )


def cost_of(lines: list[OrderLine]) -> int:
    return sum(found.unit_price * found.quantity for found in lines)


def order_paid(lines: list[OrderLine] | None = None, shipping: int = 500, fee: int = 30, **more: Any) -> OrderPaid:
    lines = [line()] if lines is None else lines
    choice = ShippingChoice(installation_id="ins_1", plugin="table_rate", rate_id="r", service="Standard", price=shipping)
    address = Address(name="A", lines=["1 Street"], city="London", country="GB")
    told: dict[str, Any] = {"total": cost_of(lines) + shipping, "version": 3, "payment_id": "pay_1", "payment_plugin": "stripe", **HEAD}
    return OrderPaid(lines=lines, shipping=choice, address=address, provider_fee=fee, **(told | more))


def order_refunded(lines: list[OrderLine], shipping: int = 0, refund_id: str = "ref_1", **more: Any) -> OrderRefunded:
    told: dict[str, Any] = {"amount": cost_of(lines) + shipping, "version": 4, "payment_id": "pay_1", "payment_plugin": "stripe", **HEAD}
    return OrderRefunded(lines=lines, shipping=shipping, refund_id=refund_id, **(told | more))
