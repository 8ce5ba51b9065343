"""The emulator's tables found at once: it asks at each look whose they are, and in which region; here all are of one account and region."""

from functools import cache
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region
from ministack.services import dynamodb

OURS = (get_account_id(), get_region())


class OneAccount(AccountRegionScopedDict):  # type: ignore[misc]
    """What is kept by name, of one account in one region."""

    __slots__ = ()

    def __getitem__(self, key: str) -> Any:
        return self._data[(*OURS, key)]

    def __contains__(self, key: object) -> bool:
        return (*OURS, key) in self._data

    def get(self, key: str, default: Any = None) -> Any:
        return self._data.get((*OURS, key), default)


@cache
def serve_one_account() -> None:
    """Let all that this process's DynamoDB keeps be of the account and the region of now."""
    for kept in vars(dynamodb).values():
        if type(kept) is AccountRegionScopedDict:
            kept.__class__ = OneAccount
