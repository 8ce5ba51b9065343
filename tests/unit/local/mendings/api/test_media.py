"""Pictures are served on a laptop as CloudFront does it; what of the emulator's insides that needs is there."""

import asyncio
import inspect
from typing import Any

import pytest
from ministack import app
from ministack.services import s3

from local.mendings.api import media

SERVED = {"Content-Type": "image/webp", "Cache-Control": "public, max-age=300", "x-amz-request-id": "1"}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Asks for a path as a browser does, of a bucket with one picture."""
    objects = {("hub-media-mediabucket-1a2b", "img_1/320.webp"): (200, SERVED, b"RIFF")}
    monkeypatch.setattr(s3, "_buckets", ["hub-tables-feedbucket-1a2b", "hub-media-mediabucket-1a2b"])
    monkeypatch.setattr(s3, "_get_object", lambda bucket, key, headers: objects.get((bucket, key), (404, {}, b"<Error/>")))
    monkeypatch.setattr(app, "_handle_cloudfront_dataplane_request", elsewhere)
    media.mend()

    def ask(path: str, method: str = "GET") -> Any:
        return asyncio.run(app._handle_cloudfront_dataplane_request("127.0.0.1", path, path, "", method, {}, b"", {}, ""))

    return ask


async def elsewhere(*request: Any) -> str:
    return "elsewhere"


def test_a_picture_is_served_to_anybody_with_what_its_object_says_of_caches(answers: Any) -> None:
    status, headers, body = answers("/media/img_1/320.webp")
    assert (status, body, headers["Cache-Control"], headers["X-Content-Type-Options"]) == (200, b"RIFF", "public, max-age=300", "nosniff")
    assert "x-amz-request-id" not in headers


def test_one_that_is_not_there_is_refused_and_says_nothing_of_the_bucket(answers: Any) -> None:
    status, _, body = answers("/media/img_2/320.webp")
    assert (status, body) == (403, b"there is no such picture\n")


def test_all_else_goes_where_it_went(answers: Any) -> None:
    assert (answers("/v1/media/img_1"), answers("/media/img_1/320.webp", "PUT")) == ("elsewhere", "elsewhere")


def test_the_emulator_asks_its_distributions_so_and_reads_its_objects_so() -> None:
    """ministack.app, `_handle_cloudfront_dataplane_request`; ministack.services.s3, `_get_object`."""
    asked = list(inspect.signature(app._handle_cloudfront_dataplane_request).parameters)
    assert asked[:6] == ["host", "path", "raw_path", "raw_query_string", "method", "headers"]
    assert list(inspect.signature(s3._get_object).parameters)[:3] == ["bucket_name", "key", "headers"]
