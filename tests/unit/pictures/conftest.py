"""The service on moto and the emulator's DynamoDB, with a reader that runs in the tests' own process."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from functions.pictures import handler
from functions.pictures.bootstrap import AddressSettings, BucketSettings, CacheSettings, FetchSettings, MediaSettings, Services, Settings
from functions.pictures.reading.rendering import render
from shared.api.service import Service
from shared.optimistic_retry import AT_ONCE
from tests.conftest import aws
from tests.fakes import TICKETS, FakeClock, Reply, call, caller, sqs

ACCOUNT = "acc_1"
SENT, MEDIA = "pictures-test", "media-test"
URL = "https://media.example"


class Pictures:
    """The service, asked as its suppliers and by its queue."""

    def __init__(self, table: str) -> None:
        self.clock, self.rendered = FakeClock(), 0
        given = {"render": self.render, "clock": self.clock, "tickets": TICKETS, "retry": AT_ONCE}
        settings = (
            Settings(table),
            BucketSettings(SENT),
            MediaSettings(MEDIA),
            AddressSettings(URL),
            CacheSettings(""),
            FetchSettings("http://127.0.0.1:9/fetches"),
        )
        self.services = services = Services(*settings, **given)
        self.app = Service("pictures", lambda: services, handler.ROUTES)
        self.reader = replace(handler.reader, services=lambda: services)
        self.worker = replace(handler.worker, services=lambda: services)
        self.fetcher = replace(handler.fetcher, services=lambda: services)
        self.worker = replace(handler.worker, services=lambda: services)
        self.fetcher = replace(handler.fetcher, services=lambda: services)

    def render(self, body: bytes) -> Any:
        self.rendered += 1
        return render(body)

    def open(self, body: bytes, key: str = "k1", account: str = ACCOUNT, **told: Any) -> Reply:
        told = {"content_type": "image/jpeg", "bytes": max(len(body), 1), "sha256": hashlib.sha256(body).hexdigest(), **told}
        return call(self.app, "POST", "/v1/pictures", body=told, headers={"idempotency-key": key}, by=caller(account, "supplier"))

    def put(self, body: bytes, key: str = "k1", account: str = ACCOUNT, **told: Any) -> str:
        """Open a place and put the bytes there; answers the picture's id. Nobody has told of it yet."""
        picture_id = str(self.open(body, key, account, **told).body["picture_id"])
        aws("s3").put_object(Bucket=SENT, Key=f"sent/{account}/{picture_id}", Body=body)
        return picture_id

    def arrive(self, picture_id: str, account: str = ACCOUNT, attempt: int = 1) -> Any:
        notice = {"s3": {"bucket": {"name": SENT}, "object": {"key": f"sent/{account}/{picture_id}"}}}
        event = sqs(json.dumps({"Records": [notice]}))
        event["Records"][0]["attributes"] = {"ApproximateReceiveCount": str(attempt)}
        return self.reader(event, None)

    def send(self, body: bytes, key: str = "k1", account: str = ACCOUNT, **told: Any) -> Any:
        """The whole way; answers what its supplier is shown."""
        picture_id = self.put(body, key, account, **told)
        assert self.arrive(picture_id, account) == {"batchItemFailures": []}
        return self.look(picture_id, account).body

    def look(self, picture_id: str, account: str = ACCOUNT) -> Reply:
        return call(self.app, "GET", "/v1/pictures/{picture_id}", path={"picture_id": picture_id}, by=caller(account, "supplier"))


def keys(bucket: str) -> list[str]:
    return sorted(each["Key"] for each in aws("s3").list_objects_v2(Bucket=bucket).get("Contents", []))


@pytest.fixture
def pictures(make_table: Callable[[str], str]) -> Iterator[Pictures]:
    for bucket in (SENT, MEDIA):
        aws("s3").create_bucket(Bucket=bucket)
    yield Pictures(make_table("pictures"))
    for bucket in (SENT, MEDIA):
        for key in keys(bucket):
            aws("s3").delete_object(Bucket=bucket, Key=key)
        aws("s3").delete_bucket(Bucket=bucket)
