"""What people said of a product's variants: which thing one is, and with which others were linked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Self

from shared.variants.offered import Offered


class VariantWords(NamedTuple):
    """By the ids of their offers."""

    items: Mapping[str, str] = {}
    """The thing that it is, beside which its codes say nothing."""
    named: Collection[str] = ()
    """With which others were linked: they bear its own id."""

    @classmethod
    def told(cls, offers: Iterable[Offered], items: Sequence[str], named: Sequence[int]) -> Self:
        """As a publication says it, by the places of the product's offers."""
        offer_ids = [each.offer_id for each in offers]
        said = {offer_id: item for offer_id, item in zip(offer_ids, items, strict=False) if item}
        return cls(said, [offer_ids[place] for place in named if place < len(offer_ids)])
