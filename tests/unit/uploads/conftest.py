"""The service on moto and the emulator's DynamoDB."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from functions.uploads import handler
from functions.uploads.bootstrap import ArrivalSettings, ChunkSettings, FileSettings, Services, Settings
from functions.uploads.products.submission import product_id_of
from shared.api.service import Service
from shared.bus import envelope
from shared.messages import Message
from shared.optimistic_retry import AT_ONCE
from shared.trade.reference_data import Reference, load
from tests.conftest import aws
from tests.fakes import NOON, TICKETS, FakeObjects, Reply, call, caller, sqs
from tests.unit.uploads.samples import ACCOUNT

SUPPLIER = caller(ACCOUNT, "supplier")
PRODUCT_ID = product_id_of(ACCOUNT, "A-1")


class Uploads:
    """The service on moto, asked as its supplier and by its queues."""

    def __init__(self, table: str, queue: str, arrivals: str) -> None:
        reference = FakeObjects()
        load(reference, "taxonomy/en", "1", [["hg-3-2", "Home & Garden > Decor > Lanterns"]])
        settings = (Settings(table), FileSettings("feeds-test"), ChunkSettings(queue), ArrivalSettings(arrivals))
        services = self.services = Services(*settings, tickets=TICKETS, reference=Reference(reference), retry=AT_ONCE)
        self.app = Service("uploads", lambda: services, handler.ROUTES)
        self.feeds, self.rows = (replace(entry, services=lambda: services) for entry in (handler.feeds, handler.rows))
        deployed = Services(Settings(table), retry=AT_ONCE)  # the worker has no other variables: whatever asks for one fails here
        self.worker = replace(handler.worker, services=lambda: deployed)
        self.queue, self.arrivals = queue, arrivals

    def post(self, body: Any, key: str = "k1", resource: str = "/v1/products", by: Any = SUPPLIER) -> Reply:
        return call(self.app, "POST", resource, body=body, headers={"idempotency-key": key}, by=by)

    def answer(self, feed_id: str, **how: Any) -> Reply:
        """Answer what is asked of a feed."""
        return call(self.app, "PUT", "/v1/feeds/{feed_id}/reading", path={"feed_id": feed_id}, body=how, by=SUPPLIER)

    def keep(self, name: str, by: Any = SUPPLIER, **mapping: Any) -> Reply:
        """Keep a mapping."""
        return call(self.app, "PUT", "/v1/feed-mappings/{name}", path={"name": name}, body=mapping, by=by)

    def put(self, body: Any, product_id: str = PRODUCT_ID) -> Reply:
        return call(self.app, "PUT", "/v1/products/{product_id}", path={"product_id": product_id}, body=body, by=SUPPLIER)

    def get(self, resource: str, by: Any = SUPPLIER, query: dict[str, str] | None = None, **path: str) -> Reply:
        return call(self.app, "GET", resource, path=path or None, query=query, by=by)

    def submission(self) -> Any:
        return self.get("/v1/products/{product_id}", product_id=PRODUCT_ID).body

    def hear(self, *messages: Message) -> Any:
        return self.worker(sqs(*(envelope(message, NOON) for message in messages)), None)

    def open_feed(self, content: bytes, key: str = "f1", **how: Any) -> str:
        """Open a feed and put its file; answers its id."""
        opened_feed = self.post({"format": "csv", "name": "autumn.csv", "bytes": max(len(content), 1), **how}, key, "/v1/feeds")
        assert opened_feed.status == 201
        aws("s3").put_object(Bucket="feeds-test", Key=f"feeds/{ACCOUNT}/{opened_feed.body['feed_id']}.csv", Body=content)
        return str(opened_feed.body["feed_id"])

    def arrive(self, feed_id: str, at: str = "2099-11-01T08:00:00.000Z") -> Any:
        notice = {"eventTime": at, "s3": {"bucket": {"name": "feeds-test"}, "object": {"key": f"feeds/{ACCOUNT}/{feed_id}.csv"}}}
        return self.feeds(sqs(json.dumps({"Records": [notice]})), None)

    def drain(self, queue: str = "") -> list[str]:
        """The chunks that wait in the queue, or the messages of another."""
        found, queues, url = [], aws("sqs"), queue or self.queue
        while messages := queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            found += [message["Body"] for message in messages]
            for message in messages:
                queues.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def read_again(self) -> None:
        """Read the files that were told of again, the whole way to their reports."""
        for told in self.drain(self.arrivals):
            assert self.feeds(sqs(told), None)["batchItemFailures"] == []
        self.run(self.drain())

    def feed(self, content: bytes, key: str = "f1", at: str = "2099-11-01T08:00:00.000Z", **how: Any) -> str:
        """Take a feed the whole way to its report."""
        feed_id = self.open_feed(content, key, **how)
        assert self.arrive(feed_id, at)["batchItemFailures"] == []
        self.run(self.drain())
        return feed_id

    def run(self, chunks: list[str]) -> None:
        """Take chunks from the queue."""
        assert not chunks or self.rows(sqs(*chunks), None)["batchItemFailures"] == []

    def counts(self, feed_id: str) -> Any:
        return self.get("/v1/feeds/{feed_id}", feed_id=feed_id).body["rows"]

    def report(self, feed_id: str, **query: str) -> Any:
        return self.get("/v1/feeds/{feed_id}/rows", query=query or None, feed_id=feed_id).body


@pytest.fixture
def uploads(make_table: Callable[[str], str]) -> Iterator[Uploads]:
    url, arrivals = (aws("sqs").create_queue(QueueName=name)["QueueUrl"] for name in ("rows", "arrivals"))
    aws("s3").create_bucket(Bucket="feeds-test")
    yield Uploads(make_table("uploads"), url, arrivals)
    for each in (url, arrivals):
        aws("sqs").delete_queue(QueueUrl=each)
