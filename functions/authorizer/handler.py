"""authorizer: API Gateway asks it who holds the credential in a request's Authorization header."""

import shared.bootstrap.garbage_collection  # noqa: F401

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger

from functions.authorizer.access_token import CredentialRefused
from functions.authorizer.bootstrap import Services, services
from functions.authorizer.iam_answer import iam_answer


@dataclass(frozen=True)
class RequestAuthorizer:
    """The entry point of a REQUEST authorizer."""

    services: Callable[[], Services]
    logger: Logger

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """What API Gateway may do for the caller. Raises Exception("Unauthorized"), which API Gateway answers with 401."""
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        try:
            caller = self.services().authenticator.authenticate(headers.get("authorization", ""))
        except CredentialRefused as refusal:
            self.logger.info("refused", reason=str(refusal))
            raise Exception("Unauthorized") from None
        return iam_answer(caller, event["methodArn"])


handler = RequestAuthorizer(services, Logger(service="authorizer"))
