"""How far each reader of a stream has come: noted when the emulator moves it, which is after its function has done a batch."""

import json
from collections.abc import Iterator
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region
from ministack.services import lambda_svc

from local.redo.kept import Kept
from local.redo.log import RedoLog


class Positions(AccountRegionScopedDict):  # type: ignore[misc]
    """The emulator's, watched. A move that cannot be written is no refusal: the reader is told those records again."""

    __slots__ = ("_log",)

    def __init__(self, log: RedoLog) -> None:
        super().__init__()
        self._log = log

    def __setitem__(self, reader: str, position: Any) -> None:
        moved = self.get(reader) != position
        super().__setitem__(reader, position)
        if moved:
            self._log.note("read", get_account_id(), get_region(), reader, position, refuse=False)

    def __deepcopy__(self, _memo: Any) -> AccountRegionScopedDict:
        """A copy is watched by nobody."""
        return AccountRegionScopedDict.from_dict(self.to_dict())


def watch(log: RedoLog) -> None:
    lambda_svc._dynamodb_stream_positions = Positions(log)


def restore(kept: Kept) -> None:
    """Positions of readers that are there still."""
    for (account, region, reader), position in kept.read.items():
        if lambda_svc._esms.contains_scoped(account, region, reader):
            lambda_svc._dynamodb_stream_positions.set_scoped(account, region, reader, position)


def everything() -> Iterator[str]:
    for (account, region, reader), position in lambda_svc._dynamodb_stream_positions.all_items():
        yield json.dumps(["read", account, region, reader, position])
