"""localstripe's store, by kind too.

localstripe looks through all that it ever made for the refunds of each charge that it shows, a dozen times a payment: at the six hundredth
payment that is three fifths of its time, and ever more.
"""

from typing import Any

from localstripe import resources
from localstripe.resources import List, Store, StripeObject, UserError


class StoreByKind(Store):  # type: ignore[misc]  # localstripe has no types
    """What `store` is once it is installed."""

    kinds: dict[str, dict[str, Any]]

    def by_kind(self) -> None:
        """Begin to know what is where, from what there is."""
        self.kinds = {}
        for key, made in self.items():
            self._of(key)[key] = made

    def of_kind(self, kind: str) -> list[Any]:
        """The first kept first."""
        return list(self.kinds.get(kind, {}).values())

    def _of(self, key: str) -> dict[str, Any]:
        """What is of the key's kind: `charge:ch_1` is of `charge`."""
        return self.kinds.setdefault(key.partition(":")[0], {})

    def __setitem__(self, key: str, made: Any) -> None:
        super().__setitem__(key, made)
        self._of(key)[key] = made

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        del self._of(key)[key]

    def dump_to_disk(self) -> None:
        """Not to a file of a fixed name with every change."""

    def clear(self) -> None:
        super().clear()
        self.kinds.clear()


def listed(cls: Any, /, url: str, limit: Any = None, starting_after: str | None = None, **unexpected: Any) -> Any:
    """Each object of a kind, the first made first."""
    if unexpected:
        raise UserError(400, f"Unexpected {', '.join(unexpected)}")
    found = List(url, limit=limit, starting_after=starting_after)
    found._list = resources.store.of_kind(cls.object)
    return found


def install() -> None:
    """Of localstripe's own store, for its server holds it too."""
    resources.store.__class__ = StoreByKind
    resources.store.by_kind()
    StripeObject._api_list_all = classmethod(listed)
