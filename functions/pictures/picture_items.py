"""The items of pictures' table.

pk                    sk                what
account#pictures      pic_…             a picture: its place, and what became of its file, with its event; expires if nothing came
account#pictures      req_…             a request for what lies at an address, by its Idempotency-Key; expires
img_…                 content           what is known of a content, whoever sent it
img_…                 grant#account     that an account sent these bytes, and by which picture first
"""

from datetime import timedelta

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from shared.aws.dynamo import IntegerAttribute, Item, Table

AWAITED_LIFE = timedelta(days=7)
"""As long as a file that was sent and not read lies in the bucket (infra/media.yaml)."""
BROKEN_LIFE = timedelta(days=90)
REQUEST_LIFE = timedelta(days=7)


class PictureItem(Item):
    class Meta(Table):
        pass

    fingerprint = UnicodeAttribute(null=True)
    sha256 = UnicodeAttribute(null=True)
    address = UnicodeAttribute(null=True)
    asked = UnicodeAttribute(null=True)
    """The ask by which it is fetched, or was last."""
    awaits_anew = BooleanAttribute(null=True)
    state = UnicodeAttribute()
    version = IntegerAttribute(default=0)
    shown = UnicodeAttribute(null=True)
    """JSON of what whoever shows it must know."""
    code = UnicodeAttribute(null=True)
    found = UnicodeAttribute(null=True)
    hidden_for = UnicodeAttribute(null=True)


class RequestItem(Item):
    """A request for what lies at an address: what it asks for is not made by it alone, and so is not its record."""

    class Meta(Table):
        pass

    fingerprint = UnicodeAttribute()


class ContentItem(Item):
    class Meta(Table):
        pass

    sha256 = UnicodeAttribute()
    shown = UnicodeAttribute()
    rights = UnicodeAttribute(null=True)


class GrantItem(Item):
    class Meta(Table):
        pass

    picture_id = UnicodeAttribute()
