"""`python -m tools.upgrade.seal_buyers` seals who bought, and where it goes, in orders and shipments of before buyers were sealed.

Run it once with the hub running, when the release that seals has taken over (`BuyersTexts=sealed`). It goes through the orders' table, then
the shipments', at some 100 read units a second. Each order of before gets a key of its own, as new ones have; its shipments get the order's
text, so that erasing the order reaches them. Run again, it does what is left to do, and nothing twice. `--dry-run` counts, and
writes nothing.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_bytes
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from functions.orders.buyers.buyer_sealing import BuyerSealing, lies_in_the_clear
from functions.orders.buyers.unsealed_orders_store import UnsealedOrderStore
from functions.orders.order import Order
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.unsealed_shipments_store import UnsealedShipmentStore
from monsoon_plugin.clock import utc_now
from shared.optimistic_retry import Busy, Retry
from shared.providers.kms_keys import KmsKeys
from shared.sealing.keys_store import KeysStore
from shared.sealing.sealed_text import SealedText
from shared.sealing.sealing import Sealing
from tools.progress import Say, say, telling
from tools.redrive import which_hub
from tools.restore_drill.stage_tables import Unrestorable, tables_of

EXAMPLES = """examples:
  python -m tools.upgrade.seal_buyers --stage prod --dry-run
  python -m tools.upgrade.seal_buyers --stage prod
  .venv/bin/python -m tools.upgrade.seal_buyers --laptop      (the hub that `make run` started)
"""
SAY_EACH = 1000
"""After so many orders, or shipments, it is said how far it is."""


class NotYet(RuntimeError):
    """The hub does not seal: the release before, which cannot read what is sealed, may still run beside it."""


class InTheClear(LookupError):
    """What would seal it could not be sealed itself: another run may."""


class Lacking(LookupError):
    """Nothing is there that could seal it, and running this again changes nothing of that. Says what, and what to do."""


@dataclass
class Sealed:
    """What was done of one table: looked at, found in the clear, sealed, left for another run, and those that no run can seal."""

    what: str
    seen: int = 0
    clear: int = 0
    sealed: int = 0
    left: int = 0
    stay: int = 0

    def __str__(self) -> str:
        done = f"{self.seen:,} {self.what} looked at: {self.clear:,} lay in the clear, {self.sealed:,} sealed, {self.left:,} could not be"
        return f"{done}; {self.stay:,} stay as they are, see above: running this again changes nothing of that" if self.stay else done


@dataclass(frozen=True)
class Tables:
    """Both tables' old items. `buyers` None: nothing is written."""

    orders: UnsealedOrderStore
    shipments: UnsealedShipmentStore
    buyers: BuyerSealing | None
    retry: Retry
    say: Say

    def seal_orders(self) -> Sealed:
        def seal(order: Order, buyers: BuyerSealing) -> bool:
            return self.retry(lambda: self.orders.seal(order, buyers))

        return self._each("orders", self.orders.orders(), lies_in_the_clear, seal)

    def seal_shipments(self) -> Sealed:
        """After the orders: a shipment whose order lies in the clear is named and left; one whose order says no address stays as it is."""

        def seal(shipment: Shipment, buyers: BuyerSealing) -> bool:
            text = self._address_of(shipment)
            return self.retry(lambda: self.shipments.seal(shipment, text))

        return self._each("shipments", self.shipments.shipments(), lambda shipment: shipment.address is not None, seal)

    def _address_of(self, shipment: Shipment) -> SealedText:
        """Under its order's key. Raises InTheClear while that lies so in the clear, and Lacking where there is none."""
        order = self.orders.order(shipment.account_id, shipment.storefront_id, shipment.order_id)
        if order is None:
            raise Lacking(f"there is no order {shipment.order_id}: put it back (docs/operators.md, When data is lost), and run this again")
        if lies_in_the_clear(order):
            raise InTheClear(f"its order {order.id} lies in the clear")
        if order.sealed_address is None:
            raise Lacking(f"its order {order.id} has no address, it has one: look at both (docs/operators.md, What an item holds)")
        return order.sealed_address

    def _each(self, what: str, found: Iterable[Any], is_clear: Callable[[Any], bool], seal: Callable[[Any, BuyerSealing], bool]) -> Sealed:
        done = Sealed(what)
        for one in telling(found, SAY_EACH, lambda: done, self.say):
            done.seen += 1
            if is_clear(one):
                done.clear += 1
                self._one(one, seal, done)
        return done

    def _one(self, one: Any, seal: Callable[[Any, BuyerSealing], bool], done: Sealed) -> None:
        if self.buyers is None:
            return
        try:
            done.sealed += seal(one, self.buyers)
        except (Busy, InTheClear) as error:
            why = "it changes too fast" if isinstance(error, Busy) else str(error)
            self.say(f"left: {one.id} of storefront {one.storefront_id}: {why}")
            done.left += 1
        except Lacking as error:
            self.say(f"stays in the clear: {one.id} of storefront {one.storefront_id}: {error}")
            done.stay += 1


