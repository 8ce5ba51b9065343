"""What AWS answered to a call that failed, or that its answer was lost."""

from collections.abc import Mapping
from typing import Any


def code_of(error: Exception) -> str:
    """The code of AWS's refusal, of PynamoDB's error or botocore's; empty if no answer came: nobody knows whether the call was done.

    botocore's errors of a connection have a `response` too, which is None: PynamoDB's own property stumbles over it.
    """
    return str(_response(error).get("Error", {}).get("Code") or "")


def is_unanswered(error: Exception) -> bool:
    """Whether a call to AWS may have been done, and its answer was lost, or AWS could not be reached."""
    from botocore.exceptions import ConnectionError as NotReached  # noqa: PLC0415 (only failures need it)
    from botocore.exceptions import HTTPClientError  # noqa: PLC0415

    return isinstance(getattr(error, "cause", None) or error, HTTPClientError | NotReached)


def is_unknown(error: Exception) -> bool:
    """Whether nobody can say if the call was done: its answer was lost, or is an error of AWS's own, a status of 500 or more. DynamoDB may
    have done a write then: developer guide, "Error handling with DynamoDB", on InternalServerError.
    """
    return is_unanswered(error) or int(_response(error).get("ResponseMetadata", {}).get("HTTPStatusCode", 0)) >= 500


def _response(error: Exception) -> Mapping[str, Any]:
    """AWS's answer; empty if there is none: an error of another library's may bear a `response` that is an object."""
    found = getattr(getattr(error, "cause", None) or error, "response", None)
    return found if isinstance(found, Mapping) else {}
