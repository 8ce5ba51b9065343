"""The way to a plug-in of the operator's: its own Lambda function, by ARN, asked synchronously."""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

from botocore.config import Config as ClientConfig
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, HTTPClientError, NoCredentialsError

from shared.aws.clients import client
from shared.providers.elsewhere.remote import lost

ANSWER = 6 * 1024 * 1024
"""Bytes; Lambda answers no more (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, "Invocation payload")."""
LONGEST = 30
"""Seconds of a call; there is one Lambda client for each whole second up to this."""
AFTER_IT_BEGAN = frozenset({"ServiceException", "InternalFailure", "InternalServerError", "ServiceUnavailable"})
"""Lambda's own failures (docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, Errors): the function may have run. By all other
errors of that list the call was throttled or refused before."""

Client = Callable[[int], Any]
"""Seconds → Lambda's client that waits so long."""


class ByFunction:
    """A Lambda function by its ARN, asked synchronously; the operator's policy says who may call it."""

    def __init__(self, arn: str, client: Client) -> None:
        self._arn, self._client = arn, client

    def sent(self, body: bytes, seconds: float, *, changes: bool) -> bytes:
        """The function's answer, in at most `seconds`, rounded up. Raises PluginError."""
        client = self._client(min(math.ceil(seconds), LONGEST))
        try:
            answer = client.invoke(FunctionName=self._arn, InvocationType="RequestResponse", Payload=body)
            read: bytes = answer["Payload"].read(ANSWER)
        except ClientError as error:
            code = str(error.response["Error"]["Code"])
            raise lost(changes and code in AFTER_IT_BEGAN, code) from None
        except (ConnectTimeoutError, EndpointConnectionError, NoCredentialsError) as error:
            raise lost(False, type(error).__name__) from None
        except (HTTPClientError, OSError) as error:
            raise lost(changes, type(error).__name__) from None
        if "FunctionError" in answer:
            raise lost(changes, str(answer["FunctionError"]))
        return read


@cache
def lambda_client(seconds: int) -> Any:
    """Lambda's client, which asks once and waits so long. Making one takes milliseconds, so each is kept."""
    limits = ClientConfig(connect_timeout=min(seconds, 2), read_timeout=seconds, retries={"total_max_attempts": 1})
    return client("lambda", config=limits)
