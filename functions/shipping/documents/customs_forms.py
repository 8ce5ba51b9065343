"""What customs asks of a parcel that crosses a border: which forms, and what they say. Pure.

Source: UPU Convention Manual, article 17-105 and forms CN 22 and CN 23 (CN 22 up to 300 SDR and 2 kg, CN 23 beyond).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from functions.shipping.parcels.customs_borders import crosses
from functions.shipping.shipments.shipment import Shipment
from monsoon_plugin.address import Address
from monsoon_plugin.courier import Content, DocumentKind
from monsoon_plugin.money import Money
from shared.trade.fx import Rates

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


def customs_forms(shipment: Shipment, sender: Address, day: str, rates: Callable[[], Rates]) -> list[CustomsForm]:
    """The forms of a shipment from `sender`: a commercial invoice, which parcel services ask for, and the posts' CN 22 or CN 23.

    None within one customs territory. A form has a page for each package. What is not said stays empty on it; a weight that is not
    said may be more than CN 22's.
    """
    recipient = shipment.address
    if recipient is None or not crosses(sender.country, recipient.country):
        return []
    parcel = shipment.parcel
    contents = [package.contents for package in parcel.packages] or [parcel.contents]
    weights = [package.weight for package in parcel.packages] or [parcel.weight]
    number = (shipment.label.tracking_number if shipment.label else "") or shipment.id
    small = all(weights) and max(weights) <= CN22_WEIGHT and _small(sum(c.value for c in parcel.contents), shipment.currency, rates)
    kinds: tuple[DocumentKind, ...] = ("commercial_invoice", "cn22" if small else "cn23")
    return [
        CustomsForm(
            kind=kind,
            number=number,
            day=day,
            sender=sender,
            recipient=recipient,
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
