from collections.abc import Callable
from typing import Any

import pytest
from botocore.stub import ANY, Stubber
from pydantic import SecretStr

from functions.accounts.user_pools.cognito_client import CognitoPool
from functions.accounts.user_pools.user_pool import AlreadyConfirmed, PoolUser, SignInRefused, SignInStep, Unconfirmed
from shared.errors import Invalid, Problem, TooManyRequests, Unavailable
from tests.conftest import aws

PASSWORD = SecretStr("Lantern-and-Loom-7")


@pytest.fixture
def cognito() -> Any:
    """boto3's client with its answers written beforehand; it checks what is sent against Cognito's own model."""
    stub = Stubber(aws("cognito-idp"))
    stub.pool = CognitoPool(stub.client, "us-east-1_pool", "client")  # type: ignore[attr-defined]
    with stub:
        yield stub


def taken(cognito: Any, status: str) -> PoolUser:
    cognito.add_client_error("sign_up", "UsernameExistsException")
    user = {"Username": "s", "UserStatus": status, "UserAttributes": [{"Name": "sub", "Value": "s"}]}
    cognito.add_response("admin_get_user", user, {"UserPoolId": "us-east-1_pool", "Username": "a@b.example"})
    return cognito.pool.sign_up("a@b.example", PASSWORD)


def test_a_new_user_is_not_settled(cognito: Any) -> None:
    cognito.add_response("sign_up", {"UserConfirmed": False, "UserSub": "s"})
    assert cognito.pool.sign_up("a@b.example", PASSWORD) == PoolUser("s", could_sign_in=False)


@pytest.mark.parametrize(("status", "settled"), [("UNCONFIRMED", False), ("CONFIRMED", True), ("FORCE_CHANGE_PASSWORD", True)])
def test_a_known_address_is_settled_unless_it_awaits_its_code(cognito: Any, status: str, settled: bool) -> None:
    assert taken(cognito, status) == PoolUser("s", settled)


SIGN_UP: Callable[[CognitoPool], object] = lambda pool: pool.sign_up("a@b.example", PASSWORD)  # noqa: E731
CONFIRM: Callable[[CognitoPool], object] = lambda pool: pool.confirm("a@b.example", "1234")  # noqa: E731
SIGN_IN: Callable[[CognitoPool], object] = lambda pool: pool.sign_in("a@b.example", PASSWORD)  # noqa: E731
REFRESH: Callable[[CognitoPool], object] = lambda pool: pool.refresh(SecretStr("t"))  # noqa: E731


@pytest.mark.parametrize(
    ("operation", "call", "code", "problem"),
    [
        ("sign_up", SIGN_UP, "InvalidPasswordException", Invalid),
        ("sign_up", SIGN_UP, "InvalidParameterException", Invalid),
        ("sign_up", SIGN_UP, "TooManyRequestsException", TooManyRequests),
        ("sign_up", SIGN_UP, "CodeDeliveryFailureException", Unavailable),
        ("confirm_sign_up", CONFIRM, "CodeMismatchException", Invalid),
        ("confirm_sign_up", CONFIRM, "ExpiredCodeException", Invalid),
        ("confirm_sign_up", CONFIRM, "UserNotFoundException", Invalid),
        ("confirm_sign_up", CONFIRM, "NotAuthorizedException", AlreadyConfirmed),
        ("initiate_auth", SIGN_IN, "NotAuthorizedException", SignInRefused),
        ("initiate_auth", SIGN_IN, "UserNotFoundException", SignInRefused),
        ("initiate_auth", SIGN_IN, "UserNotConfirmedException", Unconfirmed),
        ("initiate_auth", SIGN_IN, "PasswordResetRequiredException", SignInStep),
        ("initiate_auth", REFRESH, "NotAuthorizedException", SignInRefused),
        ("initiate_auth", REFRESH, "InvalidParameterException", SignInRefused),
    ],
)  # fmt: skip
def test_what_cognito_refuses_is_a_problem_of_ours(cognito: Any, operation: str, call: Any, code: str, problem: type[Problem]) -> None:
    cognito.add_client_error(operation, code, "something with a@b.example in it")
    with pytest.raises(problem) as raised:
        call(cognito.pool)
    assert "a@b.example" not in str(raised.value.document())


def test_a_sign_in_that_needs_a_further_step_says_so(cognito: Any) -> None:
    cognito.add_response("initiate_auth", {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "s" * 20, "ChallengeParameters": {}})
    with pytest.raises(SignInStep):
        cognito.pool.sign_in("a@b.example", PASSWORD)


def test_tokens_do_not_show_in_a_repr(cognito: Any) -> None:
    result = {"AccessToken": "aaa", "ExpiresIn": 3600, "RefreshToken": "rrr", "IdToken": "iii", "TokenType": "Bearer"}
    expected = {"ClientId": "client", "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": ANY}
    cognito.add_response("initiate_auth", {"AuthenticationResult": result}, expected)
    tokens = cognito.pool.sign_in("a@b.example", PASSWORD)
    assert (tokens.access_token, tokens.refresh_token) == ("aaa", "rrr")
    assert "aaa" not in repr(tokens)
    assert "rrr" not in repr(tokens)
