from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.uploads.feeds.chunk_intake import ChunkIntake, ChunkOutcome
from functions.uploads.feeds.feed import Chunk
from functions.uploads.products.submission import (
    ProductMoved,
    Submission,
    Verdict,
    after_verdicts,
    outcome_of,
    submission_event,
    submission_of,
)
from shared.messages import StockCounted
from shared.optimistic_retry import AT_ONCE, ATTEMPTS
from shared.trade.product import Product
from tests.unit.uploads.samples import ACCOUNT, CATEGORIES, MORNING, NOTHING_PARTIAL, chunk, product, row, unfilled

NOON = "2026-11-01T12:00:00.000Z"
PRODUCT = Product.model_validate(product())
SUBMISSION = submission_of(submission_event(ACCOUNT, PRODUCT, 3, NOON))
VERDICTS = st.builds(
    Verdict,
    supplier_id=st.just(ACCOUNT),
    product_id=st.just(SUBMISSION.product_id),
    version=st.integers(1, 5),
    status=st.sampled_from(["approved", "refused", "held"]),
)


class BusyRows:
    """Rows whose products change `times` times before a chunk can be written."""

    def __init__(self, times: int) -> None:
        self.times, self.saved = times, list[ChunkOutcome]()

    def current(self, supplier_id: str, product_ids: object) -> dict[str, Submission]:
        return {SUBMISSION.product_id: replace(SUBMISSION, version=3 + self.times, as_of=MORNING)}

    def save(self, chunk: Chunk, outcome: ChunkOutcome) -> bool:
        self.times -= 1
        if self.times < 0:
            self.saved.append(outcome)
        return self.times < 0


class NoCounts:
    def current(self, supplier_id: str, product_ids: object) -> dict[str, StockCounted]:
        return {}


def intake(store: BusyRows) -> ChunkIntake:
    return ChunkIntake(store, store, NoCounts(), lambda: CATEGORIES, retry=AT_ONCE, fill=unfilled, partial=NOTHING_PARTIAL)


def test_new_content_is_a_version_the_same_is_none_and_older_content_is_too_late() -> None:
    changed = Product.model_validate(product(stock=1))
    assert outcome_of(PRODUCT, NOON, None) == "submitted"
    assert outcome_of(PRODUCT, MORNING, SUBMISSION) == "unchanged"
    assert outcome_of(changed, NOON, SUBMISSION) == "submitted"
    assert outcome_of(changed, MORNING, SUBMISSION) == "superseded"


@given(st.lists(VERDICTS))
def test_only_verdicts_on_the_stored_version_count_and_held_never_undoes_a_decision(verdicts: list[Verdict]) -> None:
    decisions = [v.status for v in verdicts if v.version == 3 and v.status != "held"]
    held = any(v.version == 3 for v in verdicts)
    expected = decisions[-1] if decisions else ("held" if held else "submitted")
    found = after_verdicts({SUBMISSION.product_id: SUBMISSION}, verdicts)
    assert [s.status for s in found] == ([] if expected == "submitted" else [expected])


def test_a_verdict_heard_again_writes_nothing() -> None:
    verdict = Verdict(supplier_id=ACCOUNT, product_id=SUBMISSION.product_id, version=3, status="approved")
    [approved] = after_verdicts({SUBMISSION.product_id: SUBMISSION}, [verdict])
    assert after_verdicts({SUBMISSION.product_id: approved}, [verdict]) == []


def test_a_chunk_whose_product_changes_meanwhile_is_decided_anew() -> None:
    store = BusyRows(2)
    intake(store).take(chunk(row(stock="1")))
    assert [(r.status, r.version) for r in store.saved[0].results] == [("submitted", 4)]


def test_a_chunk_whose_products_keep_changing_is_left_to_the_queue() -> None:
    with pytest.raises(ProductMoved):
        intake(BusyRows(ATTEMPTS)).take(chunk(row(stock="1")))
