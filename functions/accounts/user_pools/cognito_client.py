"""Amazon Cognito as the user pool. Passwords, codes and tokens pass through and are never logged."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import SecretStr

from functions.accounts.user_pools.user_pool import AlreadyConfirmed, PoolUser, SignInRefused, SignInStep, Tokens, Unconfirmed
from shared.aws.clients import client
from shared.errors import Invalid, Problem, TooManyRequests, Unavailable

Meanings = Mapping[str, Callable[[], Problem]]
CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
_bad_code = partial(Invalid.field, "/code", "this code is wrong or too old")
_slow_down = partial(TooManyRequests, "too many attempts: wait some minutes")
PROBLEMS: Meanings = {
    "InvalidPasswordException": partial(
        Invalid.field, "/password", "12 characters or more, with a capital letter, a small letter and a digit"
    ),
    "InvalidParameterException": partial(Invalid.field, "/email", "the user pool does not accept this address"),
    "CodeMismatchException": _bad_code,
    "ExpiredCodeException": _bad_code,
    "UserNotFoundException": SignInRefused,
    "NotAuthorizedException": SignInRefused,
    "UserNotConfirmedException": Unconfirmed,
    "PasswordResetRequiredException": partial(SignInStep, "the password must be reset"),
    "TooManyRequestsException": _slow_down,
    "LimitExceededException": _slow_down,
    "TooManyFailedAttemptsException": _slow_down,
    "CodeDeliveryFailureException": partial(Unavailable, "the code could not be sent: try again"),
}
"""What Cognito's errors mean to the caller (API reference of SignUp, ConfirmSignUp and InitiateAuth, section Errors)."""


def _ask(call: Callable[..., Any], meanings: Meanings = PROBLEMS, **arguments: Any) -> dict[str, Any]:
    """Call Cognito. Raises the Problem that `meanings` has for its error, Unavailable if it does not answer."""
    try:
        answer: dict[str, Any] = call(**arguments)
    except ClientError as error:
        meaning = meanings.get(error.response["Error"]["Code"])
        if meaning is None:
            raise
        raise meaning() from error
    except BotoCoreError as error:
        raise Unavailable("the user pool does not answer: try again") from error
    return answer


def cognito() -> Any:
    """boto3's client, with our patience."""
    return client("cognito-idp", config=CONFIG)


class CognitoPool:
    """One user pool, by its one app client (no secret, USER_PASSWORD_AUTH, addresses as user names)."""

    def __init__(self, cognito: Any, pool_id: str, client_id: str) -> None:
        self._cognito, self._pool_id, self._client_id = cognito, pool_id, client_id

    def sign_up(self, email: str, password: SecretStr) -> PoolUser:
        attributes = [{"Name": "email", "Value": email}]
        secret = password.get_secret_value()
        try:
            made = _ask(self._cognito.sign_up, ClientId=self._client_id, Username=email, Password=secret, UserAttributes=attributes)
        except self._cognito.exceptions.UsernameExistsException:
            return self._known(email)
        return PoolUser(made["UserSub"], could_sign_in=False)

    def _known(self, email: str) -> PoolUser:
        user = _ask(self._cognito.admin_get_user, UserPoolId=self._pool_id, Username=email)
        subject = next(attribute["Value"] for attribute in user["UserAttributes"] if attribute["Name"] == "sub")
        return PoolUser(subject, could_sign_in=user["UserStatus"] != "UNCONFIRMED")

    def confirm(self, email: str, code: str) -> None:
        meanings: Meanings = {**PROBLEMS, "NotAuthorizedException": AlreadyConfirmed, "UserNotFoundException": _bad_code}
        _ask(self._cognito.confirm_sign_up, meanings, ClientId=self._client_id, Username=email, ConfirmationCode=code)

    def sign_in(self, email: str, password: SecretStr) -> Tokens:
        return self._tokens("USER_PASSWORD_AUTH", USERNAME=email, PASSWORD=password.get_secret_value())

    def refresh(self, refresh_token: SecretStr) -> Tokens:
        return self._tokens("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=refresh_token.get_secret_value())

    def _tokens(self, flow: str, **parameters: str) -> Tokens:
        meanings: Meanings = {**PROBLEMS, "InvalidParameterException": SignInRefused}
        answer = _ask(self._cognito.initiate_auth, meanings, ClientId=self._client_id, AuthFlow=flow, AuthParameters=parameters)
        if "ChallengeName" in answer:
            raise SignInStep(f"the user pool asks for {answer['ChallengeName']}")
        given = answer["AuthenticationResult"]
        return Tokens(given["AccessToken"], given["ExpiresIn"], given.get("RefreshToken"))
