"""Whose a slug is: `slug#<skeleton>`, written once, with the storefront that claims it."""

from pynamodb.attributes import UnicodeAttribute

from shared.aws.dynamo import Item, Table

SLUG, CLAIM = "slug#", "claim"


class SlugItem(Item):
    class Meta(Table):
        pass

    slug = UnicodeAttribute()
    """As it was first written: names that look alike share the item."""
    account_id = UnicodeAttribute()
    storefront_id = UnicodeAttribute()
