"""Where audit keeps its verdicts and who was first with a product.

    pk                    sk         what
    account#prd_…         verdict    the newest verdict on a product; in the index `open` while it awaits a person
    fingerprint#<hash>    claim      its first holder: the product (account#prd_…) that was first with this content

A batch is written as one transaction: one call instead of two for each product. That costs double on AWS (about 6 WCU a product
instead of 3), so that a lone product is written by two conditional puts, its claim first: if the second fails, the next attempt
finds the claim to be its own. BatchWriteItem has no conditions, and an older version could overwrite a newer one.

`open` has one partition: people work it off, and a thousand new reviews a second are more than any could.
An approved verdict's product lies in its event alone, so that it is stored once.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import TransactWriteError
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.transactions import TransactWrite

from functions.audit.rules.finding import Finding
from functions.audit.verdicts.ruling import FirstHolder, Kept, Ruling
from functions.audit.verdicts.verdict import Appeal, Verdict
from monsoon_plugin.clock import Clock
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind, connection, put_if, reasons
from shared.bounds.kept import kept
from shared.bus import envelope, opened_as
from shared.messages import ProductApproved
from shared.trade.product import Product

OPEN = "open"
FINDINGS = TypeAdapter(tuple[Finding, ...])


class OpenIndex(GlobalSecondaryIndex["AuditItem"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "open"
        projection = KeysOnlyProjection()

    open_pk = UnicodeAttribute(hash_key=True)
    open_sk = UnicodeAttribute(range_key=True)


class AuditItem(Item):
    """A verdict, or a fingerprint's claim; one model, so that one call reads both."""

    class Meta(Table):
        pass

    holder = UnicodeAttribute(null=True)
    """A claim's: the partition key of the product's verdict."""
    version = IntegerAttribute(null=True)
    product = UnicodeAttribute(null=True)
    fingerprint = UnicodeAttribute(null=True)
    status = UnicodeAttribute(null=True)
    findings = UnicodeAttribute(null=True)
    code = UnicodeAttribute(null=True)
    evidence = UnicodeAttribute(null=True)
    remedy = UnicodeAttribute(null=True)
    decided_by = UnicodeAttribute(null=True)
    at = UnicodeAttribute(null=True)
    appeal = UnicodeAttribute(null=True)
    open_pk = UnicodeAttribute(null=True)
    open_sk = UnicodeAttribute(null=True)
    open_index = OpenIndex()


