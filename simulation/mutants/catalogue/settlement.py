"""Deliberate bugs of settlement."""

from simulation.mutants.mutant import Mutant

LEDGER = "functions/settlement/ledger/ledger_store.py"
SETTLEMENT = (
    Mutant(
        "a payout is booked the wrong way round",
        "functions/settlement/payouts/batches/payout_postings.py",
        '"paid": ((record.payee, -amount), (payer, amount)),',
        '"paid": ((record.payee, amount), (payer, -amount)),',
    ),
    Mutant(
        "an entry is booked each time that it is heard",
        LEDGER,
        "if put_if(item, JournalItem.pk.does_not_exist()):",
        "item.save()\n        if True:",
    ),
    Mutant(
        "a refund takes nothing from the supplier",
        "functions/settlement/posting_rules/refund_reversal.py",
        "amounts.subtract(order_shares(event.account_id, event.lines, event.shipping))",
        'amounts[event.account_id, "margin"] -= event.amount',
    ),
    Mutant(
        "a payout is not held back",
        "functions/settlement/posting_rules/payout_hold.py",
        "+ timedelta(days=hold_days)",
        "+ timedelta(days=0 * hold_days)",
    ),
    Mutant(
        "test money is payable", "functions/settlement/posting_rules/order_payables.py", "    if booking.test:\n        return ()\n", ""
    ),
    Mutant(
        "a supplier is owed twice what its goods cost",
        "functions/settlement/posting_rules/order_payables.py",
        "owed[posting.account] += posting.amount",
        "owed[posting.account] += 2 * posting.amount",
    ),
    Mutant(
        "a supplier earns the price of one unit",
        "functions/settlement/posting_rules/order_payment.py",
        'amounts[line.supplier_id, "goods"] += money.cost',
        'amounts[line.supplier_id, "goods"] += line.unit_cost',
    ),
    Mutant(
        "a batch whose answer was lost is sent under another key",
        "functions/settlement/payouts/batches/batch_submission.py",
        "SubmitBatch(batch.key, todo,",
        'SubmitBatch(f"{batch.key}{batch.version}"[-35:], todo,',
    ),
    Mutant(
        "what is taken in a dispute's second round was taken before",
        "functions/settlement/posting_rules/dispute.py",
        "for n, amount in enumerate(amounts, first)]",
        "for n, amount in enumerate(amounts[:1], first)]",
    ),
)
