"""A storefront as orders must know it: whether it takes orders, what it sells, and at which price."""

from functools import cached_property, lru_cache

from pydantic import BaseModel, ConfigDict

from shared.bounds.kept import kept
from shared.buyers.seller import Seller
from shared.errors import Conflict
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule

REMEMBERED = 128
"""A process remembers so many storefronts' rules: some 5 MB of long ones."""


class Closed(Conflict):
    code, title = "storefront-closed", "This storefront does not take orders at present"


class SuspendedStorefront(Conflict):
    code, title = "storefront-suspended", "An operator has suspended this storefront: it takes no orders"


class Storefront(BaseModel):
    """What a storefront sells and at which price, as it last told."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    open: bool
    suspended: str = ""
    """Why an operator has closed it; empty if none has."""
    selection: Selection
    price_rule: PriceRule
    seller: Seller | None = None
    """As papers name them; None where its owner has not said who sells."""

    @cached_property
    def rule(self) -> Rule:
        return Rule(self.selection, self.price_rule)

    def check_open(self) -> None:
        """Raises SuspendedStorefront, Closed."""
        if self.suspended:
            raise SuspendedStorefront("an operator has suspended it: its owner sees why, and whom to ask")
        if not self.open:
            raise Closed


@lru_cache(REMEMBERED)
def storefront_of(facts: str) -> Storefront:
    """The storefront in a JSON text. The same text gives the same one, so that its rule is compiled once a version, not once an order."""
    return kept(Storefront, facts)
