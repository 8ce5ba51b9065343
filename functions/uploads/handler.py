"""Uploads over HTTP, and its three queues: files that have arrived, chunks of rows, and audit's verdicts."""

import json
import time
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from functions.uploads.feeds.chunk_intake import RowDesk
from functions.uploads.feeds.feed import Chunk
from functions.uploads.feeds.feed_service import FeedDesk
from functions.uploads.feeds.feed_store import UploadStore
from functions.uploads.feeds.feed_views import (
    FeedOpened,
    FeedView,
    OpenFeed,
    OpenPicture,
    PictureView,
    ProductPage,
    ProductQuery,
    Receipt,
    RowPage,
    RowQuery,
    SubmissionView,
)
from functions.uploads.files.bucket_client import Bucket, Queue
from functions.uploads.products.submission import MAX_PRODUCT, Moved, SkuTaken, Verdict
from functions.uploads.products.submission_service import ProductDesk
from monsoon_plugin.clock import from_rfc3339, rfc3339, utc_now
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.service import Service
from shared.api.tickets import Tickets
from shared.aws.objects import S3Objects
from shared.aws.secret import secret_of
from shared.bus import batch, consumer
from shared.errors import Invalid, NotFound
from shared.messages import ProductApproved, ProductHeld, ProductRefused
from shared.settings import settings_of
from shared.trade.product import Product
from shared.trade.reference_data import Reference


@dataclass(frozen=True, slots=True)
class Settings:
    uploads_table: str
    feed_bucket: str
    reference_bucket: str
    rows_queue_url: str
    signing_secret: str


app = Service("uploads")
SUPPLIER: dict[str, Any] = {"allow": ["supplier"], "verified": True}


@cache
def settings() -> Settings:
    return settings_of(Settings)


@cache
def store() -> UploadStore:
    return UploadStore(settings().uploads_table, utc_now)


@cache
def reference() -> Reference:
    return Reference(S3Objects(settings().reference_bucket))


def categories() -> frozenset[str]:
    """The ids of the categories that the operator has loaded."""
    found: frozenset[str] = reference().document("taxonomy/en", lambda pairs: frozenset(pair[0] for pair in pairs))
    return found


@cache
def tickets() -> Tickets:
    return Tickets(secret_of(settings().signing_secret))


@cache
def products() -> ProductDesk:
    return ProductDesk(store(), categories, utc_now, tickets(), time.sleep)


@cache
def feeds_desk() -> FeedDesk:
    return FeedDesk(store(), Bucket(settings().feed_bucket), Queue(settings().rows_queue_url), utc_now, tickets())


@cache
def rows_desk() -> RowDesk:
    return RowDesk(store(), categories)


@app.post(
    "/v1/products", body=Product, answers={202: Receipt}, idempotent=True, max_body=MAX_PRODUCT,
    problems=[Invalid, KeyReused, SkuTaken, Moved], **SUPPLIER,
)  # fmt: skip
def submit_product(body: Product, caller: Caller, idempotency: Idempotency) -> Receipt:
    """Send in a new product; audit decides whether it may be sold."""
    return Receipt.of(products().submit(caller.tenant, body, idempotency))


@app.put(
    "/v1/products/{product_id}", body=Product, answers={202: Receipt}, max_body=MAX_PRODUCT, problems=[Invalid, NotFound, Moved], **SUPPLIER
)
def replace_product(product_id: str, body: Product, caller: Caller) -> Receipt:
    """Send in a new version of a product; the same content again changes nothing."""
    return Receipt.of(products().replace(caller.tenant, product_id, body))


@app.get("/v1/products", query=ProductQuery, answers={200: ProductPage}, **SUPPLIER)
def list_products(query: ProductQuery, caller: Caller) -> ProductPage:
    """List your own products and where they stand with audit."""
    return products().page(caller.tenant, query)


@app.get("/v1/products/{product_id}", answers={200: SubmissionView}, problems=[NotFound], **SUPPLIER)
def get_product(product_id: str, caller: Caller) -> SubmissionView:
    """Show one of your own products as last sent, and what audit says of it."""
    return SubmissionView.whole(*products().one(caller.tenant, product_id))


@app.post("/v1/pictures", body=OpenPicture, answers={201: PictureView}, idempotent=True, problems=[KeyReused], **SUPPLIER)
def open_picture(body: OpenPicture, caller: Caller, idempotency: Idempotency) -> PictureView:
    """Get a picture's id and a place to put its bytes."""
    return feeds_desk().open_picture(caller.tenant, body, idempotency)


@app.post("/v1/feeds", body=OpenFeed, answers={201: FeedOpened}, idempotent=True, problems=[KeyReused], **SUPPLIER)
def open_feed(body: OpenFeed, caller: Caller, idempotency: Idempotency) -> FeedOpened:
    """Get a feed's id and a place to put its file; it is read as soon as it arrives."""
    return feeds_desk().open_feed(caller.tenant, body, idempotency)


@app.get("/v1/feeds/{feed_id}", answers={200: FeedView}, problems=[NotFound], **SUPPLIER)
def get_feed(feed_id: str, caller: Caller) -> FeedView:
    """Show how far a feed is and what became of its rows."""
    return feeds_desk().view(caller.tenant, feed_id)


@app.get("/v1/feeds/{feed_id}/rows", query=RowQuery, answers={200: RowPage}, problems=[NotFound], **SUPPLIER)
def list_rows(feed_id: str, query: RowQuery, caller: Caller) -> RowPage:
    """List a feed's rows, what became of each, and how to mend those that failed."""
    return feeds_desk().rows(caller.tenant, feed_id, query)


def _arrived(record: SQSRecord) -> None:
    """Split the files that an S3 notification names. Its test message, sent when the bucket is made, names none."""
    for notice in json.loads(record.body).get("Records", []):
        feeds_desk().split(unquote_plus(notice["s3"]["object"]["key"]), rfc3339(from_rfc3339(notice["eventTime"])))


feeds = batch(_arrived)
rows = batch(lambda record: rows_desk().take(Chunk.model_validate_json(record.body)))


def worker(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Note audit's verdicts, a batch in one write. If that fails the whole batch comes again."""
    verdicts: list[Verdict] = []

    def hear(message: ProductApproved | ProductRefused | ProductHeld) -> None:
        verdicts.append(Verdict.of(message))

    answer = consumer(dict.fromkeys((ProductApproved, ProductRefused, ProductHeld), hear))(event, context)
    products().judge(verdicts)
    return answer
