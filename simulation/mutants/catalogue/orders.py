"""Deliberate bugs of orders and their stock."""

from simulation.mutants.mutant import Mutant

STORE, STOCK = "functions/orders/order_store.py", "functions/orders/inventory/oversell_store.py"
ANSWERS, EVENTS = "functions/orders/withdrawals/answers.py", "functions/orders/lifecycle/payment_events.py"
TOTALS = "functions/orders/counts/running_totals.py"
ORDERS = (
    Mutant(
        "an order takes units that are not there",
        STOCK,
        "condition=(ReplicaItem.sellable == True) & _enough(line.quantity, held[line.offer_id].floor)",
        "condition=(ReplicaItem.sellable == True)",
    ),
    Mutant(
        "goods on backorder are sold without a bound",
        STOCK,
        "    return as_seen & left if floor else left",
        "    return as_seen if floor else left",
    ),
    Mutant(
        "what never runs out is sold by its count",
        "functions/orders/inventory/inventory_items.py",
        "    if stock.floor:\n        item.floor = stock.floor\n",
        "",
    ),
    Mutant("an order takes one unit whatever it wants", STOCK, "Move(-line.quantity, line.quantity)", "Move(-1, line.quantity)"),
    Mutant(
        "a variant that its product has no more is sold still",
        "functions/catalog/offers/told.py",
        "gone=list(offer.gone),",
        "gone=[],",
    ),
    Mutant(
        "a recall takes one of a product's variants off sale",
        "shared/messages.py",
        "return self.variants or [self.offer_id]\n",
        "return (self.variants or [self.offer_id])[:1]\n",
    ),
    Mutant(
        "a product's count is each variant's",
        "functions/orders/counts/stock_count.py",
        "units = message.units()[offer_id]",
        "units = message.stock",
    ),
    Mutant(
        "what is left of one variant is said of its product",
        "functions/orders/inventory/availability.py",
        "variant=bool(item.offer.choice),",
        "variant=False,",
    ),
    Mutant(
        "returned units go on sale twice",
        "functions/orders/order.py",
        "Move(self.returned.get(offer_id, 0),",
        "Move(2 * self.returned.get(offer_id, 0),",
    ),
    Mutant(
        "an order with its stock back is written over others' changes",
        STORE,
        "                transaction.save(item, condition=unchanged)\n                move_units",
        "                transaction.save(item)\n                move_units",
    ),
    Mutant(
        "an order is written over others' changes",
        STORE,
        "write_once(lambda: item.save(condition=unchanged))",
        "write_once(lambda: item.save())",
    ),
    Mutant(
        "an order that is sent again takes its units again",
        STORE,
        "transaction.save(item_of(order, envelope(placement_event(order), now)), condition=OrderItem.pk.does_not_exist())",
        "transaction.save(item_of(order, envelope(placement_event(order), now)))",
    ),
    Mutant(
        "an older count replaces a newer one",
        "functions/orders/counts/stock_count.py",
        "held.counted.version >= message.version",
        "held.counted.version == message.version",
    ),
    Mutant(
        "a count forgets what was ordered since",
        TOTALS,
        "min(totals.returned for totals in after) - gone",
        "min(totals.returned for totals in after)",
    ),
    Mutant(
        "a correction of stock counts each time that it is sent",
        "functions/orders/inventory/stock_store.py",
        "                    condition=AdjustmentItem.pk.does_not_exist(),\n",
        "",
    ),
    Mutant("old news of a payment are believed", EVENTS, "held.version >= message.version", "held.version > message.version + 9"),
    Mutant(
        "money for a cancelled order is not noted",
        EVENTS,
        'if order.state in ("paid", "cancelled") or payment.test',
        'if order.state == "cancelled":\n        return None\n    if order.state in ("paid", "cancelled") or payment.test',
    ),
    Mutant(
        "old news of a refund that came back are believed",
        EVENTS,
        'if refund.state != "requested":\n        return None',
        'if refund.state == "paid":\n        return None',
    ),
    Mutant(
        "an answer to a question for units counts twice",
        ANSWERS,
        "    if held.has_answer(message.part):\n        return None\n    released",
        "    released",
    ),
    Mutant(
        "units that had left are paid back as released",
        ANSWERS,
        "    withdrawal = held.with_answer(message.part, kept=kept)",
        "    withdrawal = held.with_answer(message.part, released=kept)",
    ),
    Mutant(
        "a supplier's parcel answers for its virtual goods",
        "functions/orders/withdrawals/units.py",
        "    return {line.offer_id: line.part for line in order.lines}",
        "    return {line.offer_id: line.supplier_id for line in order.lines}",
    ),
    Mutant("released units are not put on sale again", ANSWERS, "released if withdrawal.restock else {}", "{}"),
    Mutant(
        "an order that nobody pays never expires",
        "functions/orders/lifecycle/sweep_due.py",
        '    if order.state == "unpaid":\n        yield order.pay_by\n',
        "",
    ),
    Mutant(
        "a cancelled order keeps the shipping price",
        "functions/orders/refunds/refunds_owed.py",
        "amount=order.worth(order.remaining) + order.shipping_left,",
        "amount=order.worth(order.remaining),",
    ),
    Mutant(
        "what was paid back whole at the provider is sent",
        "functions/orders/order_service.py",
        " or paid_back_withdrawal(order, now)",
        "",
    ),
    Mutant(
        "an order whose promise ended keeps its goods",
        "functions/orders/withdrawals/unpaid_withdrawals.py",
        'if order.state != "review" or not order.promise_over or order.promise_over > rfc3339(now):',
        'if order.promise_over or not order.promise_over or order.state != "review":',
    ),
    Mutant(
        "nobody is told that all had left that was asked back",
        ANSWERS,
        "    if not withdrawal.kept:\n        return None\n",
        "    if not withdrawal.released:\n        return None\n",
    ),
    Mutant(
        "endpoints are not told that a promise stands",
        "functions/orders/lifecycle/payment_reversals.py",
        "OrderPromiseRetained.model_validate(after.event_fields() | said))",
        "None if said else None)",
    ),
)
