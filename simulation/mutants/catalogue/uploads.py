"""Bugs in uploads: what becomes of feeds' rows."""

from simulation.mutants.mutant import Mutant

UPLOADS = (
    Mutant(
        "a feed's row that is overtaken waits for ever",
        "functions/uploads/products/submission_store.py",
        "[(before, OVERTAKEN)] if before.row_waits else []",
        "[]",
    ),
)