def sealing_of(variables: Mapping[str, str]) -> BuyerSealing:
    """By the keys of the hub whose orders' function has these variables. Raises NotYet."""
    if variables["BUYERS_TEXTS"] != "sealed":
        raise NotYet("deploy BuyersTexts=sealed first, and let it take over: docs/operators.md, After an upgrade")
    os.environ["STORED_TEXTS"] = variables.get("STORED_TEXTS", "packed")
    keys = KeysStore(variables["KEYS_TABLE"])
    return BuyerSealing(Sealing(KmsKeys(variables["CREDENTIALS_KEY"]), keys, random=token_bytes, clock=utc_now), lambda: True)


def variables_of(orders_table: str, client: Any) -> Mapping[str, str]:
    """Those of the function that places orders. Raises NotYet for a hub of before."""
    for page in client.get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            variables: dict[str, str] = function.get("Environment", {}).get("Variables", {})
            if variables.get("ORDERS_TABLE") == orders_table and {"KEYS_TABLE", "CREDENTIALS_KEY", "BUYERS_TEXTS"} <= variables.keys():
                return variables
    raise NotYet("no function of this hub seals: deploy the release that does, with BuyersTexts=plain and then sealed")


def main(arguments: Sequence[str] | None = None) -> None:
    """Say, and do. Ends with status 1 if something is left for another run, or if it could not be finished."""
    asked = parser().parse_args(arguments)
    stage, client = which_hub.enter(asked)
    try:
        done = _run(stage, client, dry=asked.dry_run)
    except (BotoCoreError, ClientError, PynamoDBException, Unrestorable) as error:
        sys.exit(f"{error}\ncheck --stage and your AWS credentials, and begin again: nothing is done twice")
    except NotYet as error:
        sys.exit(str(error))
    ended(done)


def ended(done: Iterable[Sealed]) -> None:
    """Ends with status 1 if another run would do more; what no run can do is said, and no error."""
    if any(each.left for each in done):
        sys.exit("run it again for those that are left")


def _run(stage: str, client: Callable[[str], Any], *, dry: bool) -> list[Sealed]:
    names = tables_of(stage, client("dynamodb")).names
    buyers = None if dry else sealing_of(variables_of(names["orders"], client("lambda")))
    tables = Tables(UnsealedOrderStore(names["orders"]), UnsealedShipmentStore(names["shipping"]), buyers, Retry(), say)
    done = []
    for each in (tables.seal_orders, tables.seal_shipments):
        done.append(each())
        say(str(done[-1]))
    return done


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m tools.upgrade.seal_buyers", description=__doc__, epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    which_hub.ask(made)
    made.add_argument("--dry-run", action="store_true", help="say how many lie in the clear, and write nothing")
    return made


if __name__ == "__main__":
    main()
