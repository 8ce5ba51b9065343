"""What the rules' verdict on a submission writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from functions.audit.verdicts.verdict import Verdict


@dataclass(frozen=True, slots=True)
class FirstHolder:
    """Which product was first with a fingerprint."""

    fingerprint: str
    product_id: str
    supplier_id: str
    sku: str = field(default="", compare=False)
    """As its supplier calls it; empty where that was not read."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict to be written. `before` is the one it replaces, `first` its fingerprint's holder if it is the first to have it, and
    `replaced` the holder before it whose product has changed since."""

    verdict: Verdict
    before: Verdict | None
    first: FirstHolder | None
    replaced: FirstHolder | None = None


Kept = tuple[Mapping[str, Verdict], Mapping[str, FirstHolder]]
"""Verdicts by product id, and first holders by fingerprint."""
