"""The replay itself: from the sorted file to the report."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from hubclient.people import People
from local.stack import Stack
from monsoon_plugin.clock import utc_now
from tools.replay import books
from tools.replay.calls import Declined, awaited
from tools.replay.progress import Progress
from tools.replay.report import Report
from tools.replay.retailer.feed import feed_of, stock_of
from tools.replay.retailer.returns import Return, returns_of
from tools.replay.retailer.sales_file import Part, Retail, parts
from tools.replay.shops import Shop, open_shops
from tools.replay.supply import Supply, supplied, supply_of
from tools.replay.trade import Placed, Trade

T = TypeVar("T")
R = TypeVar("R")
NOT_ON_SALE = "not on sale"


def replayed(retail: Retail, stack: Stack, threads: int) -> Report:
    """Trade what the file tells at the hub. Raises Stalled where the hub does not get on, FeedRefused."""
    people = stack.people()
    supplier = people.merchant("supplier@retail.example", "supplier")
    rows = supplied(supplier, feed_of(retail.goods.values()), set(retail.goods))
    calm(stack)
    supply = supply_of(supplier)
    cancellations = sum(1 for invoice in retail.invoices if invoice.is_cancellation)
    report = Report(
        rows=retail.rows, dirt=retail.dirt, feed=rows, products=supply.standings, invoices=len(retail.invoices),
        cancellations=cancellations,
    )  # fmt: skip
    with open_shops(people, supplier.account_id) as shops:
        calm(stack)
        trade = Trade(shops, supplier, supply.offers)
        placed = ordered(retail, trade, supply, report, threads)
        calm(stack)
        each(f"parcels delivered, {threads} at a time", placed, trade.shipped, report.refused, threads)
        promised = {one.order["id"] for one in placed}
        settled(shops, "the orders are paid", lambda order: order["state"] == "paid" or order["id"] not in promised)
        refunded(retail, trade, placed, report, threads)
        settled(shops, "the refunds are paid", lambda order: all(refund["state"] == "paid" for refund in order["refunds"]))
        calm(stack)
        closed(report, retail, people, trade, threads)
    report.dead = stack.queues.dead_letters()
    return report


def calm(stack: Stack) -> None:
    """Wait until every event has reached whom it is for. Raises Stalled."""
    while not stack.quiet():
        most = stack.queues.waiting()
        with Progress("events delivered", most) as progress:

            def look(most: int = most, progress: Progress = progress) -> int:
                left = stack.queues.waiting()
                progress.at(most - left)
                return left

            awaited(look, lambda left: left == 0, "events are on their way")


def each(name: str, items: Sequence[T], act: Callable[[T], R], refused: Counter[str], threads: int) -> list[R]:
    """What `act` makes of each item, some at a time; what it raises Declined for is left out and counted by reason."""
    with Progress(name, len(items)) as progress, ThreadPoolExecutor(threads) as pool:

        def one(item: T) -> R | Declined:
            try:
                return act(item)
            except Declined as declined:
                return declined
            finally:
                progress.step()

        found = list(pool.map(one, items))
    refused.update(str(declined) for declined in found if isinstance(declined, Declined))
    return [made for made in found if not isinstance(made, Declined)]


def ordered(retail: Retail, trade: Trade, supply: Supply, report: Report, threads: int) -> list[Placed]:
    """Place and pay the orders of the invoices, without the lines that nobody may sell."""
    asked = [part for invoice in retail.invoices if not invoice.is_cancellation for part in parts(invoice)]
    wanted = []
    for part in asked:
        report.lines += len(part.units)
        report.unsold.update(supply.unsold.get(code, NOT_ON_SALE) for code in part.units if code not in supply.offers)
        kept = {code: units for code, units in part.units.items() if code in supply.offers}
        if kept:
            wanted.append(replace(part, units=kept))
        else:
            report.refused["none of its lines is on sale"] += 1
    return each(f"orders placed and paid, {threads} at a time", wanted, trade.placed, report.refused, threads)


def settled(shops: dict[str, Shop], what: str, done: Callable[[books.Order], bool]) -> None:
    """Wait until all orders of both shops are `done`. Raises Stalled."""
    awaited(lambda: sum(1 for order in orders_of(shops) if not done(order)), lambda waiting: waiting == 0, what)


def orders_of(shops: dict[str, Shop]) -> list[books.Order]:
    return [order for shop in shops.values() for order in shop.site.all(shop.orders, limit=50)]


def refunded(retail: Retail, trade: Trade, placed: list[Placed], report: Report, threads: int) -> None:
    """Give back what the cancellations among the invoices take back."""
    by_key = {one.part.key: one for one in placed}
    stand: dict[str, list[Part]] = {}
    for one in placed:
        stand.setdefault(one.part.invoice.number, []).append(one.part)
    wanted, report.unmatched = returns_of(retail.invoices, stand)

    def refund(one: Return) -> bool:
        trade.refunded(one, by_key[one.part.key])
        return True

    report.refunds = len(each(f"refunds, {threads} at a time", wanted, refund, report.unmatched, threads))


def closed(report: Report, retail: Retail, people: People, trade: Trade, threads: int) -> None:
    """Read the books into the report."""
    orders = orders_of(trade.shops)
    names = {shop.storefront_id: name for name, shop in trade.shops.items()}
    report.orders = Counter(f"{o['state']} and {o['fulfilment']}, {names[o['storefront_id']]} shop" for o in orders)
    report.money = books.money_of(orders)
    report.trial = books.trial_balance(people.operator().hub, books.days_of(orders, utc_now()))
    start = {trade.offers[code]: stock_of(good) for code, good in retail.goods.items() if code in trade.offers}
    stock = each("stock read", list(start), lambda offer: (offer, books.units_of(trade.supplier.hub, offer)), Counter(), threads)
    report.stock = books.stock_of(start, orders, dict(stock))
