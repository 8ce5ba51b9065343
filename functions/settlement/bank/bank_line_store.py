"""Lines of banks' statements in DynamoDB: each once, with the event that tells payments of a creditor reference."""

from datetime import date
from typing import Any, cast

from functions.settlement.bank.bank_line_items import BankLineItem
from functions.settlement.bank.statement_matching import BankLine, Outcome
from monsoon_plugin.clearing import StatementLine
from monsoon_plugin.clock import Clock
from monsoon_plugin.money import Amount, Money
from shared.aws.dynamo import bind, put_if
from shared.bus import envelope
from shared.ids import derived_id
from shared.messages import StatementLineBooked


class BankLineStore:
    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, BankLineItem)
        self._clock = clock

    def keys(self, tenant: str, installation_id: str, since: str, until: str) -> set[str]:
        pk = _pk(tenant, installation_id)
        found = BankLineItem.query(pk, BankLineItem.sk.between(since, f"{until}~"), attributes_to_get=["pk", "sk"], consistent_read=True)
        return {item.sk for item in found}

    def add(self, line: BankLine) -> bool:
        item = _item(line)
        item.event = envelope(_event(line), self._clock()) if line.outcome == "passed_on" else None
        return put_if(item, BankLineItem.pk.does_not_exist())

    def page(self, tenant: str, installation_id: str, limit: int, after: str | None) -> tuple[list[BankLine], str | None]:
        """A page of an installation's lines, the newest first, and where the next begins."""
        pk = _pk(tenant, installation_id)
        start: Any = {"pk": {"S": pk}, "sk": {"S": after}} if after else None
        found = BankLineItem.query(pk, scan_index_forward=False, limit=limit, last_evaluated_key=start)
        lines = [_line(item, tenant, installation_id) for item in found]
        last = found.last_evaluated_key
        return lines, None if last is None else str(last["sk"]["S"])


def _item(bank_line: BankLine) -> BankLineItem:
    line = bank_line.line
    return BankLineItem(
        _pk(bank_line.tenant, bank_line.installation_id),
        bank_line.key,
        amount=line.amount.amount,
        currency=line.amount.currency,
        reference=line.reference or None,
        counterparty=line.counterparty or None,
        text=line.text or None,
        outcome=bank_line.outcome,
        payout_id=bank_line.payout_id or None,
        note=bank_line.note or None,
    )


def _event(line: BankLine) -> StatementLineBooked:
    account_id, storefront_id = line.tenant.split("#", 1)
    return StatementLineBooked(
        line_id=derived_id("stl", line.tenant, line.installation_id, line.key),
        account_id=account_id,
        storefront_id=storefront_id,
        reference=line.reference,
        amount=Amount.of(line.line.amount),
        booked_on=line.line.booked_on.isoformat(),
        version=1,
    )


def _line(item: BankLineItem, tenant: str, installation_id: str) -> BankLine:
    day, _, id_ = item.sk.partition("#")
    line = StatementLine(
        id=id_,
        booked_on=date.fromisoformat(day),
        amount=Money(int(item.amount), item.currency),
        reference=item.reference or "",
        counterparty=item.counterparty or "",
        text=item.text or "",
    )
    return BankLine(
        tenant=tenant,
        installation_id=installation_id,
        line=line,
        outcome=cast("Outcome", item.outcome),
        payout_id=item.payout_id or "",
        note=item.note or "",
    )


def _pk(tenant: str, installation_id: str) -> str:
    return f"{tenant}#bank#{installation_id}"
