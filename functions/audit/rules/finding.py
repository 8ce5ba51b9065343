"""What a rule found wrong with a product."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["refuse", "review"]
MAX_EVIDENCE = 300
"""Characters of evidence that are kept of one finding."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found.

    `code` never changes its meaning. `severity`: `refuse` only where no person could decide otherwise, `review` for the rest.
    `evidence` quotes the product, `remedy` tells its supplier what to do, `field` is a JSON pointer into the product.
    """

    code: str
    severity: Severity
    evidence: str
    remedy: str
    field: str


def quoted(text: str, start: int, end: int, around: int = 40) -> str:
    """The part of `text` from `start` to `end` with `around` characters on either side, to show where it stands."""
    left, right = max(0, start - around), min(len(text), end + around)
    return f"{'…' if left else ''}{text[left:right]}{'…' if right < len(text) else ''}"
