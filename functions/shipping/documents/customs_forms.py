"""What customs asks of a parcel that crosses a border: whether it does, which forms, and what they say. Pure.

Sources: UPU Convention Manual, article 17-105 and forms CN 22 and CN 23 (CN 22 up to 300 SDR and 2 kg, CN 23 beyond); Regulation
(EU) No 952/2013, article 4 (customs territory of the Union), and Decision 91/115/EEC's successor for Monaco; the Swiss–Liechtenstein
customs union treaty of 29 March 1923.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from functions.shipping.shipments.shipment import Shipment
from monsoon_plugin.address import Address
from monsoon_plugin.courier import Content, DocumentKind
from monsoon_plugin.money import Money
from shared.trade.fx import Rates

UNIONS = (
    frozenset(re.findall("..", "ATBEBGCYCZDEDKEEESFIFRGRHRHUIEITLTLULVMCMTNLPLPTROSESISK")),
    frozenset({"CH", "LI"}),
)
"""Countries within which goods need no customs papers. Territories with codes and taxes of their own (AX, GP, RE, …) do need them."""
CN22_WEIGHT = 2_000
"""Grams."""
CN22_VALUE = Money(300_00, "EUR")
"""The rule says 300 SDR. An SDR has been worth more than a euro since the euro began, so a value up to this is surely within it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomsForm:
    """One form."""

    kind: DocumentKind
    number: str
    """The shipment's id, or the courier's number if there is one."""
    day: str
    sender: Address
    recipient: Address
    packages: Sequence[Sequence[Content]]
    gross_weights: Sequence[int]
    """Grams, package by package."""
    reason: str = "Sale of goods"

    @property
    def lines(self) -> list[Content]:
        return [content for package in self.packages for content in package]

    @property
    def total(self) -> Money:
        return Money(sum(content.value for content in self.lines), self.lines[0].currency)


def crosses(sender: str, recipient: str) -> bool:
    """Whether goods from one country to the other pass customs."""
    return sender != recipient and not any({sender, recipient} <= union for union in UNIONS)


def customs_forms(shipment: Shipment, sender: Address, day: str, rates: Callable[[], Rates]) -> list[CustomsForm]:
    """The forms of a shipment from `sender`: a commercial invoice, which parcel services ask for, and the posts' CN 22 or CN 23.

    None within one customs territory. A form has a page for each package.
    """
    if not crosses(sender.country, shipment.address.country):
        return []
    parcel = shipment.parcel
    contents = [package.contents for package in parcel.packages] or [parcel.contents]
    weights = [package.weight for package in parcel.packages] or [parcel.weight]
    number = (shipment.label.tracking_number if shipment.label else "") or shipment.id
    small = max(weights) <= CN22_WEIGHT and _small(sum(c.value for c in parcel.contents), shipment.currency, rates)
    kinds: tuple[DocumentKind, ...] = ("commercial_invoice", "cn22" if small else "cn23")
    return [
        CustomsForm(
            kind=kind,
            number=number,
            day=day,
            sender=sender,
            recipient=shipment.address,
            packages=contents,
            gross_weights=weights,
        )
        for kind in kinds
    ]


def _small(value: int, currency: str, rates: Callable[[], Rates]) -> bool:
    """Whether the value is surely within CN 22's limit; where no rate tells, it is not."""
    if currency != CN22_VALUE.currency:
        today = rates()
        if not (today.knows(currency) and today.knows(CN22_VALUE.currency)):
            return False
        return today.convert(Money(value, currency), CN22_VALUE.currency) <= CN22_VALUE
    return value <= CN22_VALUE.amount
