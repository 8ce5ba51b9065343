"""What a picture's news does to the products that name it, in jobs: those that waited for it are published with it, those that showed it
without it once it is taken down, or with the file that took its place.

Who waits is written down; who shows one is not, for that would be a write more of each product for what hardly ever happens: all of
its supplier's products are gone through. An approval that read the picture just before may slip in behind a page, so they
are once more, AGAIN later.
"""

from collections.abc import Callable, Collection
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from functions.catalog.offers.offer import Offer
from functions.catalog.pictures.heard_picture import HeardPicture, PictureNews, heard_of
from functions.catalog.pictures.picture_wait import PictureWait, lacking_of
from shared.iteration import sweep_each

PAGE, SCANNED = 50, 500
"""Products of one job: that waited, and so are written; and that are looked at."""
TOGETHER, AGAIN = 5, 60
"""Seconds: the pictures of one product mostly come together, so that it is published once; an approval takes less than a minute."""


class PictureJob(BaseModel):
    """What is still to be done for a picture's news: with products after `after`."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    supplier_id: str
    picture_id: str
    all_products: bool = False
    """Whether all of its supplier's are gone through; else those that wait for the picture."""
    after: str = ""
    again: bool = False


class Pictures(Protocol):
    def heard(self, supplier_id: str, picture_ids: Collection[str]) -> dict[str, HeardPicture]: ...

    def keep(self, picture: HeardPicture) -> None:
        """Keep it, unless as much or more was heard."""
        ...

    def waiting(self, supplier_id: str, picture_id: str, after: str, limit: int) -> list[PictureWait]: ...

    def done(self, wait: PictureWait) -> None:
        """It waits no more, unless it has begun to wait anew since."""
        ...


class OfferPages(Protocol):
    def page(self, supplier_id: str, after: str, limit: int) -> list[Offer]: ...


class JoinPictures(Protocol):
    def join_pictures(self, supplier_id: str, product_id: str) -> Offer | None: ...


Send = Callable[[PictureJob, int], None]
"""Puts a job on the queue, to be taken after so many seconds."""


class PictureRollout:
    def __init__(self, pictures: Pictures, pages: OfferPages, offers: JoinPictures, send: Send, scanned: int = SCANNED) -> None:
        self._pictures, self._pages, self._offers, self._send, self._scanned = pictures, pages, offers, send, scanned

    def begin(self, message: PictureNews) -> None:
        """Keep what was heard, and see to whom it concerns; heard twice or late it changes nothing more."""
        picture = heard_of(message)
        may_be_shown = self._may_be_shown(picture)
        self._pictures.keep(picture)
        job = PictureJob(supplier_id=picture.supplier_id, picture_id=picture.picture_id)
        if may_be_shown:  # it is taken down, or another file
            self._send(job.model_copy(update={"all_products": True}), 0)
        if picture.state == "shown" and self._pictures.waiting(picture.supplier_id, picture.picture_id, "", 1):
            self._send(job, TOGETHER)

    def _may_be_shown(self, picture: HeardPicture) -> bool:
        """Whether a product may show it as it was before. What was broken or taken down until now is shown by none, or by one that its own
        news looks for; of what comes again nobody knows what came of it the first time."""
        if picture.version == 1:
            return False
        before = self._pictures.heard(picture.supplier_id, [picture.picture_id]).get(picture.picture_id)
        return before is None or before.shown is not None or before.version >= picture.version

    def carry_out(self, job: PictureJob) -> None:
        if job.all_products:
            self._go_through(job)
        else:
            self._bring_in(job)

    def _bring_in(self, job: PictureJob) -> None:
        waits = self._pictures.waiting(job.supplier_id, job.picture_id, job.after, PAGE)
        sweep_each(waits, self._join, "products that wait for a picture")
        if len(waits) == PAGE:
            self._send(job.model_copy(update={"after": waits[-1].product_id}), 0)

    def _join(self, wait: PictureWait) -> None:
        """Whose picture was taken down meanwhile goes on waiting."""
        offer = self._offers.join_pictures(wait.supplier_id, wait.product_id)
        if offer is None or wait.picture_id not in lacking_of(offer):
            self._pictures.done(wait)

    def _go_through(self, job: PictureJob) -> None:
        page = self._pages.page(job.supplier_id, job.after, self._scanned)
        showing = [offer for offer in page if any(each.picture_id == job.picture_id for each in offer.shown)]
        sweep_each(showing, lambda offer: self._offers.join_pictures(offer.supplier_id, offer.product_id), "products that show a picture")
        if len(page) == self._scanned:
            self._send(job.model_copy(update={"after": page[-1].product_id}), 0)
        elif not job.again:
            self._send(job.model_copy(update={"after": "", "again": True}), AGAIN)
