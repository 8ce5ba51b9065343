"""Carrying a supplier's sanction out on each of its offers, page by page, so that whoever keeps a copy learns of each.

Checkout and listings do not wait for it: they hear of the supplier itself. An approval that read the old standing may slip in behind
a page; so the supplier's offers are gone through once more, AGAIN later, when no such approval is under way any more.
"""

from collections.abc import Callable
from typing import Protocol, Self

from pydantic import BaseModel, ConfigDict

from functions.catalog.offers.offer import Offer
from functions.catalog.sanctions.supplier_standing import SupplierStanding
from shared.messages import SupplierReinstated, SupplierSuspended

PAGE = 200
"""Offers of one message: some seconds' work."""
AGAIN = 60
"""Seconds; an approval takes less, and so does the call of the function that reads the standing for all of its approvals."""


class SanctionJob(BaseModel):
    """Offers of a supplier that are still to be gone through: those after `after`."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    supplier_id: str
    version: int
    """Of the standing that is carried out."""
    after: str = ""
    again: bool = False

    @classmethod
    def of(cls, message: SupplierSuspended | SupplierReinstated) -> Self:
        return cls(supplier_id=message.supplier_id, version=message.version)


Send = Callable[[SanctionJob, int], None]
"""Puts a job on the queue, to be taken after so many seconds."""


class Standings(Protocol):
    def standing(self, supplier_id: str) -> SupplierStanding: ...


class OfferPages(Protocol):
    def page(self, supplier_id: str, after: str, limit: int) -> list[Offer]:
        """At most `limit` offers of the supplier, by product id, after the one named."""
        ...


class ApplySanction(Protocol):
    def apply_sanction(self, offer: Offer, standing: SupplierStanding) -> None: ...


class SanctionRollout:
    """`page` is how many offers one job goes through."""

    def __init__(self, standings: Standings, pages: OfferPages, offers: ApplySanction, send: Send, page: int = PAGE) -> None:
        self._standings, self._pages, self._offers, self._send, self._page = standings, pages, offers, send, page

    def begin(self, message: SupplierSuspended | SupplierReinstated) -> None:
        self._send(SanctionJob.of(message), 0)

    def carry_out(self, job: SanctionJob) -> None:
        """Go through one page; a newer decision has a job of its own, so this one then ends. Taken twice it changes nothing."""
        standing = self._standings.standing(job.supplier_id)
        if standing.version != job.version:
            return
        page = self._pages.page(job.supplier_id, job.after, self._page)
        for offer in page:
            self._offers.apply_sanction(offer, standing)
        if len(page) == self._page:
            self._send(job.model_copy(update={"after": page[-1].product_id}), 0)
        elif not job.again:
            self._send(job.model_copy(update={"after": "", "again": True}), AGAIN)
