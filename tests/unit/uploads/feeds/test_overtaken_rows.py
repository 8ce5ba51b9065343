"""A feed's row whose product is sent again before audit has decided comes to its end: it says that the later upload counts."""

from typing import Any

import pytest

from functions.uploads.products.submission import Submission
from functions.uploads.products.submission_store import SubmissionStore
from shared.messages import ProductSubmitted, StockCounted
from tests.unit.uploads.conftest import Uploads
from tests.unit.uploads.products.test_sent_again import replaced
from tests.unit.uploads.samples import CELLS, file_of, product
from tests.unit.uploads.test_handler import verdicts

OTHER = [CELLS[0], "Red lantern", *CELLS[2:]]
LATER = "2099-11-02T08:00:00.000Z"


def outcomes(uploads: Uploads, feed_id: str) -> dict[str, int]:
    """How many rows are where, without what no row is."""
    return {status: n for status, n in uploads.counts(feed_id).items() if isinstance(n, int) and n}


def sent_again(uploads: Uploads, by: str) -> None:
    if by == "request":
        assert uploads.put(product(stock=7)).status == 202
    else:
        uploads.feed(file_of(OTHER).encode(), "f2", at=LATER)


@pytest.mark.parametrize("by", ["request", "feed"])
@pytest.mark.parametrize("held", [False, True], ids=["audit has not seen it", "a person was to look at it"])
def test_a_row_that_is_overtaken_is_superseded_and_says_so(uploads: Uploads, by: str, held: bool) -> None:
    feed_id = uploads.feed(file_of(CELLS, ["B-1", *CELLS[1:]]).encode())
    if held:
        uploads.hear(verdicts()[2])
    sent_again(uploads, by)
    assert outcomes(uploads, feed_id) == {"read": 2, "submitted": 1, "superseded": 1}
    row = uploads.report(feed_id)["items"][0]
    assert (row["status"], row["detail"][:27]) == ("superseded", "you sent this product again")
    assert "code" not in row


def test_what_audit_says_of_an_overtaken_row_later_changes_nothing(uploads: Uploads) -> None:
    feed_id = uploads.feed(file_of(CELLS).encode())
    sent_again(uploads, "request")
    uploads.hear(*verdicts())
    assert outcomes(uploads, feed_id) == {"read": 1, "superseded": 1}


@pytest.mark.parametrize("by", ["request", "feed"])
def test_a_row_that_audit_has_decided_stays_so(uploads: Uploads, by: str) -> None:
    feed_id = uploads.feed(file_of(CELLS).encode())
    uploads.hear(verdicts()[0])
    sent_again(uploads, by)
    assert outcomes(uploads, feed_id) == {"read": 1, "approved": 1}


class Overtaken(SubmissionStore):
    """Before the first write audit decides."""

    decide: Any = None

    def replace(self, before: Submission, event: ProductSubmitted | None, count: StockCounted | None) -> bool:
        decide, self.decide = self.decide, None
        if decide:
            decide()
        return super().replace(before, event, count)


def test_a_row_on_which_audit_decides_at_the_same_moment_keeps_what_audit_said(uploads: Uploads) -> None:
    feed_id = uploads.feed(file_of(CELLS).encode())
    store = Overtaken("uploads-test", uploads.services.clock)
    store.decide = lambda: uploads.hear(verdicts()[0])
    replaced(uploads, submission_store=store)
    sent_again(uploads, "request")
    assert outcomes(uploads, feed_id) == {"read": 1, "approved": 1}
    assert uploads.submission()["version"] == 2


def test_many_rows_of_two_chunks_are_overtaken_by_one_feed(uploads: Uploads) -> None:
    rows = [[f"S{i}", *CELLS[1:]] for i in range(60)]
    feed_id = uploads.feed(file_of(*rows).encode())
    uploads.feed(file_of(*([row[0], *OTHER[1:]] for row in reversed(rows))).encode(), "f2", at=LATER)
    assert outcomes(uploads, feed_id) == {"read": 60, "superseded": 60}
