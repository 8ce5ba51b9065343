"""What is there of products when an upload of them is decided: as they were last sent, and their newest counts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from functions.uploads.products.submission import Submission
from shared.messages import StockCounted


class Submissions(Protocol):
    def current(self, supplier_id: str, product_ids: Collection[str]) -> dict[str, Submission]: ...


class Counts(Protocol):
    def current(self, supplier_id: str, product_ids: Collection[str]) -> dict[str, StockCounted]: ...


@dataclass(frozen=True, slots=True)
class Held:
    """By products' ids."""

    submissions: Mapping[str, Submission]
    counts: Mapping[str, StockCounted]


def held_of(submissions: Submissions, counts: Counts, supplier_id: str, product_ids: Collection[str]) -> Held:
    """Submissions are read first, so that no count is older than the submission beside it: one upload writes both at once.

    The other way round, a submission that came in between would stand without its count, and its own moment would be taken for the
    count's: a number of a later moment would be dropped without a word.
    """
    known = submissions.current(supplier_id, product_ids)
    return Held(known, counts.current(supplier_id, product_ids))
