"""One thing asked of a provider. It is written down before it is asked, settled once, and never deleted."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from functions.payments.lifecycle.lookup_schedule import may_still_arrive
from functions.payments.lifecycle.provider_words import printable
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import Capability, OperationKind
from shared.ids import derived_id
from shared.providers.late_requests import last_arrival

TRIES = 5
"""An operation that failed for a while (rate_limited, unavailable) is sent at most this many times."""


class Phase(StrEnum):
    PREPARED = "prepared"
    SENT = "sent"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    """The provider has taken it on, and will say what became of it."""


PASSING = frozenset({ErrorKind.RATE_LIMITED, ErrorKind.UNAVAILABLE})
"""Failures that did nothing and pass by themselves."""
MAY_BE_DONE = frozenset({ErrorKind.CONFLICT, ErrorKind.INVALID})
"""Refusals that a provider may also give to a capture or refund which it has made before; some have one word for both."""
UNCERTAIN = frozenset({ErrorKind.OUTCOME_UNKNOWN, ErrorKind.PROTOCOL})
"""Failures after which the provider may have done it: only `fetch` can tell."""
RESENT = frozenset({OperationKind.CAPTURE, OperationKind.CANCEL, OperationKind.REFUND})
"""What is sent again without anybody asking; a start or a confirmation needs the shopper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    id: str
    """Unique within the payment; a refund's is the refund's id."""
    kind: OperationKind
    amount: int
    """Minor units of the payment's currency."""
    phase: Phase = Phase.PREPARED
    at: str = ""
    """When it was last sent."""
    tries: int = 0
    error: str = ""
    """An ErrorKind, for FAILED and UNKNOWN."""
    message: str = ""
    code: str = ""
    """The provider's own word for the failure."""
    ref: str = ""
    """The provider's reference of the capture or refund; empty if it told none."""
    said: str = ""
    """What its owner said of it where the provider never told (reconciliation/owners_word.py); by which account, and when (RFC 3339)."""
    said_by: str = ""
    said_at: str = ""
    lost_at: str = ""
    """When it was last sent so that nobody heard of it, and the provider did not know of it either (RFC 3339): that request may come yet
    (LAST_ARRIVAL). Empty: no try was lost."""

    def key(self, payment_id: str) -> str:
        """The idempotency key that the provider gets, the same with every try; it never depends on the amount."""
        return derived_id("op", payment_id, self.id)

    @property
    def settled(self) -> bool:
        return self.phase in (Phase.SUCCEEDED, Phase.FAILED)

    @property
    def decided(self) -> bool:
        """Whether the provider has said what became of it; that it never arrived is our conclusion alone."""
        return self.settled and self.error not in PASSING

    @property
    def resendable(self) -> bool:
        """Whether it failed for a while only and is to be sent again, with the same key."""
        return self.phase is Phase.FAILED and self.kind in RESENT and self.error in PASSING and self.tries < TRIES

    def sent(self, now: datetime) -> "Operation":
        return replace(self, phase=Phase.SENT, at=rfc3339(now), tries=self.tries + 1, error="", message="", code="")

    def succeeded(self) -> "Operation":
        return replace(self, phase=Phase.SUCCEEDED, error="", message="", code="")

    def accepted(self) -> "Operation":
        return replace(self, phase=Phase.ACCEPTED, error="", message="", code="")

    @property
    def refused(self) -> bool:
        """Whether it failed, and the provider has only to be asked whether it was made before, or has come meanwhile."""
        return self.phase is Phase.UNKNOWN and bool(self.error) and self.error not in UNCERTAIN

    @property
    def doubted(self) -> bool:
        """Whether it is a refund that failed when it was sent again, of which the try that was lost before may come yet."""
        return self.refused and self._lost_refund

    @property
    def _lost_refund(self) -> bool:
        return self.kind is OperationKind.REFUND and self.lost_at != ""

    def may_come_until(self, now: datetime) -> datetime | None:
        """Until when the try that was lost may come yet; None if none was, or if it comes no more."""
        until = last_arrival(self.lost_at) if self.lost_at else None
        return until if until and now < until else None

    def after_lookup(self, now: datetime, can: Capability) -> "Operation":
        """As it is after the provider was asked and did not tell of it: a refusal is final, in the provider's own words; what may
        still arrive (GRACE, or LAST_ARRIVAL beside a refusal) stays open.

        The rest never arrived, if the provider tells everything (`lookup`), or if asking for it once more does it no second time
        (`native_idempotency`). Else nobody can tell: it stays open, and is not sent again.
        """
        if self.refused:
            return self if self.doubted and self.may_come_until(now) else replace(self, phase=Phase.FAILED)
        if self.settled or self.may_still_arrive(now):
            return self
        repeatable = can.native_idempotency and self.kind in RESENT and self.tries < TRIES
        concluded = can.lookup or repeatable or self.kind is OperationKind.START
        return self._lost().failed(NEVER_ARRIVED) if concluded else self._with_error(Phase.UNKNOWN, NOBODY_CAN_TELL)

    def _lost(self) -> "Operation":
        return replace(self, lost_at=self.at) if self.kind in RESENT else self

    @property
    def untold(self) -> bool:
        """Whether no question tells what became of it: a notice, or a person who looks at the provider, can."""
        return self.phase is Phase.UNKNOWN and self.code == NOBODY_CAN_TELL.provider_code

    @property
    def counts_meanwhile(self) -> bool:
        """Whether it is a refund that counts as if it were paid until that is known: the provider has taken it on, or it
        may be done already, or yet."""
        return self.kind is OperationKind.REFUND and (self.phase is Phase.ACCEPTED or self.untold or self.doubted)

    def failed(self, error: PluginError) -> "Operation":
        """FAILED, or UNKNOWN where the provider may have done it: a capture or refund that it has made before, say, is a conflict."""
        done_before = error.kind in MAY_BE_DONE and self.kind in (OperationKind.CAPTURE, OperationKind.REFUND)
        if error.kind in UNCERTAIN or done_before:
            return self._with_error(Phase.UNKNOWN, error)
        failed = self.ended(error)
        return failed if failed.resendable else self.not_sent(error)

    def not_sent(self, error: PluginError) -> "Operation":
        """FAILED, with no further try; UNKNOWN still, if it is a refund of which a try that was lost may come yet."""
        return self._with_error(Phase.UNKNOWN if self._lost_refund else Phase.FAILED, error)

    def ended(self, error: PluginError) -> "Operation":
        """FAILED, by the provider's last word."""
        return self._with_error(Phase.FAILED, error)

    def _with_error(self, phase: Phase, error: PluginError) -> "Operation":
        return replace(
            self, phase=phase, error=error.kind.value, message=printable(error.message, 300), code=printable(error.provider_code, 64)
        )

    def waiting(self, why: str) -> "Operation":
        """Written down, and to be sent by the sweep: its provider cannot be asked now."""
        return self.failed(PluginError(ErrorKind.UNAVAILABLE, f"not sent yet, it is tried again: {why}"))

    def may_still_arrive(self, now: datetime) -> bool:
        """Whether the provider's not knowing of it says nothing yet (GRACE)."""
        return self.phase is Phase.ACCEPTED or may_still_arrive(self.at, now)


NOBODY_CAN_TELL = PluginError(
    ErrorKind.OUTCOME_UNKNOWN, "the provider cannot be asked whether this was done, and it is not sent again: look in its console", "untold"
)
NEVER_ARRIVED = PluginError(ErrorKind.UNAVAILABLE, "the provider never received this request")
OWED_LESS = PluginError(ErrorKind.CONFLICT, "less is owed by now", "owed_less")
