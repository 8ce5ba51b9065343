from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.uploads.feeds.chunk_intake import ATTEMPTS, Decided, RowDesk
from functions.uploads.feeds.feed import Chunk
from functions.uploads.products.submission import Moved, Standing, Verdict, decide, judged, standing_of, submitted
from shared.trade.product import Product
from tests.unit.uploads.samples import ACCOUNT, CATEGORIES, MORNING, chunk, product, row

NOON = "2026-11-01T12:00:00.000Z"
PRODUCT = Product.model_validate(product())
STANDING = standing_of(submitted(ACCOUNT, PRODUCT, 3, NOON))
VERDICTS = st.builds(
    Verdict, st.just(ACCOUNT), st.just(STANDING.product_id), st.integers(1, 5), st.sampled_from(["approved", "refused", "held"])
)


class BusyRows:
    """Rows whose products change `times` times before a chunk can be written."""

    def __init__(self, times: int) -> None:
        self.times, self.saved = times, list[Decided]()

    def standings(self, supplier_id: str, product_ids: object) -> dict[str, Standing]:
        return {STANDING.product_id: replace(STANDING, version=3 + self.times, as_of=MORNING)}

    def pictures(self, supplier_id: str, picture_ids: object) -> set[str]:
        return set()

    def save_chunk(self, chunk: Chunk, decided: Decided) -> bool:
        self.times -= 1
        if self.times < 0:
            self.saved.append(decided)
        return self.times < 0


def test_new_content_is_a_version_the_same_is_none_and_older_content_is_too_late() -> None:
    changed = Product.model_validate(product(stock=1))
    assert decide(PRODUCT, NOON, None) == "submitted"
    assert decide(PRODUCT, MORNING, STANDING) == "unchanged"
    assert decide(changed, NOON, STANDING) == "submitted"
    assert decide(changed, MORNING, STANDING) == "superseded"


@given(st.lists(VERDICTS))
def test_only_verdicts_on_the_stored_version_count_and_held_never_undoes_a_decision(verdicts: list[Verdict]) -> None:
    decisions = [v.status for v in verdicts if v.version == 3 and v.status != "held"]
    held = any(v.version == 3 for v in verdicts)
    expected = decisions[-1] if decisions else ("held" if held else "submitted")
    found = judged({STANDING.product_id: STANDING}, verdicts)
    assert [s.status for s in found] == ([] if expected == "submitted" else [expected])


def test_a_verdict_heard_again_writes_nothing() -> None:
    verdict = Verdict(ACCOUNT, STANDING.product_id, 3, "approved")
    [approved] = judged({STANDING.product_id: STANDING}, [verdict])
    assert judged({STANDING.product_id: approved}, [verdict]) == []


def test_a_chunk_whose_product_changes_meanwhile_is_decided_anew() -> None:
    store = BusyRows(2)
    RowDesk(store, lambda: CATEGORIES).take(chunk(row(stock="1")))
    assert [(r.status, r.version) for r in store.saved[0].results] == [("submitted", 4)]


def test_a_chunk_whose_products_keep_changing_is_left_to_the_queue() -> None:
    with pytest.raises(Moved):
        RowDesk(BusyRows(ATTEMPTS), lambda: CATEGORIES).take(chunk(row(stock="1")))
