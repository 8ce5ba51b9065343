"""A double-entry ledger: postings, and journal entries that balance or do not exist. Knows no AWS."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "receivable", "fee_kept", "goods", "margin", "shipping", "provider_fee", "commission", "commission_earned", "dispute", "elsewhere",
    "payout",
]  # fmt: skip
"""What a posting is for, by whose account it lies on. The payment provider: `receivable` (what it collected for us),
`fee_kept`. A supplier: `goods`. A storefront's owner: `margin`, `shipping`, `provider_fee`, `commission`, `dispute` (what a
shopper's bank took back), `elsewhere` (what moved at the provider without our asking: the owner bears it until the goods are
back). The platform: `commission_earned`. Whoever is paid, and the account it is paid from: `payout`."""
Amounts = Counter[tuple[str, Kind]]
"""Account and kind → signed minor units of one currency."""
PLATFORM = "platform"


class Unbalanced(ValueError):
    """The postings of an entry do not add up to 0 in every currency."""


@dataclass(frozen=True, slots=True)
class Posting:
    """`amount` minor units of `currency` on `account`: a credit (the account gains) if above 0, a debit if below."""

    account: str
    kind: Kind
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """What one event moved between accounts. Making one whose postings do not sum to 0 per currency raises Unbalanced."""

    id: str
    order_id: str
    occurred_at: str
    """RFC 3339."""
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        off = {currency: amount for currency, amount in sums(self.postings).items() if amount}
        if off:
            raise Unbalanced(f"{self.id} of {self.order_id} is off by {off}")


def sums(postings: Iterable[Posting]) -> Counter[str]:
    """Currency → the sum of all amounts."""
    found: Counter[str] = Counter()
    for posting in postings:
        found[posting.currency] += posting.amount
    return found


def provider_account(account_id: str, plugin: str) -> str:
    """The ledger account of a merchant's payment provider."""
    return f"provider:{account_id}:{plugin}"


def clearing_account(account_id: str, plugin: str) -> str:
    """The ledger account that a merchant pays its payees from."""
    return f"clearing:{account_id}:{plugin}"


def is_merchant(account: str) -> bool:
    """Whether somebody who signs in holds `account`, and so has a statement."""
    return account != PLATFORM and not account.startswith(("provider:", "clearing:"))
