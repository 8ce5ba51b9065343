"""A submission as an item, and back."""

import json
from datetime import datetime
from typing import Any

from pynamodb.expressions.condition import Condition

from functions.uploads.products.submission import Submission, submission_of
from functions.uploads.upload_items import SubmissionItem, partition
from shared.bus import envelope
from shared.messages import ProductSubmitted

READ = [
    "sk", "sku", "version", "as_of", "digest", "status", "code", "evidence", "remedy", "row", "variants", "approved", "filled", "source",
    "listing", "gtins", "priced_at", "stock_at",
]  # fmt: skip
"""All of a submission but its product."""


def item_of(
    event: ProductSubmitted, now: datetime, row: str | None = None, before: Submission | None = None, source: str | None = None
) -> SubmissionItem:
    """A version that nobody has decided on yet, with its event; `row` of a feed brought it, if one did. `source`: as before if None."""
    new = submission_of(event, before)
    return SubmissionItem(
        partition(event.supplier_id, "products"), event.product_id, sku=new.sku, version=new.version, as_of=new.as_of,
        digest=new.digest, status=new.status, row=row, event=envelope(event, now),
        variants=json.dumps(new.variants) if new.variants else None,
        filled=json.dumps(event.filled) if event.filled else None, source=(new.source if source is None else source) or None,
        listing=new.listing or None, gtins=json.dumps(new.gtins) if new.gtins else None, priced_at=new.priced_at or None,
        stock_at=new.stock_at or None,
        approved=json.dumps(new.approved) if new.approved and (new.variants or any(sku != new.sku for sku in new.approved)) else None,
    )  # fmt: skip


def unchanged(before: Submission | None) -> Condition:
    """That a version may follow `before`, or be the first. Where a feed's row waits for audit, nothing may have been decided meanwhile."""
    if before is None:
        return SubmissionItem.pk.does_not_exist()
    same: Condition = (SubmissionItem.version == before.version) & (SubmissionItem.as_of == before.as_of)
    return same & (SubmissionItem.status == before.status) if before.row_waits else same


def submission_in(item: Any) -> Submission:
    return Submission(
        product_id=item.sk, sku=item.sku, version=item.version, as_of=item.as_of, digest=item.digest, status=item.status,
        code=item.code or "", evidence=item.evidence or "", remedy=item.remedy or "", row=item.row or "",
        variants=_skus(item.variants), approved=_skus(item.approved), filled=json.loads(item.filled) if item.filled else {},
        source=item.source or "", listing=item.listing or "", gtins=_skus(item.gtins), priced_at=item.priced_at or "",
        stock_at=item.stock_at or "",
    )  # fmt: skip


def _skus(text: str | None) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()
