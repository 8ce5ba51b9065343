"""An error of AWS's is told by its code; one whose answer was lost has none, and goes on as what it is."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError
from pynamodb.exceptions import PutError, TransactWriteError, UpdateError
from requests import HTTPError, Response

from shared.aws.answers import code_of, is_unanswered, is_unknown
from shared.aws.dynamo import reasons, refused

LOST = [ReadTimeoutError, ConnectionClosedError, ConnectTimeoutError, EndpointConnectionError]


@pytest.mark.parametrize("lost", LOST)
def test_a_transaction_whose_answer_was_lost_raises_itself(lost: Any) -> None:
    error = TransactWriteError("what became of it is not known", lost(endpoint_url="https://dynamodb"))
    with pytest.raises(TransactWriteError) as raised:
        reasons(error)
    assert raised.value is error
    assert is_unanswered(error)
    assert is_unknown(error)


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("kind", [PutError, UpdateError])
def test_a_write_whose_answer_was_lost_was_not_refused(kind: Any, lost: Any) -> None:
    error = kind("what became of it is not known", lost(endpoint_url="https://dynamodb"))
    assert (refused(error), code_of(error), is_unanswered(error)) == (False, "", True)


def test_a_refusal_has_its_code_and_was_answered() -> None:
    said = ClientError({"Error": {"Code": "ConditionalCheckFailedException"}}, "PutItem")
    for error in (said, PutError("refused", said)):
        assert not is_unknown(error)
        assert (code_of(error), is_unanswered(error)) == ("ConditionalCheckFailedException", False)
    assert (code_of(ValueError("ours")), is_unanswered(ValueError("ours"))) == ("", False)


@pytest.mark.parametrize(("status", "code"), [(500, "InternalServerError"), (503, "ServiceUnavailable")])
def test_an_error_of_awss_own_was_answered_and_what_became_of_the_call_is_not_known(status: int, code: str) -> None:
    said = ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "PutItem")
    for error in (said, PutError("not done, or done", said)):
        assert (code_of(error), is_unanswered(error), is_unknown(error)) == (code, False, True)


def test_an_error_of_another_library_is_none_of_awss_whatever_answer_it_bears() -> None:
    answer = Response()
    answer.status_code = 200  # such an answer is true, as a mapping with something in it is
    error = HTTPError("not understood", response=answer)
    assert (code_of(error), is_unanswered(error), is_unknown(error)) == ("", False, False)
