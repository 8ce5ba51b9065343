"""Which mails there are: to whom each goes, and whether one whose outcome nobody learns is sent again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

BuyersKind = Literal["received", "paid", "dispatched", "delivered", "refunded", "cancelled"]
MerchantsKind = Literal["new_order", "low_stock", "verdict", "payout_failed", "webhook_disabled"]
"""Each can be switched off by its merchant."""
OwnKind = Literal["confirm_address"]
Kind = BuyersKind | MerchantsKind | OwnKind
BUYERS: tuple[BuyersKind, ...] = get_args(BuyersKind)
MERCHANTS: tuple[MerchantsKind, ...] = get_args(MerchantsKind)


@dataclass(frozen=True, slots=True)
class Rule:
    """`again`: a second, marked mail is better than none."""

    to: Literal["buyer", "merchant"]
    again: bool


RULES: Mapping[Kind, Rule] = {
    **{kind: Rule("buyer", again=True) for kind in BUYERS},
    **{kind: Rule("merchant", again=False) for kind in MERCHANTS},
    "new_order": Rule("merchant", again=True),
    "confirm_address": Rule("merchant", again=False),
}
