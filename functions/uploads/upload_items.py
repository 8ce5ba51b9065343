"""The items of uploads' table; `store.py` says under which keys they lie."""

from typing import Any

from pynamodb.attributes import MapAttribute, UnicodeAttribute

from shared.aws.dynamo import IntegerAttribute, Item, Table


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


class CreatedItem(Item):
    """A request or a picture: that it came, and with which payload."""

    class Meta(Table):
        pass

    fingerprint = UnicodeAttribute()
    content_type = UnicodeAttribute(null=True)


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


class ReportItem(Item):
    class Meta(Table):
        pass

    results = UnicodeAttribute()


class TallyItem(Item):
    class Meta(Table):
        pass

    outcomes = UnicodeAttribute()
    failures = UnicodeAttribute()
    verdicts: Any = MapAttribute(default=dict)  # type: ignore[no-untyped-call]
