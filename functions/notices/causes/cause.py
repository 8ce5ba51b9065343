"""Why a mail is sent. The same cause is the same mail, however often it is heard of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from functions.notices.causes.kinds import Kind
from shared.ids import derived_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """`about`: the order's id, or the merchant's account. `key`: which of its kind it is: a shipment's id, say; empty: there is but one.

    `facts`: what the mail says beyond what is known of the order; JSON, and nothing of who the buyer is.
    """

    kind: Kind
    about: str
    account_id: str
    storefront_id: str = ""
    key: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    test: bool = False

    @property
    def mail_id(self) -> str:
        """The id of the one mail that it causes: of its record, and of what SES tells of it."""
        return mail_id(self.kind, self.about, self.key)


def mail_id(kind: Kind, about: str, key: str = "") -> str:
    return derived_id("ntc", kind, about, key)
