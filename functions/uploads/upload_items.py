"""The items of uploads' table.

    pk                    sk                what
    account#products      prd_…             a submission; its `event` holds the product and stays, so it is stored once
    account#requests      req_…             the Idempotency-Key of a POST of a product (whose own id comes from its sku) or of counts
    account#counts        prd_…             the newest count of a product's stock, with its event
    account#defaults      products          what fills gaps in its products, by category (defaults/default_store.py)
    account#feeds         fd_…              a feed
    account#feeds         fd_…#07           a share of its rows' sums (feeds/row_sum_store.py)
    account#feeds         complete#source   which complete feed of a source is the newest
    account#pictures      pic_…             the last that was told of a picture
    account#mappings      name              a mapping that the supplier keeps
    account#fd_…          report#00001      what became of a chunk's rows, written once
    account#fd_…          archived#00001    what a complete feed archived, some hundreds at a time
    account#fd_…          tally#00001       the chunk's sums and audit's verdicts on its rows: 1 KB, for each verdict writes it

A verdict leaves the submission's event as it is: `publish` sends only an event that differs from the one before.
Sort keys under account#products are hashes, so DynamoDB can split a busy supplier's partition between them.
"""

from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import BooleanAttribute, MapAttribute, UnicodeAttribute

from shared.aws.dynamo import IntegerAttribute, Item, PackedAttribute, Table

FEED_LIFE = timedelta(days=90)
REQUEST_LIFE = timedelta(days=30)
LOST = {None, "ConditionalCheckFailed", "TransactionConflict"}
"""Why a transaction is cancelled that may be tried again after another look."""


def partition(account_id: str, what: str) -> str:
    return f"{account_id}#{what}"


def numbered(kind: str, number: int) -> str:
    """The sort key of a chunk's report or tally."""
    return f"{kind}#{number:05}"


def seconds_after(now: datetime, life: timedelta) -> int:
    """When an item of `life` expires, in epoch seconds."""
    return int((now + life).timestamp())


class SubmissionItem(Item):
    class Meta(Table):
        pass

    sku = UnicodeAttribute()
    version = IntegerAttribute()
    as_of = UnicodeAttribute()
    digest = UnicodeAttribute()
    status = UnicodeAttribute()
    code = UnicodeAttribute(null=True)
    evidence = UnicodeAttribute(null=True)
    remedy = UnicodeAttribute(null=True)
    row = UnicodeAttribute(null=True)
    """`fd_… chunk row` of the row that brought this version."""
    variants = UnicodeAttribute(null=True)
    """JSON of its variants' skus; absent if it has none."""
    filled = UnicodeAttribute(null=True)
    """JSON of what its supplier's defaults filled; absent if nothing."""
    approved = UnicodeAttribute(null=True)
    """JSON of the skus of the version before that was approved last; absent where neither has variants."""
    gtins = UnicodeAttribute(null=True)
    """JSON of its own and its variants' GTINs; absent if it has none, and in items of before they were noted."""
    listing = UnicodeAttribute(null=True)
    """draft or archived; absent of what its supplier sells."""
    source = UnicodeAttribute(null=True)
    """Which of its supplier's files it is of, by the name that they bear; absent: of those that bear none."""
    priced_at = UnicodeAttribute(null=True)
    """When its prices were sent alone; absent: with the rest."""
    stock_at = UnicodeAttribute(null=True)
    """Of when its first version was; absent: of the same moment as this one."""


class PictureNewsItem(Item):
    class Meta(Table):
        pass

    version = IntegerAttribute()
    state = UnicodeAttribute()
    code = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    reason_zh = UnicodeAttribute(null=True)


class CreatedItem(Item):
    """A request: that it came, and with which payload."""

    class Meta(Table):
        pass

    fingerprint = UnicodeAttribute()
    results = UnicodeAttribute(null=True)
    """JSON of what a request was answered, where that cannot be worked out again."""


class CountItem(Item):
    """A product's newest count; all of it is in its event."""

    class Meta(Table):
        pass

    version = IntegerAttribute()


class FeedItem(Item):
    class Meta(Table):
        pass

    name = UnicodeAttribute()
    bytes = IntegerAttribute()
    created_at = UnicodeAttribute()
    fingerprint = UnicodeAttribute()
    state = UnicodeAttribute()
    as_of = UnicodeAttribute(default="")
    encoding = UnicodeAttribute(default="")
    rows = IntegerAttribute(default=0)
    chunks = IntegerAttribute(default=0)
    code = UnicodeAttribute(default="")
    detail = UnicodeAttribute(default="")
    how = UnicodeAttribute(null=True)
    """JSON of what its supplier said of how to read it."""
    question = UnicodeAttribute(null=True)
    """JSON of what is asked of its supplier."""
    unknown = UnicodeAttribute(null=True)
    """JSON of the columns that were not read."""
    summed = BooleanAttribute(default=False)
    """Whether its rows are added up as they are written: those of feeds opened by releases before are not."""
    pinned = UnicodeAttribute(null=True)
    """JSON list of the kept mapping by which it is read, empty if by none; absent before its first rows were sent, and after the last."""
    archiving = UnicodeAttribute(null=True)
    """JSON of how far the archiving of what a complete feed lacks is; absent for others."""


class SumItem(Item):
    """Its counts lie in attributes of their own (feeds/row_sum_store.py)."""

    class Meta(Table):
        pass


class ReportItem(Item):
    class Meta(Table):
        pass

    results = PackedAttribute()
    unread = UnicodeAttribute(null=True)
    """JSON of whose products the rows may be that could not be read, of complete feeds: {"skus": […], "unknown": 1}."""


class CompleteItem(Item):
    class Meta(Table):
        pass

    feed_id = UnicodeAttribute()
    as_of = UnicodeAttribute()


class ArchivedItem(Item):
    class Meta(Table):
        pass

    products = UnicodeAttribute()
    """JSON of ids and skus, at most 1,000."""


class TallyItem(Item):
    class Meta(Table):
        pass

    outcomes = UnicodeAttribute()
    failures = UnicodeAttribute()
    verdicts: Any = MapAttribute(default=dict)  # type: ignore[no-untyped-call]
