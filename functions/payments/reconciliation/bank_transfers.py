"""Bank transfers that a statement tells of: found by their reference alone, believed for the whole amount alone."""

from dataclasses import replace
from functools import partial

from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import PROMISED, Payment
from functions.payments.operation_runner import OperationRunner, confirmation_call
from functions.payments.provider_data import provider_data
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import OperationKind
from shared.messages import StatementLineBooked

LINE = "line-"
"""Before the id of an operation that a statement's line confirms."""
MOST_PARTS = 10
"""Lines that are kept as parts of what was confirmed by hand; further ones are left to the merchant's own books."""
DIFFERS, AGAIN = "amount_differs", "paid_again"
"""Codes of lines that are shown and move nothing: of another amount; of a transfer that had come before."""


def with_differing_line(payment: Payment, line: Operation) -> Payment:
    """`payment` with a line that is left to its merchant in the place of the one before: a shopper may send any number of them.

    What was booked later counts, not what was heard later: a line that is told once more does not come back in the place of a newer one.
    Of one day the banks tell no order: then it is the one whose id sorts last.
    """
    if any(_differs(o) and (o.at, o.id) >= (line.at, line.id) for o in payment.operations):
        return payment
    return replace(payment, operations=(*(o for o in payment.operations if not _differs(o)), line))


def _differs(operation: Operation) -> bool:
    return operation.kind is OperationKind.CONFIRM and operation.code in (DIFFERS, AGAIN)


def _came_before(payment: Payment) -> list[int]:
    """The amounts of the lines that brought its money, or that are what its merchant confirmed by hand."""
    return [o.amount for o in payment.operations if o.id.startswith(LINE) and o.phase is Phase.SUCCEEDED]


def match_bank_line(runner: OperationRunner, message: StatementLineBooked) -> None:
    """Money came to the merchant's account: if it is all of a transfer that is awaited, the payment is captured.

    Another amount, and a transfer that comes a second time, is recorded on the payment, the one booked last alone, and left to the
    merchant. After a merchant confirmed by hand the first line, or the first that make up the amount, are taken for what was confirmed. The
    same line again changes nothing.
    Raises Conflict where another line came first at this moment: told again, it is the second.
    """
    payment = runner.store.find_by_reference(f"{message.account_id}#{message.storefront_id}", message.reference)
    operation = Operation(id=f"{LINE}{message.line_id}"[:64], kind=OperationKind.CONFIRM, amount=message.amount.amount)
    if payment is None or payment.operation(operation.id):
        return
    if payment.state not in PROMISED and message.amount.money == payment.amount:
        installation = runner.plugins.get(payment.tenant, payment.installation_id)
        data = provider_data(runner.plugins, installation, {"amount": message.amount.amount})
        runner.run(payment, operation, confirmation_call(payment, data), installation)
    else:
        booked = replace(operation, at=f"{message.booked_on}T00:00:00.000Z")
        runner.update(payment, partial(_with_shown, line=booked, came=message.amount.money))


def _with_shown(payment: Payment, line: Operation, came: Money) -> Payment:
    """`payment` with a line that moves nothing."""
    if payment.operation(line.id):
        return payment
    before = _came_before(payment)
    if before and sum(before) + line.amount > payment.amount.amount:
        again = PluginError(ErrorKind.INVALID, f"{came} came once more: pay it back from your bank", AGAIN)
        return with_differing_line(payment, line.ended(again))
    if payment.state in PROMISED:
        kept = came.currency == payment.amount.currency and len(before) < MOST_PARTS
        return payment.with_operation(line.succeeded()) if kept else payment
    differs = PluginError(ErrorKind.INVALID, f"{came} came, {payment.amount} is awaited", DIFFERS)
    return with_differing_line(payment, line.ended(differs))
