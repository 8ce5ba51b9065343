"""Where parcels go, in the clear: for labels, customs papers, and who packs. What is opened here is shown or sent, and never written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from functions.shipping.shipments.shipment import Shipment
from monsoon_plugin.address import Address
from monsoon_plugin.errors import ErrorKind, PluginError
from shared.bounds.kept import kept
from shared.sealing.sealed_text import SealedText

ERASED = "what its buyer said, the address too, has been erased: it cannot be labelled"


class Opening(Protocol):
    def open(self, texts: Sequence[tuple[str, SealedText]]) -> list[str | None]:
        """What each tenant's text says; None where its key is erased."""


@dataclass(frozen=True, slots=True)
class Recipients:
    sealing: Callable[[], Opening]
    """Asked for when the first sealed address is to be opened."""

    def shown(self, shipments: Sequence[Shipment]) -> list[Shipment]:
        """The shipments with their addresses in the clear, all opened in one read; without, where they are erased."""
        texts = [(one.tenant, one.sealed_address) for one in shipments if one.sealed_address]
        opened = iter(self.sealing().open(texts) if texts else ())
        return [self._with(one, next(opened)) if one.sealed_address else one for one in shipments]

    def address(self, shipment: Shipment) -> Address:
        """Where the parcel goes. Raises PluginError where that is erased; ValueError of virtual goods, which are never labelled."""
        (shown,) = self.shown([shipment])
        if shown.address is None:
            if shipment.sealed_address:
                raise PluginError(ErrorKind.INVALID, ERASED)
            raise ValueError(f"{shipment.id} has no address")
        return shown.address

    @staticmethod
    def _with(shipment: Shipment, said: str | None) -> Shipment:
        return shipment.model_copy(update={"address": kept(Address, said)}) if said else shipment
