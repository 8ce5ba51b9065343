"""Bugs in fanout: what client sites are told."""

from simulation.mutants.mutant import Mutant

FANOUT = (
    Mutant(
        "client sites are told old news of a product",
        "functions/fanout/change_store.py",
        "counter.does_not_exist() | (counter < version)",
        "counter.does_not_exist() | (counter >= 0)",
    ),
)
