"""The answer that API Gateway wants of a caller: an IAM document."""

from typing import Any

from shared.api.caller import Caller


def iam_answer(caller: Caller, method_arn: str) -> dict[str, Any]:
    """The caller may call the stage. Each route then asks for its own roles.

    The whole stage, for API Gateway keeps the answer for the credential and applies it to other routes too.
    """
    stage = "/".join(method_arn.split("/")[:2])
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": f"{stage}/*"}
    return {
        "principalId": caller.account_id,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": caller.context(),
    }
