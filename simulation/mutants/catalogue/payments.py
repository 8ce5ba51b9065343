"""Deliberate bugs of payments."""

from simulation.mutants.mutant import Mutant

RUNNER, SERVICE = "functions/payments/operation_runner.py", "functions/payments/payment_service.py"
PAYMENTS = (
    Mutant(
        "a refund has another key at each try",
        "functions/payments/lifecycle/operation.py",
        'return derived_id("op", payment_id, self.id)',
        'return derived_id("op", payment_id, self.id, str(self.tries))',
    ),
    Mutant(
        "a refund of which nobody tells is sent again",
        "functions/payments/lifecycle/operation.py",
        "concluded = can.lookup or repeatable or self.kind is OperationKind.START",
        "concluded = can.lookup or repeatable or self.kind in (OperationKind.START, OperationKind.REFUND)",
    ),
    Mutant(
        "an owner's word on a refund is taken for the opposite",
        "functions/payments/reconciliation/owners_word.py",
        "return _done(noted, said, word, can) if word.done else noted.with_operation(said.ended(NOT_DONE))",
        "return noted.with_operation(said.ended(NOT_DONE))",
    ),
    Mutant(
        "a payment's change tells nobody",
        RUNNER,
        "self.store.save(after, event_of(before, after), self.clock())",
        "self.store.save(after, None, self.clock())",
    ),
    Mutant(
        "an operation is not written down before it is sent",
        RUNNER,
        "        payment = self.update(payment, lambda p: with_sent_operation(p, sent))\n",
        "",
    ),
    Mutant(
        "money that came is not counted",
        "functions/payments/lifecycle/payment.py",
        "        captured=captured,\n",
        "        captured=payment.captured,\n",
    ),
    Mutant(
        "what becomes of a refund is never looked up",
        "functions/payments/reconciliation/reconcile.py",
        "    for refund in refunds_to_resolve(payment, view):\n",
        "    for refund in ():\n",
    ),
    Mutant(
        "a paid refund is told with its sign lost",
        "functions/payments/lifecycle/events.py",
        "yield PaymentRefunded(**_common_fields(after, refund.amount), refund_id=refund.id)",
        "yield PaymentRefunded(**_common_fields(after, after.captured), refund_id=refund.id)",
    ),
    Mutant(
        "a promise whose notice was lost never ends",
        "functions/payments/lifecycle/payment.py",
        "return self.online and self.state is State.AUTHORIZED",
        "return False",
    ),
    Mutant(
        "a test payment is told as a live one", "functions/payments/lifecycle/events.py", '"test": bool(payment.test),', '"test": False,'
    ),
    Mutant(
        "money that the provider took back is not believed",
        "functions/payments/reconciliation/reconcile.py",
        "view is None or under_way or not _tells_less(runner, payment, view)",
        "True",
    ),
    Mutant(
        "what a dispute has become is not heard",
        "functions/payments/lifecycle/disputes.py",
        "    return _stage(told) > _stage(known)",
        "    return False",
    ),
    Mutant(
        "nobody is told that a promise could not be given back",
        "functions/payments/lifecycle/events.py",
        "failed = after.operation(after.uncancelled) if after.uncancelled != before.uncancelled else None",
        "failed = after.operation(after.uncancelled) if before.uncancelled and not after.uncancelled else None",
    ),
)
