"""Our short signature is botocore's, to the letter."""

from datetime import UTC, datetime
from unittest.mock import patch

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from shared.aws.signature import Signer

WORDS = st.text("abcXYZ019+/=-_", min_size=1, max_size=40)
NOW = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)


@given(
    body=st.binary(max_size=200), token=st.none() | WORDS, secret=WORDS, target=WORDS, region=st.sampled_from(["us-east-1", "eu-west-3"])
)
def test_a_request_is_signed_as_botocore_signs_it(body: bytes, token: str | None, secret: str, target: str, region: str) -> None:
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": target}
    credentials = Credentials("AKID", secret, token)
    ours = Signer("dynamodb", region, "dynamodb.example:8000").signed(headers, body, credentials.get_frozen_credentials(), NOW)
    request = AWSRequest("POST", "https://dynamodb.example:8000/", headers, body)
    with patch("botocore.auth.get_current_datetime", return_value=NOW):
        SigV4Auth(credentials, "dynamodb", region).add_auth(request)
    assert ours == dict(request.headers.items())
