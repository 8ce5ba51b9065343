"""A catalog of one supplier in memory, in which others act between any two steps of whoever acts."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from functions.catalog.offers.offer import Offer, OfferChange
from functions.catalog.offers.offer_service import OfferService
from functions.catalog.pictures.heard_picture import HeardPicture
from functions.catalog.pictures.picture_rollout import PictureJob, PictureRollout
from functions.catalog.pictures.picture_service import PictureService
from functions.catalog.pictures.picture_wait import PictureWait
from functions.catalog.sanctions.supplier_standing import SupplierStanding
from shared.ids import derived_id
from shared.messages import ProductApproved
from shared.optimistic_retry import AT_ONCE
from shared.pictures.picture_messages import PictureHidden, PictureRefused, PictureShown
from shared.pictures.shown_picture import ShownPicture
from shared.trade.product import Product
from tests.fakes import FakeClock

PICTURES = [derived_id("pic", str(n)) for n in range(3)]
PRODUCT = Product.model_validate(
    {
        "sku": "M-1", "texts": {"en": {"title": "Mug"}}, "category": "aa", "price": {"amount": 900, "currency": "GBP"}, "stock": 5,
        "pictures": PICTURES[:2],
    }
)  # fmt: skip
SUPPLIER = "acc_1"


def approved(version: int = 1, product_id: str = "prd_1", **told: Any) -> ProductApproved:
    product = Product.model_validate(PRODUCT.model_dump(exclude_defaults=True) | told)
    return ProductApproved(version=version, product_id=product_id, supplier_id=SUPPLIER, product=product, decided_by="rules")


def shown(picture_id: str, version: int = 1) -> PictureShown:
    content = ShownPicture(content=derived_id("img", picture_id), width=900, height=600, colour="#a1b2c3", blur="UklGRg==")
    return PictureShown(picture_id=picture_id, account_id=SUPPLIER, version=version, shown=content)


def broken(picture_id: str) -> PictureRefused:
    return PictureRefused(picture_id=picture_id, account_id=SUPPLIER, version=1, code="damaged", reason="cut off", reason_zh="不完整")


def hidden(picture_id: str, version: int = 2) -> PictureHidden:
    told = {"code": "copyright", "reason": "somebody says it is theirs", "reason_zh": "有人主张权利"}
    return PictureHidden(picture_id=picture_id, account_id=SUPPLIER, version=version, content=derived_id("img", picture_id), **told)


@dataclass
class World:
    """`others`: acts that are still to happen; each happens whole, between two steps of another act. `dies`: at so many steps more."""

    offers: dict[str, Offer] = field(default_factory=dict)
    pictures: dict[str, HeardPicture] = field(default_factory=dict)
    waits: dict[tuple[str, str], int] = field(default_factory=dict)
    events: list[Any] = field(default_factory=list)
    jobs: list[PictureJob] = field(default_factory=list)
    others: list[tuple[int, Callable[[], None]]] = field(default_factory=list)
    """Each after so many steps of what is under way."""

    def __post_init__(self) -> None:
        self.service = OfferService(self, self, PictureService(self), FakeClock(), AT_ONCE)
        self.rollout = PictureRollout(self, self, self.service, lambda job, delay: self.jobs.append(job), scanned=2)

    def approve(self, message: ProductApproved) -> None:
        self.service.approve(message)

    def hear(self, message: PictureShown | PictureRefused | PictureHidden) -> None:
        self.rollout.begin(message)

    def settle(self) -> int:
        """Take all jobs until none is left; answers how many there were."""
        taken = 0
        while self.jobs:
            self.rollout.carry_out(self.jobs.pop(0))
            taken += 1
            assert taken < 100, "jobs without end"
        return taken

    def shows(self, product_id: str = "prd_1") -> list[str]:
        return [each.picture_id for each in self.offers[product_id].shown]

    @contextmanager
    def _step(self) -> Iterator[None]:
        yield
        if self.others:
            steps, act = self.others[0]
            if steps:
                self.others[0] = (steps - 1, act)
            else:
                self.others.pop(0)
                act()

    def standing(self, supplier_id: str) -> SupplierStanding:
        return SupplierStanding(supplier_id)

    def get(self, supplier_id: str, product_id: str) -> Offer | None:
        with self._step():
            return self.offers.get(product_id)

    def page(self, supplier_id: str, after: str, limit: int) -> list[Offer]:
        with self._step():
            return [offer for key, offer in sorted(self.offers.items()) if key > after][:limit]

    def save(self, change: OfferChange, held: Offer | None, now: object) -> bool:
        with self._step():
            current = self.offers.get(change.offer.product_id)
            if (current and current.version) != (held and held.version):
                return False
            self.offers[change.offer.product_id] = change.offer
            self.events += [change.event] if change.event else []
            return True

    def keep(self, picture: HeardPicture) -> None:
        with self._step():
            before = self.pictures.get(picture.picture_id)
            if before is None or before.version < picture.version:
                self.pictures[picture.picture_id] = picture

    def heard(self, supplier_id: str, picture_ids: Collection[str]) -> dict[str, HeardPicture]:
        with self._step():
            return {each: self.pictures[each] for each in picture_ids if each in self.pictures}

    def await_each(self, waits: Sequence[PictureWait]) -> None:
        for wait in waits:
            with self._step():
                self.waits[wait.picture_id, wait.product_id] = wait.since

    def waiting(self, supplier_id: str, picture_id: str, after: str, limit: int) -> list[PictureWait]:
        with self._step():
            found = [(product, since) for (picture, product), since in sorted(self.waits.items()) if picture == picture_id]
            return [PictureWait(supplier_id, picture_id, product, since) for product, since in found if product > after][:limit]

    def done(self, wait: PictureWait) -> None:
        with self._step():
            if self.waits.get((wait.picture_id, wait.product_id)) == wait.since:
                del self.waits[wait.picture_id, wait.product_id]
