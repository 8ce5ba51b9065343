"""The items of pictures' table.

pk                    sk                what
account#pictures      pic_…             a picture: its place, and what became of its file, with its event; expires if nothing came
account#pictures      req_…             a request for what lies at an address, by its Idempotency-Key; expires
img_…                 content           what is known of a content, whoever sent it
img_…                 grant#account#pic_…   that an account sent these bytes, by this picture; before 2026-12 grant#account, its first alone
img_…                 licence#account   for what an account that sent it lets others use it, how often they do
img_…                 use#account#sku   that an account shows it with a product of its own, by whose grant
img_…                 walk              how far pictures have followed what the content is hidden for, with its event; expires
img_…                 notice#ntc_…      a notice against it, what was answered and decided
notices#open          at#img_…#ntc_…    that a notice waits for an operator
account#notices       record            how many notices an account sent, and how many were rejected
account#likenesses    pic_…             that a picture looks like others' pictures, with its event
account#given         img_…             that an account lets others use it, or did
account#contributed   prd_…             whose pictures of the commons a product of an account's shows; 0: that it ever took one
ord_…                 sale              an order of such products: what was paid and paid back, as far as thanks are counted; expires
look#0#…              img_…             a content under a band of the bits of what it looks like
commons#gtin#…        img_…#account     a picture of the commons under what it is found by: gtin#, brand#, word#
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Self

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from shared.aws.dynamo import IntegerAttribute, Item, PackedAttribute, Table

AWAITED_LIFE = timedelta(days=7)
"""As long as a file that was sent and not read lies in the bucket (infra/media.yaml)."""
BROKEN_LIFE = timedelta(days=90)
REQUEST_LIFE = timedelta(days=7)
WALK_LIFE = timedelta(days=7)


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
    hidden_for = UnicodeAttribute(null=True)
    gone = BooleanAttribute(null=True)
    look = UnicodeAttribute(null=True)
    moderations = IntegerAttribute(null=True)


class WalkItem(Item):
    class Meta(Table):
        pass


class GrantItem(Item):
    class Meta(Table):
        pass

    picture_id = UnicodeAttribute(null=True)


class LookItem(Item):
    class Meta(Table):
        pass

    look = UnicodeAttribute()


class LikenessItem(Item):
    class Meta(Table):
        pass

    version = IntegerAttribute()
    """The picture's."""


class NoticeItem(Item):
    class Meta(Table):
        pass

    ground = UnicodeAttribute()
    name = UnicodeAttribute()
    state = UnicodeAttribute()
    said = UnicodeAttribute()
    counter = UnicodeAttribute(null=True)
    decision = UnicodeAttribute(null=True)


class OpenNoticeItem(Item):
    class Meta(Table):
        pass


class SenderItem(Item):
    class Meta(Table):
        pass

    day = UnicodeAttribute()
    sent = IntegerAttribute()
    rejected = IntegerAttribute()


SOLD_FOR = "sold_for_"
"""And a currency: an attribute's name."""


class LicenceItem(Item):
    class Meta(Table):
        pass

    picture_id = UnicodeAttribute()
    licence = UnicodeAttribute()
    credit = UnicodeAttribute(null=True)
    shows = UnicodeAttribute()
    """JSON of the thing that it is of."""
    granted_at = UnicodeAttribute()
    uses = IntegerAttribute()
    sold = IntegerAttribute(null=True)
    sold_for: Mapping[str, int] = {}
    """What was paid for them, by currency: an attribute each, which is added to without being read."""

    def serialize(self, null_check: bool = True) -> dict[str, dict[str, Any]]:
        amounts = {SOLD_FOR + currency: {"N": str(amount)} for currency, amount in self.sold_for.items()}
        return super().serialize(null_check) | amounts

    @classmethod
    def _instantiate(cls, attribute_values: dict[str, Any]) -> Self:
        item = super()._instantiate(attribute_values)
        found = {name: value for name, value in attribute_values.items() if name.startswith(SOLD_FOR)}
        item.sold_for = {name.removeprefix(SOLD_FOR): int(value["N"]) for name, value in found.items()}
        return item


def sold_for(currency: str) -> IntegerAttribute:
    """What a grant's sales in this currency came to."""
    return IntegerAttribute(attr_name=SOLD_FOR + currency)


class UseItem(Item):
    class Meta(Table):
        pass

    picture_id = UnicodeAttribute()
    granted_by = UnicodeAttribute()
    licence = UnicodeAttribute()
    at = UnicodeAttribute()


class ContributedItem(Item):
    class Meta(Table):
        pass

    version = IntegerAttribute()
    """Of the submission."""
    credits = UnicodeAttribute(null=True)
    """JSON: [content, who gave it] each."""


class SaleItem(Item):
    class Meta(Table):
        pass

    told = PackedAttribute()
    changes = IntegerAttribute()


class GivenItem(Item):
    class Meta(Table):
        pass


class EntryItem(Item):
    class Meta(Table):
        pass

    shown = UnicodeAttribute()
    licence = UnicodeAttribute()
    credit = UnicodeAttribute(null=True)
    shows = UnicodeAttribute()
