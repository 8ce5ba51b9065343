"""The documents of a batch, whom it pays and the file for the bank: compressed, then encrypted for its storefront alone."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from functions.settlement.payouts.batches.payout_batch import PayoutBatch
from monsoon_plugin.clearing import Payee, Payout
from monsoon_plugin.money import Money
from shared.providers.credentials import Credentials

MOST = 380_000
"""Bytes; an item takes 400 KB."""


class DocumentTooLarge(ValueError):
    """A batch's document does not fit into an item."""


def seal_document(batch: PayoutBatch, what: str, plain: bytes, credentials: Credentials) -> bytes:
    """Raises DocumentTooLarge."""
    sealed = credentials.seal(gzip.compress(plain, mtime=0), _context(batch, what))
    if len(sealed) > MOST:
        raise DocumentTooLarge(f"the {what} of batch {batch.key} has {len(sealed)} bytes")
    return sealed


def unseal_document(batch: PayoutBatch, what: str, sealed: bytes, credentials: Credentials) -> bytes:
    return gzip.decompress(credentials.open(sealed, _context(batch, what)))


def plan_json(payouts: Sequence[Payout]) -> bytes:
    return json.dumps([asdict(payout) for payout in payouts], ensure_ascii=False, separators=(",", ":")).encode()


def parse_plan(written: bytes) -> list[Payout]:
    return [Payout(p["id"], Payee(**p["payee"]), Money(**p["amount"]), p["reference"]) for p in json.loads(written)]


def _context(batch: PayoutBatch, what: str) -> Mapping[str, str]:
    return {"tenant": batch.tenant, "installation": batch.installation_id, "plugin": f"{batch.plugin}/{batch.key}/{what}"}
