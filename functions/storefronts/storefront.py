"""A storefront: what it sells and at which price. It holds a rule, never a copy of a product."""

from dataclasses import dataclass, replace

from shared.errors import Conflict, FieldError, Invalid
from shared.messages import StorefrontConfigured
from shared.selection import PriceRule, Selection


class StorefrontChanged(Conflict):
    code, title = "storefront-changed", "The storefront is of another version by now: read it, and send your change again"


class StorefrontClosed(Conflict):
    code, title = "storefront-closed", "The storefront is closed"


@dataclass(frozen=True, slots=True)
class Configuration:
    """What its owner decides. The first language is what a shopper reads whose own is not among them."""

    name: str
    languages: tuple[str, ...]
    selection: Selection
    price_rule: PriceRule
    open: bool


@dataclass(frozen=True, slots=True)
class Storefront:
    id: str
    account_id: str
    version: int
    configuration: Configuration
    fingerprint: str

    @property
    def event(self) -> StorefrontConfigured:
        """What tells the other services of this version."""
        told = self.configuration
        return StorefrontConfigured(
            storefront_id=self.id, account_id=self.account_id, version=self.version, name=told.name, open=told.open,
            selection=told.selection, price_rule=told.price_rule,
        )  # fmt: skip


def reconfigured(held: Storefront, version: int, configuration: Configuration) -> Storefront:
    """The next version of `held`, if its owner has seen `version`. Raises StorefrontChanged."""
    if version != held.version:
        raise StorefrontChanged(f"version {held.version} is the current one", [FieldError("/version", "not the current version")])
    return replace(held, version=held.version + 1, configuration=configuration)


def known_categories(selection: Selection, taxonomy: frozenset[str]) -> None:
    """Raises Invalid naming every category of the rule that the taxonomy does not have."""
    unknown = [
        FieldError(f"/selection/categories/{i}", "the taxonomy has no such category: see /v1/taxonomy")
        for i, category in enumerate(selection.categories)
        if category not in taxonomy
    ]
    if unknown:
        raise Invalid("choose categories of the taxonomy", unknown)
