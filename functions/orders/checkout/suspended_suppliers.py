"""Suspended suppliers, remembered by the process, so that an order needs no further read for them.

What is remembered has a revision, a number that rises after each change of it. An order's one read brings the revision along when
the last look is MAX_AGE old; the suppliers themselves are read anew only if it has changed. See docs/decisions/0012-sanctions.md.
"""

from collections.abc import Callable, Mapping

from shared.errors import Conflict

MAX_AGE = 1.0
"""Seconds for which the revision is trusted."""


class SuspendedSupplier(Conflict):
    code, title = "supplier-suspended", "A supplier of this order is suspended: nothing of it is sold"


class SuspendedSuppliers:
    """Supplier id → why it is suspended. `read` answers all of them, as last written; `seconds`: the wall clock.

    Not the monotonic clock: that one need not go on while a function's process is frozen between two calls.
    """

    def __init__(self, read: Callable[[], Mapping[str, str]], seconds: Callable[[], float]) -> None:
        self._read, self._seconds = read, seconds
        self._looked: float | None = None
        self._revision = 0
        self._known: Mapping[str, str] = {}

    @property
    def due(self) -> bool:
        """Whether the revision must be looked at again."""
        return self._looked is None or not 0 <= self._seconds() - self._looked < MAX_AGE

    def look(self, revision: int) -> None:
        """Take note of the revision as it is now; 0: nobody was ever suspended."""
        if revision != self._revision:
            self._known = self._read()
            self._revision = revision
        self._looked = self._seconds()

    @property
    def known(self) -> Mapping[str, str]:
        return self._known
