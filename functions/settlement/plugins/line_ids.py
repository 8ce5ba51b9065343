"""Ids of statement lines: the same line read twice has the same id, two equal lines of one day have two."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from monsoon_plugin.clearing import StatementLine


def with_ids(lines: Iterable[StatementLine]) -> list[StatementLine]:
    """`lines` with ids from what they say and their place among equal ones. What `id` held, the bank's own reference, counts too."""
    seen: Counter[str] = Counter()
    named = []
    for line in lines:
        told = (line.id, line.booked_on.isoformat(), str(line.amount.amount), line.amount.currency, line.reference, line.counterparty,
                line.text)  # fmt: skip
        digest = hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:24]
        seen[digest] += 1
        named.append(replace(line, id=f"{digest}-{seen[digest]}"))
    return named
