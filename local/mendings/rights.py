"""Every call of a function is judged by its role, as on AWS, and remembered: which action on which resource, and whether it may.

The judging is the emulator's own, behind its flag AUTH; a session of a role bears the function's name.
"""

import json
from collections import Counter
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import sts

from local.mendings.deliveries import short

Asked = tuple[str, str, str, bool]
"""A function's name, an action such as `dynamodb:PutItem`, a resource's ARN, and whether the role allows it."""
BY_ANOTHER_NAME = {"sns:PublishBatch": "sns:Publish", "sqs:SendMessageBatch": "sqs:SendMessage"}
"""AWS has no action of the first name: service authorization reference, "Actions defined by Amazon SNS", "… by Amazon SQS"."""
NEAR = ("127.0.0.1", True)
"""Where every call comes from. Nothing leaves this machine, so policies that want TLS are content with plain HTTP here."""
POLICIES = 500
"""Policies that are remembered as they were read; each of a role is asked for at each of its calls."""
_asked: Counter[Asked] = Counter()


def mend() -> None:
    iam_evaluator._request_origin = ContextVar("near", default=NEAR)
    app.pin_request_origin = lambda *_: None
    of_tags = iam_actions.request_tag_context

    def with_encryption_context(service: str, action: str, body: bytes, parameters: Any) -> dict[str, Any]:
        found: dict[str, Any] = of_tags(service, action, body, parameters)
        return found | encryption_context(body) if service == "kms" else found

    iam_actions.request_tag_context = with_encryption_context
    parse = iam_evaluator.parse_policy_document
    parsed = lru_cache(POLICIES)(parse)
    iam_evaluator.parse_policy_document = lambda policy: parsed(policy) if isinstance(policy, str) else parse(policy)
    enforce = iam_evaluator.enforce

    def remembered(access_key_id: str, iam_action: str, service: str, region: str, **more: Any) -> Any:
        action = BY_ANOTHER_NAME.get(iam_action, iam_action)
        denied = enforce(access_key_id, action, service, region, **more)
        session = sts._sessions.get(access_key_id)
        if session is not None:
            function = str(session["Arn"]).rsplit("/", 1)[-1]
            _asked[function, action, str(more.get("resource_arn", "*")), denied is None] += 1
        return denied

    iam_evaluator.enforce = remembered


def encryption_context(body: bytes) -> dict[str, Any]:
    """The condition keys of a KMS call, which the emulator does not tell its policies: KMS developer guide, "Condition keys for KMS"."""
    given = json.loads(body or b"{}").get("EncryptionContext") or {}
    return {f"kms:EncryptionContext:{key}": value for key, value in given.items()} | {"kms:EncryptionContextKeys": list(given)}


def asked() -> list[Asked]:
    """What functions asked for since the start, each kind once."""
    return sorted(_asked)


def calls() -> list[tuple[str, str, int]]:
    """How often each function asked for each action since the start."""
    found: Counter[tuple[str, str]] = Counter()
    for (function, action, _, _), count in list(_asked.items()):
        found[short(function), action] += count
    return [(*kind, count) for kind, count in sorted(found.items())]
