"""Why a provider's call failed: the one exception that a plug-in raises."""

from enum import StrEnum


class ErrorKind(StrEnum):
    """Why a call failed. Only rate_limited and unavailable are retried; outcome_unknown goes to `fetch`."""

    DECLINED = "declined"
    INVALID = "invalid"
    CONFIG = "config"
    UNSUPPORTED = "unsupported"
    CONFLICT = "conflict"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    OUTCOME_UNKNOWN = "outcome_unknown"
    PROTOCOL = "protocol"
    SIGNATURE = "signature"


class PluginError(Exception):
    """A provider's refusal or failure. `message` may be shown to people; `provider_code` is the provider's own word."""

    def __init__(self, kind: ErrorKind, message: str, provider_code: str = "") -> None:
        super().__init__(f"{kind}: {message}")
        self.kind, self.message, self.provider_code = kind, _readable(message), _readable(provider_code)


def _readable(text: str) -> str:
    """A provider's word may hold half of a character, which no answer can carry: it becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def lost(provider: str, *, changes: bool, code: str = "") -> PluginError:
    """What a missing answer means: of a change, that nobody knows whether it was made; of a question, nothing."""
    if changes:
        return PluginError(ErrorKind.OUTCOME_UNKNOWN, f"{provider}'s answer was lost.", code)
    return PluginError(ErrorKind.UNAVAILABLE, f"{provider} does not answer.", code)
