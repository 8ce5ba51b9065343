"""Bugs in what becomes of who bought: sealed, found by guests, erased."""

from simulation.mutants.mutant import Mutant

BUYERS = (
    Mutant("an erased key stays", "shared/sealing/sealing.py", "        self._keys.erase(text.key)\n", ""),
    Mutant(
        "erasing one buyer erases others",
        "shared/sealing/keys_store.py",
        "actions=[KeysItem.salts[number].remove()]",
        "actions=[KeysItem.salts.remove()]",
    ),
    Mutant(
        "where an order goes lies in the clear",
        "functions/orders/buyers/buyer_sealing.py",
        '"note": "", "address": None, "to_country": order.country}',
        '"note": "", "to_country": order.country}',
    ),
    Mutant(
        "an erased buyer's order is found by their e-mail",
        "functions/orders/buyers/buyer_sealing.py",
        'hmac.compare_digest("" if order.forgotten else known, party)',
        "hmac.compare_digest(known, party)",
    ),
)
