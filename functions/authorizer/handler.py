"""authorizer: API Gateway asks it who holds the credential in a request's Authorization header."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from functions.authorizer.access_token import Issuer, Refused
from functions.authorizer.authentication import Door, policy
from functions.authorizer.credential_store import AccountRegister
from functions.authorizer.jwks import SigningKeys
from functions.authorizer.jwks_client import fetcher
from monsoon_plugin.clock import utc_now
from shared.settings import settings_of

logger = Logger(service="authorizer")


@dataclass(frozen=True, slots=True)
class Settings:
    accounts_table: str
    token_issuer: str
    jwks_url: str
    user_pool_client_id: str


@cache
def door() -> Door:
    settings = settings_of(Settings)
    issuer = Issuer(settings.token_issuer, settings.user_pool_client_id)
    return Door(AccountRegister(settings.accounts_table), issuer, SigningKeys(fetcher(settings.jwks_url), utc_now), utc_now)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer a REQUEST authorizer's event. Raises Exception("Unauthorized"), which API Gateway answers with 401."""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    try:
        caller = door().admit(headers.get("authorization", ""))
    except Refused as refusal:
        logger.info("refused", reason=str(refusal))
        raise Exception("Unauthorized") from None
    return policy(caller, event["methodArn"])
