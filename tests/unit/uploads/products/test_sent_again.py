"""A product's new version that is sent again after a lost answer is answered as the first was."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from functions.uploads.products.submission import Submission
from functions.uploads.products.submission_store import SubmissionStore
from monsoon_plugin.clock import rfc3339
from shared.messages import ProductSubmitted, StockCounted
from tests.dynamodb import losing_answer
from tests.fakes import NOON, FakeClock, Reply
from tests.unit.uploads.conftest import Uploads
from tests.unit.uploads.counts.test_counts import counts, told
from tests.unit.uploads.samples import product

BODIES = {
    "new words and a count": product(stock=7, texts={"en": {"title": "Lantern, painted"}}),
    "a count alone": product(),
    "a count of a moment": product(counted_at=rfc3339(NOON + timedelta(minutes=1)), stock_counts="on_hand"),
}


@pytest.fixture
def asked(uploads: Uploads) -> Uploads:
    """The service, whose product was sent once; a while passes before each request."""
    clock = FakeClock()

    def now() -> Any:
        clock.tick(milliseconds=7)
        return clock.now

    replaced(uploads, clock=now)
    assert uploads.post(product()).status == 202
    clock.tick(minutes=2)
    return uploads


def replaced(uploads: Uploads, **parts: Any) -> None:
    """Make what is built upon these parts anew."""
    made = vars(uploads.services)
    for name in ("submission_store", "submissions", "count_store", "counts"):
        made.pop(name, None)
    made.update(parts)


def answered(reply: Reply) -> tuple[int, int]:
    return reply.status, reply.body["version"]


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_is_sent_twice_is_answered_twice_alike(asked: Uploads, body: dict[str, Any]) -> None:
    first, again = asked.put(body), asked.put(body)
    assert first.status == 202
    assert again == first


def test_a_request_whose_count_has_become_too_old_is_answered_as_the_first_time(uploads: Uploads) -> None:
    clock = FakeClock()
    replaced(uploads, clock=clock)
    body = product(counted_at=rfc3339(NOON), stock_counts="on_hand")
    first = uploads.post(body)
    assert first.status == 202
    clock.tick(hours=13)
    assert uploads.post(body) == first
    assert uploads.post(body, "k2").body["errors"][0]["pointer"] == "/counted_at"
    other = uploads.post(product(stock=1, counted_at=rfc3339(NOON)))
    assert other.body["type"] == "urn:monsoon:problem:idempotency-key-reused"
    for another in ({"counted_at": rfc3339(NOON + timedelta(minutes=1)), "stock_counts": "on_hand"}, {"counted_at": rfc3339(NOON)}):
        other = uploads.post(product(**another))
        assert other.body["type"] == "urn:monsoon:problem:idempotency-key-reused", "another count is another request"
    counted = uploads.post(
        {"counts": [{"sku": "A-1", "stock": 3}], "counted_at": rfc3339(NOON + timedelta(hours=12))}, "c1", "/v1/stock-counts"
    )
    clock.tick(hours=13)
    again = uploads.post(
        {"counts": [{"sku": "A-1", "stock": 3}], "counted_at": rfc3339(NOON + timedelta(hours=12))}, "c1", "/v1/stock-counts"
    )
    assert (counted.status, again) == (202, counted)


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_after_any_lost_answer_the_same_again_is_answered_as_the_first(asked: Uploads, body: dict[str, Any], number: int) -> None:
    version = 2 if "texts" in body and body["texts"] != product()["texts"] else 1
    with losing_answer(number), suppress(ConnectionError):
        asked.put(body)
    assert answered(asked.put(body)) == (202, version)
    event = counts()
    assert event is not None
    assert event.stock == body["stock"]


class Repeating(SubmissionStore):
    """Each write is sent twice, as AWS's client does when it heard no answer: the second meets the first."""

    def replace(self, before: Submission, event: ProductSubmitted | None, count: StockCounted | None) -> bool:
        super().replace(before, event, count)
        return super().replace(before, event, count)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_write_that_awss_client_repeats_is_known_as_ones_own_and_counts_once(asked: Uploads, body: dict[str, Any]) -> None:
    replaced(asked, submission_store=Repeating("uploads-test", asked.services.clock))
    assert asked.put(body).status == 202
    assert told() == (1, body["stock"])


class Rival(SubmissionStore):
    """Before each write somebody else sends other content, or a count."""

    rivals: list[dict[str, Any]]
    service: Uploads

    def replace(self, before: Submission, event: ProductSubmitted | None, count: StockCounted | None) -> bool:
        if self.rivals:
            rival = self.rivals.pop()
            assert self.service.put(rival).status == 202
        return super().replace(before, event, count)


def rival(asked: Uploads, *bodies: dict[str, Any]) -> None:
    store = Rival("uploads-test", asked.services.clock)
    store.rivals, store.service = list(bodies), asked
    replaced(asked, submission_store=store)


def test_other_content_of_somebody_quicker_is_refused_still(asked: Uploads) -> None:
    rival(asked, product(hs_code="940561"))
    moved = asked.put(product(hs_code="940542"))
    assert (moved.status, moved.body["type"]) == (409, "urn:monsoon:problem:product-moved")


def test_the_same_request_twice_at_one_moment_is_answered_alike(asked: Uploads) -> None:
    body = BODIES["new words and a count"]
    rival(asked, body)
    assert answered(asked.put(body)) == (202, 2)


def test_a_count_that_comes_between_is_no_reason_to_refuse(asked: Uploads) -> None:
    rival(asked, product(), product(), product())
    assert answered(asked.put(product(hs_code="940542"))) == (202, 2)


def test_a_count_of_a_moment_is_known_again_when_it_has_grown_too_old(asked: Uploads) -> None:
    body = BODIES["a count of a moment"]
    assert asked.put(body).status == 202
    replaced(asked, clock=lambda: NOON + timedelta(hours=13))
    assert asked.put(body).status == 202
    assert told() == (1, 40)
    assert asked.put({**body, "stock": 39}).status == 422


def test_counts_of_before_a_repeated_upload_are_no_older_than_what_is_known_where_it_brought_none(asked: Uploads) -> None:
    """A whole product with what was counted before its first version brings no count, whether its content is the same or not, and moves
    the product's moment: what was counted in between was taken for older, though nothing newer was known."""
    for body in (product(stock=4), product(stock=4, texts={"en": {"title": "Lantern, painted"}})):
        assert asked.put(body | {"counted_at": rfc3339(NOON - timedelta(hours=1))}).status == 202
        assert counts() is None
    between = {"counts": [{"sku": "A-1", "stock": 9}], "counted_at": rfc3339(NOON + timedelta(minutes=1))}
    assert asked.post(between, "c1", "/v1/stock-counts").body["items"][0]["outcome"] == "counted"
    assert told() == (1, 9)
    before = {"counts": [{"sku": "A-1", "stock": 8}], "counted_at": rfc3339(NOON - timedelta(minutes=1))}
    assert asked.post(before, "c2", "/v1/stock-counts").body["items"][0]["outcome"] == "superseded"
