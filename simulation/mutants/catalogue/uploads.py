"""Bugs in uploads: what becomes of feeds' rows."""

from simulation.mutants.mutant import Mutant

UPLOADS = (
    Mutant(
        "a feed's row that is overtaken waits for ever",
        "functions/uploads/products/submission_store.py",
        "[(before, OVERTAKEN)] if before.row_waits else []",
        "[]",
    ),
    Mutant(
        "a complete file archives what was sent after it",
        "functions/uploads/complete/archiving.py",
        " or held.latest > as_of:",
        ":",
    ),
    Mutant(
        "a complete file archives what was counted after it",
        "functions/uploads/complete/archive_store.py",
        'found[1].status == "active" and key not in sent_later',
        'found[1].status == "active"',
    ),
    Mutant(
        "a changed price is written over what was sent whole meanwhile",
        "functions/uploads/products/submission_service.py",
        "if not same and found.version != read.version:",
        "if not same and repriced is None and found.version != read.version:",
    ),
    Mutant(
        "a count is kept as of when it came",
        "functions/uploads/counts/stock_count.py",
        "counted_at=counted_at, received_at",
        "counted_at=self.received_at, received_at",
    ),
)
