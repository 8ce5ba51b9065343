"""A batch of payouts and each payout in it: their states, and what may become of them. Pure."""

import hashlib
import re
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from monsoon_plugin.clearing import Payout, PayoutView
from monsoon_plugin.money import Money

BatchState = Literal["collecting", "prepared", "sent", "unknown", "submitted", "settled", "empty"]
"""collecting: what is due is being claimed · prepared: fixed, to be sent · sent: the call was begun · unknown: its answer was lost ·
submitted: the provider, or the merchant, has it · settled: of every payout it is known what became of it · empty: nobody was paid."""
PayoutState = Literal["prepared", "submitted", "paid", "failed", "returned"]
BATCH_OR_PAYOUT = re.compile(r"(?<![0-9A-Z])(\d{8}-[A-Z]{3}-[A-Z2-7]{10}-\d{2})(-\d{4})?(?!-?[0-9A-Z])")
"""A batch's key, or a payout's id, which begins with it."""
RANK: dict[PayoutState, int] = {"prepared": 0, "submitted": 1, "failed": 2, "paid": 3, "returned": 4}
"""What is known later never falls back; a success after a failure is a success."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutBatch:
    key: str
    tenant: str
    installation_id: str
    plugin: str
    currency: str
    day: str
    state: BatchState = "collecting"
    version: int = 1
    """Rises with each write, a claim's too: what was read before is refused."""
    total: int = 0
    count: int = 0
    tries: int = 0
    changed_at: str = ""
    """RFC 3339: when it came into its state."""
    reason: str = ""
    by_file: bool = False
    lost_at: str = ""
    """RFC 3339: when it was last sent so that nobody answered: that may come to the provider yet (shared.providers.late_requests)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutRecord:
    """One payout of a batch as we know it."""

    payout_id: str
    batch_key: str
    tenant: str
    plugin: str
    installation_id: str
    payee: str
    amount: Money
    state: PayoutState = "prepared"
    provider_ref: str = ""
    reason: str = ""
    paid_line: str = ""
    """The statement's line that shows it."""
    returned_line: str = ""
    failed_before: bool = False
    """It was told to have failed, and was paid after all."""
    version: int = 1

    @property
    def storefront_id(self) -> str:
        return self.tenant.split("#", 1)[1]


def batch_key(tenant: str, currency: str, day: date, number: int) -> str:
    """The one key of a storefront's nth batch of a day: sorts by day, and fits into a SEPA identification."""
    digest = b32encode(hashlib.sha256(tenant.encode()).digest()).decode()[:10]
    return f"{day:%Y%m%d}-{currency}-{digest}-{number:02d}"


def payout_id(key: str, number: int) -> str:
    return f"{key}-{number:04d}"


def batch_key_of(payout: str) -> str:
    """The key of a payout's batch."""
    return payout.rpartition("-")[0]


def records_of(batch: PayoutBatch, payouts: Sequence[Payout]) -> list[PayoutRecord]:
    """The batch's payouts before anything was sent."""
    return [
        PayoutRecord(
            payout_id=payout.id,
            batch_key=batch.key,
            tenant=batch.tenant,
            plugin=batch.plugin,
            installation_id=batch.installation_id,
            payee=payout.payee.account_id,
            amount=payout.amount,
        )
        for payout in payouts
    ]


def advanced(record: PayoutRecord, view: PayoutView) -> PayoutRecord:
    """`record` with what a provider tells of it; the same object if that is nothing new."""
    if RANK[view.state] <= RANK[record.state]:
        return record
    return replace(
        record,
        state=view.state,
        provider_ref=view.provider_ref or record.provider_ref,
        reason=view.reason[:200],
        failed_before=record.failed_before or record.state == "failed",
        version=record.version + 1,
    )


def is_settled(records: Sequence[PayoutRecord]) -> bool:
    return all(RANK[record.state] >= RANK["failed"] for record in records)
