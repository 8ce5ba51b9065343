"""An account's own item, `account` in its partition; `key#<id>` and `verification#<id>` lie beside it. The authorizer reads
`roles` and `verified`."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from shared.aws.dynamo import Item, Table

ACCOUNT = "account"


class AccountItem(Item):
    class Meta(Table):
        pass

    email = UnicodeAttribute(null=True)
    display_name = UnicodeAttribute(null=True)
    roles = UnicodeAttribute(null=True)
    verified = BooleanAttribute(null=True)
    verification_id = UnicodeAttribute(null=True)
    verification_state = UnicodeAttribute(null=True)
    sign_up = UnicodeAttribute(null=True)
    fingerprint = UnicodeAttribute(null=True)
    created_at = UnicodeAttribute(null=True)
