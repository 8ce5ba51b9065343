"""What was stored, and what lay in a queue, before feeds had mappings and questions is read as then."""

import json
from typing import Any

from functions.uploads.feeds.feed_views import OpenFeed
from functions.uploads.upload_items import FeedItem
from tests.unit.uploads.conftest import Uploads
from tests.unit.uploads.samples import ACCOUNT, CELLS, COLUMNS, MORNING

FEED = "fd_01JAF3M0Q8W7V5T4S3R2P1N0MK"
CHUNK: dict[str, Any] = {
    "account_id": ACCOUNT, "feed_id": FEED, "as_of": MORNING, "number": 1, "columns": COLUMNS,
    "rows": [
        {"number": 2, "cells": CELLS, "fault": None},
        {"number": 3, "cells": CELLS, "fault": {"column": "sku", "code": "repeated-sku", "detail": "row 2 has this sku already"}},
    ],
}  # fmt: skip
"""As a splitter of before sent it."""


def test_a_chunk_of_before_is_read_by_the_names_of_its_columns(uploads: Uploads) -> None:
    uploads.open_feed(b"x", "another")  # the store is bound to the table
    kept = {"name": "autumn.csv", "bytes": 9, "created_at": MORNING, "fingerprint": "f", "state": "read", "as_of": MORNING}
    FeedItem(f"{ACCOUNT}#feeds", FEED, rows=2, chunks=1, **kept).save()
    uploads.run([json.dumps(CHUNK)])
    first, second = uploads.report(FEED)["items"]
    assert (first["status"], second["errors"][0]["code"]) == ("submitted", "repeated-sku")
    assert uploads.submission()["product"]["texts"]["zh"]["title"] == "白灯笼"
    view = uploads.get("/v1/feeds/{feed_id}", feed_id=FEED).body
    assert (view["state"], view["rows"]["read"], "question" in view, view["preview"]) == ("read", 2, False, False)


def test_a_request_that_says_no_format_is_the_one_that_had_to_say_csv(uploads: Uploads) -> None:
    """It is retried by a newer client under the same key."""
    before = {"format": "csv", "name": "autumn.csv", "bytes": 9}
    assert OpenFeed.model_validate(before).model_dump_json() == '{"format":"csv","name":"autumn.csv","bytes":9}', (
        "as releases before wrote it"
    )
    first = uploads.post(before, "k", "/v1/feeds").body
    assert uploads.post({"name": "autumn.csv", "bytes": 9}, "k", "/v1/feeds").body["feed_id"] == first["feed_id"]
    assert uploads.post({"name": "autumn.csv", "bytes": 9, "format": "auto"}, "k", "/v1/feeds").status == 201
    assert uploads.post({"name": "autumn.csv", "bytes": 8}, "k", "/v1/feeds").status == 422
