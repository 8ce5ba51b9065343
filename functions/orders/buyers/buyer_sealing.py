"""What an order says of its buyer, so that nobody but who may reads who they are, and nobody at all once its key is erased."""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import Field

from functions.orders.buyers.buyer import Buyer, normalised_email
from functions.orders.order import Order
from functions.orders.part import Part
from monsoon_plugin.address import Address
from shared.bounds.kept import kept
from shared.errors import Conflict
from shared.sealing.sealed_text import SealedText

PARTY = "pty"
TOLD_BY = ("tax_id", "name", "email", "phone")
"""Of a buyer: what says who they are."""


class StillNeeded(Conflict):
    code, title = "buyer-still-needed", "Who bought this order cannot be erased yet"


class Said(Part):
    """What is sealed of who buys, beside the address, which shipping opens alone."""

    buyer: Buyer
    note: str = Field(default="", repr=False)


class Sealer(Protocol):
    """Seals texts of a tenant (shared.sealing.sealing)."""

    def pseudonym(self, kind: str, account_id: str, text: str) -> str:
        """The one id of `kind` that stands for `text` at this account."""

    def seal(self, tenant: str, *plain: str) -> list[SealedText]:
        """The texts, under a key that seals nothing else."""

    def open(self, texts: Sequence[tuple[str, SealedText]]) -> list[str | None]:
        """What each tenant's text says, in one read; None where its key is erased."""

    def erase(self, text: SealedText) -> None:
        """Let nobody read it, or what else its key seals, again."""


@dataclass(frozen=True, slots=True)
class BuyerSealing:
    sealing: Sealer
    seals: Callable[[], bool]
    """Whether new orders are sealed: not beside a release that cannot read them (docs/decisions/0059-sealing.md)."""

    def party(self, account_id: str, email: str) -> str:
        """The id that all orders of this mailbox have at this account: the same at each of its storefronts, another elsewhere."""
        return self.sealing.pseudonym(PARTY, account_id, normalised_email(email))

    def identified(self, account_id: str, buyer: Buyer) -> Buyer:
        """The buyer with their party; as they are, where no e-mail says whose it is."""
        return buyer.model_copy(update={"party_id": self.party(account_id, buyer.email)}) if buyer.email else buyer

    def is_of(self, order: Order, party: str) -> bool:
        """Whether the order's buyer is this party, and not erased; orders of before parties have an e-mail in the clear, or none."""
        known = order.buyer.party_id or (self.party(order.account_id, order.buyer.email) if order.buyer.email else "")
        return hmac.compare_digest("" if order.forgotten else known, party)

    def sealed(self, order: Order) -> Order:
        """The order as it is kept. The address is sealed apart: shipping reads it, and nothing else of the buyer."""
        if not self.seals():
            return order
        who = Buyer(**{name: getattr(order.buyer, name) for name in TOLD_BY})
        said = Said(buyer=who, note=order.note) if order.note or who != Buyer() else None
        plain = {"sealed": said, "sealed_address": order.address}
        names = [name for name, part in plain.items() if part]
        if not names:
            return order
        texts = self.sealing.seal(tenant_of(order), *(part.model_dump_json(exclude_defaults=True) for part in plain.values() if part))
        without = {"buyer": order.buyer.model_copy(update=dict.fromkeys(TOLD_BY)), "note": "", "address": None, "to_country": order.country}
        return order.model_copy(update={**without, **dict(zip(names, texts, strict=True))})

    def erase(self, order: Order) -> None:
        """Let nobody read again who bought it and where it went, in whatever copy; doing it again changes nothing.

        Raises StillNeeded while it may be sent, and of orders of before, which lie in the clear until tools.upgrade.seal_buyers has run.
        """
        texts = [text for text in (order.sealed, order.sealed_address) if text]
        if not (order.state == "cancelled" or order.fulfilment in ("dispatched", "delivered")):
            raise StillNeeded("cancel it, or wait until it is dispatched")
        if lies_in_the_clear(order):
            raise StillNeeded("it was placed before buyers were sealed: ask the hub's operator to seal such orders, then erase it")
        if texts:
            self.sealing.erase(texts[0])

    def opened(self, orders: Sequence[Order]) -> list[Order]:
        """The orders to be shown to their shop, all opened in one read. What is opened is never written."""
        texts = [(tenant_of(order), text) for order in orders for text in (order.sealed, order.sealed_address) if text]
        plain = iter(self.sealing.open(texts) if texts else ())
        return [_with(order, next(plain) if order.sealed else None, next(plain) if order.sealed_address else None) for order in orders]


def lies_in_the_clear(order: Order) -> bool:
    """Whether it says who bought it, or where it goes, to whoever reads the table: as orders of before buyers were sealed do."""
    return bool(order.address or order.note or any(getattr(order.buyer, name) for name in TOLD_BY))


def tenant_of(order: Order) -> str:
    return f"{order.account_id}#{order.storefront_id}"


def _with(order: Order, said: str | None, address: str | None) -> Order:
    """`order` with what its texts say; erased where one of them says nothing."""
    changes: dict[str, object] = {"erased": bool((order.sealed and said is None) or (order.sealed_address and address is None))}
    if said is not None:
        told = kept(Said, said)
        who = {name: getattr(told.buyer, name) for name in TOLD_BY}
        changes |= {"buyer": order.buyer.model_copy(update=who), "note": told.note}
    if address is not None:
        changes["address"] = kept(Address, address)
    return order.model_copy(update=changes)
