"""What a function was found to be allowed is known for a moment: judging a role anew costs more than what most calls do."""

import time
from collections.abc import Callable, Sequence

KNOWN_SECONDS = 2.0
"""How long an answer holds for calls of items. On AWS, too, a change of rights is not seen at once: IAM user guide, "Changes that I make
are not always immediately visible"."""
MOST = 1000
"""Answers that are kept before those that no longer hold are let go: each process of a function has an access key of its own."""
Wanted = tuple[str, str]
"""An action, and a resource's ARN."""


class KnownRights:
    """`clock`: seconds that only grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._until: dict[tuple[str, str, str], float] = {}

    def learn(self, access_key: str, wanted: Wanted) -> None:
        """Whoever has the access key may do this."""
        now = self.clock()
        if len(self._until) >= MOST:
            self._until = {right: until for right, until in self._until.items() if until > now}
        self._until[access_key, *wanted] = now + KNOWN_SECONDS

    def hold(self, access_key: str, wanted: Sequence[Wanted]) -> bool:
        """Whether whoever has the access key may do all of it."""
        now = self.clock()
        return all(self._until.get((access_key, *each), 0.0) > now for each in wanted)

    def __len__(self) -> int:
        return len(self._until)
