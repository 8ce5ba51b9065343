"""Lines of banks' statements in DynamoDB: each once, with the event that tells payments of a creditor reference."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, cast

from functions.settlement.bank.statement_matching import BankLine, Outcome
from functions.settlement.payouts.payout_items import BankLineItem
from monsoon_plugin.clearing import StatementLine
from monsoon_plugin.money import Amount, Money
from shared.aws.dynamo import bind, put_if
from shared.bus import envelope
from shared.ids import derived_id
from shared.messages import StatementLineBooked


class BankLineStore:
    def __init__(self, table: str, clock: Callable[[], datetime]) -> None:
        bind(table, BankLineItem)
        self._clock = clock

    def keys(self, tenant: str, installation_id: str, since: str, until: str) -> set[str]:
        pk = _pk(tenant, installation_id)
        found = BankLineItem.query(pk, BankLineItem.sk.between(since, f"{until}~"), attributes_to_get=["pk", "sk"], consistent_read=True)
        return {item.sk for item in found}

    def add(self, line: BankLine) -> bool:
        told = line.line
        item = BankLineItem(
            _pk(line.tenant, line.installation_id), line.key, amount=told.amount.amount, currency=told.amount.currency,
            reference=told.reference or None, counterparty=told.counterparty or None, text=told.text or None, outcome=line.outcome,
            payout_id=line.payout_id or None, note=line.note or None,
        )  # fmt: skip
        item.event = envelope(_booked(line), self._clock()) if line.outcome == "passed_on" else None
        return put_if(item, BankLineItem.pk.does_not_exist())

    def page(self, tenant: str, installation_id: str, limit: int, after: str | None) -> tuple[list[BankLine], str | None]:
        """A page of an installation's lines, the newest first, and where the next begins."""
        pk = _pk(tenant, installation_id)
        start: Any = {"pk": {"S": pk}, "sk": {"S": after}} if after else None
        found = BankLineItem.query(pk, scan_index_forward=False, limit=limit, last_evaluated_key=start)
        lines = [_line(item, tenant, installation_id) for item in found]
        last = found.last_evaluated_key
        return lines, None if last is None else str(last["sk"]["S"])


def _booked(line: BankLine) -> StatementLineBooked:
    account_id, storefront_id = line.tenant.split("#", 1)
    return StatementLineBooked(
        line_id=derived_id("stl", line.tenant, line.installation_id, line.key), account_id=account_id, storefront_id=storefront_id,
        reference=line.reference, amount=Amount.of(line.line.amount), booked_on=line.line.booked_on.isoformat(), version=1,
    )  # fmt: skip


def _line(item: BankLineItem, tenant: str, installation_id: str) -> BankLine:
    day, _, known = item.sk.partition("#")
    money = Money(int(item.amount), item.currency)
    told = StatementLine(known, date.fromisoformat(day), money, item.reference or "", item.counterparty or "", item.text or "")
    return BankLine(tenant, installation_id, told, cast("Outcome", item.outcome), item.payout_id or "", item.note or "")


def _pk(tenant: str, installation_id: str) -> str:
    return f"{tenant}#bank#{installation_id}"