class VerdictStore:
    """Audit's one table."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, AuditItem)
        self._clock = clock

    def read(self, products: Collection[tuple[str, str]], fingerprints: Collection[str] = ()) -> Kept:
        """At most 100 together."""
        keys = [(_pk(*product), "verdict") for product in products] + [
            (f"fingerprint#{fingerprint}", "claim") for fingerprint in fingerprints
        ]
        found: Any = AuditItem.batch_get(keys, consistent_read=True) if keys else ()
        verdicts: dict[str, Verdict] = {}
        holders: dict[str, FirstHolder] = {}
        for item in found:
            if item.sk == "claim":
                holder = _holder(item)
                holders[holder.fingerprint] = holder
            else:
                verdict = _verdict(item)
                verdicts[verdict.product_id] = verdict
        return verdicts, holders

    def write(self, rulings: Sequence[Ruling]) -> bool:
        """Write all or, if anything has changed since it was read, none of a batch; see the module for a lone one."""
        writes = [write for ruling in rulings for write in self._writes(ruling)]
        if len(rulings) < 2:
            return all(put_if(item, condition) for item, condition in writes)
        try:
            with TransactWrite(connection=connection()) as transaction:
                for item, condition in writes:
                    transaction.save(item, condition=condition)
        except TransactWriteError as error:
            if not set(reasons(error)) <= {None, "ConditionalCheckFailed", "TransactionConflict"}:
                raise
            return False
        return True

    def replace(self, verdict: Verdict, before: Verdict) -> bool:
        return put_if(self._item(verdict), _unchanged(before))

    def waiting(self, after: str, limit: int) -> tuple[list[Verdict], str | None]:
        """At most `limit` verdicts that await a person, oldest first, after the place `after`; and the place to go on from, if any.

        The index follows the table by a moment: what has been decided since is left out.
        """
        beyond: Any = OpenIndex.open_sk > after
        keys: list[Any] = list(AuditItem.open_index.query(OPEN, beyond if after else None, limit=limit))
        verdicts, _ = self.read([_ids(item.pk) for item in keys])
        listed = [verdicts[product_id] for _, product_id in (_ids(item.pk) for item in keys) if product_id in verdicts]
        return [v for v in listed if v.status == "held"], keys[-1].open_sk if len(keys) == limit else None

    def _writes(self, ruling: Ruling) -> list[tuple[AuditItem, Any]]:
        writes = [(self._item(ruling.verdict), _unchanged(ruling.before))]
        if ruling.first is None:
            return writes
        claim = AuditItem(f"fingerprint#{ruling.first.fingerprint}", "claim", holder=_verdict_pk(ruling.first))
        unclaimed = AuditItem.holder.does_not_exist() if ruling.replaced is None else AuditItem.holder == _verdict_pk(ruling.replaced)
        return [(claim, unclaimed), *writes]

    def _item(self, verdict: Verdict) -> AuditItem:
        is_open = verdict.status == "held"
        return AuditItem(
            _pk(verdict.supplier_id, verdict.product_id), "verdict", event=envelope(verdict.event, self._clock()),
            version=verdict.version, fingerprint=verdict.fingerprint or None, status=verdict.status,
            product=None if verdict.status == "approved" else verdict.product.model_dump_json(exclude_defaults=True),
            findings=FINDINGS.dump_json(verdict.findings).decode() if verdict.findings else None,
            code=verdict.code or None, evidence=verdict.evidence or None, remedy=verdict.remedy or None,
            decided_by=verdict.decided_by, at=verdict.at, appeal=json.dumps(asdict(verdict.appeal)) if verdict.appeal else None,
            open_pk=OPEN if is_open else None, open_sk=f"{verdict.at}#{verdict.product_id}" if is_open else None,
        )  # fmt: skip


def _pk(supplier_id: str, product_id: str) -> str:
    return f"{supplier_id}#{product_id}"


def _ids(pk: str) -> tuple[str, str]:
    supplier_id, _, product_id = pk.partition("#")
    return supplier_id, product_id


def _verdict_pk(holder: FirstHolder) -> str:
    return _pk(holder.supplier_id, holder.product_id)


def _unchanged(before: Verdict | None) -> Any:
    if before is None:
        return AuditItem.pk.does_not_exist()
    return (AuditItem.version == before.version) & (AuditItem.status == before.status) & (AuditItem.at == before.at)


def _holder(item: AuditItem) -> FirstHolder:
    supplier_id, product_id = _ids(item.holder or "")
    return FirstHolder(item.pk.removeprefix("fingerprint#"), product_id, supplier_id)


def _verdict(item: Any) -> Verdict:
    supplier_id, product_id = _ids(item.pk)
    return Verdict(
        supplier_id=supplier_id, product_id=product_id, version=item.version, product=_product(item), fingerprint=item.fingerprint or "",
        status=item.status, findings=FINDINGS.validate_json(item.findings) if item.findings else (), code=item.code or "",
        evidence=item.evidence or "", remedy=item.remedy or "", decided_by=item.decided_by, at=item.at,
        appeal=Appeal(**json.loads(item.appeal)) if item.appeal else None,
    )  # fmt: skip


def _product(item: Any) -> Product:
    """Items of before keep it beside their event, which says it too."""
    return kept(Product, item.product) if item.product is not None else opened_as(ProductApproved, item.event).product
