"""The deliberate bugs."""

from simulation.mutants.mutant import Mutant

_ALL = (
    Mutant(
        "an order takes units that are not there", "functions/orders/inventory/oversell_store.py",
        "condition=(ReplicaItem.sellable == True) & (ReplicaItem.quantity >= line.quantity)",
        "condition=(ReplicaItem.sellable == True)",
        "", 0,
    ),
    Mutant(
        "a cancelled order's units go back twice", "functions/orders/order_store.py",
        "                transaction.save(item, condition=unchanged)\n                return_units",
        "                transaction.save(item)\n                return_units",
        "", 0,
    ),
    Mutant(
        "a refund has another key at each try", "functions/payments/lifecycle/operation.py",
        'return derived_id("op", payment_id, self.id)', 'return derived_id("op", payment_id, self.id, str(self.tries))',
        "", 0,
    ),
    Mutant(
        "a commission has the wrong sign", "functions/settlement/payouts/batches/payout_postings.py",
        "there: Movement = ((record.payee, -amount), (payer, amount))", "there: Movement = ((record.payee, amount), (payer, -amount))",
        "", 0,
    ),
    Mutant(
        "a repeated capture counts again", "functions/orders/lifecycle/payment_events.py",
        "return held is not None and held.version >= message.version", "return held is not None and held.version > message.version + 9",
        "", 0,
    ),
)  # fmt: skip
MUTANTS = {mutant.name: mutant for mutant in _ALL}
