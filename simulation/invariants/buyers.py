"""Who bought: it lies in the clear nowhere, and whoever was erased is known to nobody any more, in whatever copy."""

import os
from collections.abc import Iterator
from typing import Any

from functions.orders.buyers.buyer_sealing import tenant_of
from functions.orders.order import Order
from monsoon_plugin.clock import utc_now
from shared.aws.packing import unpacked
from shared.providers.kms_keys import KmsKeys
from shared.sealing.keys_store import KeysStore
from shared.sealing.sealed_text import SealedText
from shared.sealing.sealing import Sealing
from simulation.actors.buying.buyers import SECRETS, Buyers
from simulation.actors.observed import Bought
from simulation.invariants.seen import Seen

TABLES = ("OrdersTable", "ShippingTable", "SettlementTable", "PaymentsTable", "FanoutTable", "NoticesTable")
TEXTS = ("order", "shipment", "event", "plan", "subscription", "mail")


def nobody_reads_who_bought(seen: Seen) -> Iterator[str]:
    """No item says it, packed or plain, and no message that was sent; guests were shown what they should be."""
    yield from seen.observed.misled
    if not seen.observed.bought:
        return
    for table in TABLES:
        for raw in seen.items(table):
            told = [str(raw), *(unpacked(raw[name]) for name in TEXTS if name in raw)]
            if any(secret in text for text in told for secret in SECRETS):
                yield f"{table} {raw['pk']['S']} {raw['sk']['S']} says who bought"
    for queue in seen.world.messages.queues:
        yield from (f"{queue} was told who bought" for told in seen.world.messages.told(queue) if _says(told))


def _says(told: dict[str, Any]) -> bool:
    return any(secret in str(told) for secret in SECRETS)


def who_is_erased_is_gone(seen: Seen) -> Iterator[str]:
    """Of each order whose buyer the hub says it erased: no copy of what they said opens, its shop reads that they are erased, suppliers
    read no address, no e-mail finds it; what money moved is there. Of any other, all of it opens."""
    for bought in seen.observed.bought:
        order = seen.orders[bought.order_id]
        texts = [text for text in (order.sealed, order.sealed_address) if text]
        texts += [s.sealed_address for s in seen.shipments if s.order_id == order.id and s.sealed_address]
        opened = [said is not None for said in _sealing().open([(tenant_of(order), text) for text in texts])]
        if bought.erased and any(opened):
            yield f"order {order.id}: {opened} of what its buyer said opens still"
        if bought.asked is None and not all(opened):
            yield f"order {order.id}: {opened} of what its buyer said opens"
        if bought.erased:
            yield from _shown(seen, bought, order, texts)


def _shown(seen: Seen, bought: Bought, order: Order, texts: list[SealedText]) -> Iterator[str]:
    shown = seen.people.must(bought.shop.owner, "GET", f"{bought.shop.path}/orders/{order.id}")
    if not shown.get("erased") or _says(shown):
        yield f"order {order.id} is shown as {shown}"
    for supplier in seen.setting.suppliers:
        parcels = seen.people.must(supplier, "GET", "/v1/shipments?limit=100")["items"]
        if any(_says(parcel) for parcel in parcels if parcel["order_id"] == order.id):
            yield f"{supplier.account_id} reads still where order {order.id} went"
    guest = Buyers(seen.people, seen.setting, seen.observed, seen.world.random, seen.world)
    guest.look(bought)
    yield from seen.observed.misled
    if order.paid_by and not any(entry.order_id == order.id for entry in seen.journal):
        yield f"order {order.id} was paid, and the ledger knows nothing of it"


def _sealing() -> Sealing:
    return Sealing(KmsKeys(os.environ["CREDENTIALS_KEY"]), KeysStore(os.environ["KEYS_TABLE"]), random=os.urandom, clock=utc_now)
