"""Client sites' own endpoints: what the hub posts to them, and what comes of it on the way."""

from collections.abc import Callable, Mapping, Sequence

from monsoon_plugin.outbound.call import Failure, Outcome, Request
from simulation.faults import ProviderFault

Take = Callable[[Mapping[str, str], bytes], int | None]
"""What an endpoint does with headers and body. Answers its HTTP status; None if nobody is there."""


class Endpoints:
    """Each by its URL. `meet` is told of each post before it is made, and answers its fault; `die` ends the caller."""

    def __init__(self) -> None:
        self.meet: Callable[[str], ProviderFault | None] = lambda call: None
        self.die: Callable[[], None] = lambda: None
        self.of: dict[str, Take] = {}

    def post_all(self, requests: Sequence[Request]) -> Sequence[Outcome]:
        """What the hub's own client does (monsoon_plugin.outbound), one after another."""
        return [self._post(request) for request in requests]

    def _post(self, request: Request) -> Outcome:
        fault = self.meet(f"post {request.url} {request.headers['webhook-id']}")
        if fault == "dies before":
            self.die()
        if fault in ("refused", "conflict"):
            return _nothing(Failure.CONNECT)
        status = self.of[request.url](request.headers, request.body)
        if fault == "repeated":
            status = self.of[request.url](request.headers, request.body)
        if fault == "dies after":
            self.die()
        if status is None:
            return _nothing(Failure.CONNECT)
        return _nothing(Failure.TIMEOUT) if fault in ("lost", "slow") else Outcome(status, None, "", 1, None)


def _nothing(failure: Failure) -> Outcome:
    return Outcome(None, failure, "", 1, None)
