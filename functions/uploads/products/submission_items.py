"""A submission as an item, and back."""

import json
from datetime import datetime
from typing import Any

from pynamodb.expressions.condition import Condition

from functions.uploads.products.submission import Submission, submission_of
from functions.uploads.upload_items import SubmissionItem, partition
from shared.bus import envelope
from shared.messages import ProductSubmitted

READ = ["sk", "sku", "version", "as_of", "digest", "status", "code", "evidence", "remedy", "row", "variants"]
"""All of a submission but its product."""


def item_of(event: ProductSubmitted, now: datetime, row: str | None = None) -> SubmissionItem:
    """A version that nobody has decided on yet, with its event; `row` of a feed brought it, if one did."""
    new = submission_of(event)
    return SubmissionItem(
        partition(event.supplier_id, "products"), event.product_id, sku=new.sku, version=new.version, as_of=new.as_of,
        digest=new.digest, status=new.status, row=row, event=envelope(event, now),
        variants=json.dumps(new.variants) if new.variants else None,
    )  # fmt: skip


def unchanged(before: Submission | None) -> Condition:
    """That a version may follow `before`, or be the first. Where a feed's row waits for audit, nothing may have been decided meanwhile."""
    if before is None:
        return SubmissionItem.pk.does_not_exist()
    same = SubmissionItem.version == before.version
    return same & (SubmissionItem.status == before.status) if before.row_waits else same


def submission_in(item: Any) -> Submission:
    return Submission(
        product_id=item.sk, sku=item.sku, version=item.version, as_of=item.as_of, digest=item.digest, status=item.status,
        code=item.code or "", evidence=item.evidence or "", remedy=item.remedy or "", row=item.row or "",
        variants=tuple(json.loads(item.variants)) if item.variants else (),
    )  # fmt: skip
