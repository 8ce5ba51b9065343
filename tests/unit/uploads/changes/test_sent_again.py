"""A change that is sent again after any call of it lost its answer is answered as the first would have been."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from tests.dynamodb import losing_answer
from tests.fakes import Reply
from tests.unit.uploads.changes.test_changes import eur, patch
from tests.unit.uploads.conftest import SUPPLIER, Uploads, call
from tests.unit.uploads.feeds.test_held_feeds import KOREAN
from tests.unit.uploads.samples import product

RULES = [{"field": "sku", "column": "Artikelnummer"}]


def drop(uploads: Uploads) -> Reply:
    return call(uploads.app, "DELETE", "/v1/feed-mappings/{name}", path={"name": "winter"}, by=SUPPLIER)


ASKED: dict[str, Callable[[Uploads, str], Reply]] = {
    "a price": lambda uploads, _: patch(uploads, price=eur(300)),
    "a price and a stock": lambda uploads, _: patch(uploads, price=eur(300), stock=7),
    "an answer": lambda uploads, feed_id: uploads.answer(feed_id, encoding="cp949"),
    "a mapping": lambda uploads, _: uploads.keep("winter", rules=RULES),
    "no mapping": lambda uploads, _: drop(uploads),
}


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_after_any_lost_answer_the_same_again_is_answered(uploads: Uploads, ask: Callable[[Uploads, str], Reply], number: int) -> None:
    uploads.post(product())
    uploads.keep("winter", rules=RULES)
    feed_id = uploads.feed(KOREAN)
    with losing_answer(number), suppress(ConnectionError):
        ask(uploads, feed_id)
    assert ask(uploads, feed_id).status in (200, 202, 204)


def test_an_answer_that_comes_again_when_the_file_was_read_is_answered_alike(uploads: Uploads) -> None:
    feed_id = uploads.feed(KOREAN)
    first = uploads.answer(feed_id, encoding="cp949")
    uploads.read_again()
    again: Any = uploads.answer(feed_id, encoding="cp949")
    assert again == first
    assert [told for told in uploads.drain(uploads.arrivals) if '"attempt": 0' in told] == []
