"""The provider's words and ours: tables to fill from its documentation, each row with the page that says so. Pure: no network."""

from collections.abc import Mapping

from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import State

STATES: Mapping[str, State] = {}
"""The provider's word for a payment's state → ours. A word that is not here is no success: `state_of` refuses it."""

ERRORS: Mapping[str, tuple[ErrorKind, str]] = {}
"""The provider's code for a refusal → what it means, and what people are told."""

STATUSES: Mapping[int, tuple[ErrorKind, str]] = {
    400: (ErrorKind.INVALID, "Acme does not accept the request."),
    401: (ErrorKind.CONFIG, "Acme does not accept the key."),
    403: (ErrorKind.CONFIG, "Acme does not allow this with the key."),
    404: (ErrorKind.INVALID, "Acme does not know what the request names."),
    409: (ErrorKind.CONFLICT, "Acme says that it is already so."),
    422: (ErrorKind.INVALID, "Acme does not accept the request."),
    429: (ErrorKind.RATE_LIMITED, "Acme asks us to slow down."),
}
"""HTTP status → the same, where the code is not listed."""


def state_of(word: str) -> State:
    """Raises PluginError (protocol) for a word that is not in the table."""
    if word not in STATES:
        raise PluginError(ErrorKind.PROTOCOL, "Acme told of a state that is not known here", word[:64])
    return STATES[word]


def error_of(status: int, code: str, *, changes: bool) -> PluginError:
    """A refusal as ours. What is not listed says nothing: of a change (`changes`) nobody knows whether it was made."""
    lost = ErrorKind.OUTCOME_UNKNOWN if changes else ErrorKind.UNAVAILABLE
    kind, message = ERRORS.get(code) or STATUSES.get(status) or (lost, "Acme's answer was lost.")
    return PluginError(kind, message, code[:64] or str(status))
