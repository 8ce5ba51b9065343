"""How far a feed is is one read, whatever its size, and says what its rows' reports say."""

from collections.abc import Callable
from typing import Any

import pytest

from functions.uploads.feeds.feed import summary_of
from functions.uploads.upload_items import FeedItem, SumItem
from shared.aws.dynamo import connection
from shared.messages import ProductApproved, ProductRefused
from shared.trade.product import Product
from tests.unit.uploads.conftest import Uploads
from tests.unit.uploads.feeds.test_overtaken_rows import LATER, OTHER
from tests.unit.uploads.samples import ACCOUNT, CELLS, file_of, product


@pytest.fixture
def called() -> Any:
    """The names of DynamoDB's operations that are called."""
    names: list[str] = []

    def note(model: Any, **_: Any) -> None:
        names.append(model.name)

    events = connection().client.meta.events
    events.register("before-call.dynamodb", note)
    yield names
    events.unregister("before-call.dynamodb", note)


def rows(count: int, cells: list[str] = CELLS) -> bytes:
    return file_of(*([f"S{i}", *cells[1:]] for i in range(count))).encode()


@pytest.mark.parametrize("count", [1, 700])
def test_a_poll_is_one_read_whatever_the_feeds_size(uploads: Uploads, called: list[str], count: int) -> None:
    feed_id = uploads.feed(rows(count))
    called.clear()
    assert uploads.counts(feed_id)["submitted"] == count
    assert called == ["Query"]


def decided(uploads: Uploads, feed_id: str) -> None:
    """Audit approves the first rows, refuses one and changes its mind about another."""
    ids = [row["product_id"] for row in uploads.report(feed_id, limit="100")["items"] if "product_id" in row]
    told = [{"version": 1, "product_id": product_id, "supplier_id": ACCOUNT} for product_id in ids]
    content = Product.model_validate(product())
    uploads.hear(*(ProductApproved(**each, product=content, decided_by="rules") for each in told[:30]))
    uploads.hear(*(ProductRefused(**each, code="price-too-low", evidence="", remedy="", decided_by="rules") for each in told[30:32]))
    uploads.hear(ProductRefused(**told[0], code="counterfeit", evidence="", remedy="", decided_by="acc_9"))


def approvals(uploads: Uploads, feed_id: str) -> None:
    uploads.feed(rows(70, OTHER), "f2", at=LATER)


@pytest.mark.parametrize("happens", [[], [decided], [decided, approvals], [approvals, decided]])
def test_the_sums_say_what_the_chunks_tallies_say(uploads: Uploads, happens: list[Callable[[Uploads, str], None]]) -> None:
    feed_id = uploads.feed(rows(60) + b"bad\n" + b"ragged,row\n" + file_of(["", *CELLS[1:]]).encode())
    for each in happens:
        each(uploads, feed_id)
    found = uploads.services.feed_store.with_sums(ACCOUNT, feed_id)
    assert found
    feed, _ = found
    _, shown = uploads.services.feeds.progress(ACCOUNT, feed_id)
    added = summary_of(feed, uploads.services.feed_store.tallies(ACCOUNT, feed_id))
    assert (+shown.outcomes, shown.refused, shown.failed, shown.waiting) == (+added.outcomes, added.refused, added.failed, 0)


def without_sums(feed_id: str) -> None:
    """As a release of before leaves it."""
    for item in SumItem.query(f"{ACCOUNT}#feeds", SumItem.sk.startswith(f"{feed_id}#")):
        item.delete()


def test_a_feed_of_before_there_were_sums_is_added_up(uploads: Uploads) -> None:
    feed_id = uploads.feed(rows(3))
    without_sums(feed_id)
    assert (uploads.counts(feed_id)["submitted"], uploads.counts(feed_id)["waiting"]) == (0, 3), "its file has just arrived"
    FeedItem(f"{ACCOUNT}#feeds", feed_id).update([FeedItem.summed.remove()])
    assert (uploads.counts(feed_id)["submitted"], uploads.counts(feed_id)["waiting"]) == (3, 0)


def test_what_a_release_of_before_wrote_meanwhile_is_added_up_where_a_feed_does_not_come_to_its_end(uploads: Uploads) -> None:
    feed_id = uploads.feed(rows(3), at="2020-11-01T08:00:00.000Z")
    without_sums(feed_id)
    assert (uploads.counts(feed_id)["submitted"], uploads.counts(feed_id)["waiting"]) == (3, 0)


def test_a_feeds_id_that_is_the_beginning_of_anothers_shows_none(uploads: Uploads) -> None:
    feed_id = uploads.feed(rows(1))
    assert uploads.get("/v1/feeds/{feed_id}", feed_id=feed_id[:-1]).status == 404
    assert uploads.get("/v1/feeds/{feed_id}", feed_id="fd_").status == 404
