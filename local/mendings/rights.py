"""Every call of a function is judged by its role, as on AWS, and remembered: which action on which resource, and whether it may.

The judging is the emulator's own, behind its flag AUTH; a session of a role bears the function's name.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id
from ministack.services import sts

from local.mendings.deliveries import short
from local.mendings.known_rights import KnownRights, Wanted

Asked = tuple[str, str, str, bool]
"""A function's name, an action such as `dynamodb:PutItem`, a resource's ARN, and whether the role allows it."""
BY_ANOTHER_NAME = {"sns:PublishBatch": "sns:Publish", "sqs:SendMessageBatch": "sqs:SendMessage"}
"""AWS has no action of the first name: service authorization reference, "Actions defined by Amazon SNS", "… by Amazon SQS"."""
PUBLISH = "sns:Publish"
"""No policy judges it by what is said: service authorization reference, "Condition keys for Amazon SNS"."""
NEAR = ("127.0.0.1", True)
"""Where every call comes from. Nothing leaves this machine, so policies that want TLS are content with plain HTTP here."""
POLICIES = 500
"""Policies that are remembered as they were read; each of a role is asked for at each of its calls."""
_asked: Counter[Asked] = Counter()
_known = KnownRights()


def mend(clock: Callable[[], float] = time.monotonic) -> None:
    """`clock`: seconds that only grow."""
    _known.clock = clock
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
        function, resource = _function(access_key_id), str(more.get("resource_arn", "*"))
        if function is not None:
            _asked[function, action, resource, denied is None] += 1
            if denied is None and (action == PUBLISH or (service == "dynamodb" and _always(access_key_id, service, action, resource))):
                _known.learn(access_key_id, (action, resource))
        return denied

    iam_evaluator.enforce = remembered


def _function(access_key: str) -> str | None:
    """The name of the function whose session it is; None of whoever is none."""
    session = sts._sessions.get(access_key)
    return None if session is None else str(session["Arn"]).rsplit("/", 1)[-1]


def known_by_connection(access_key: str) -> None:
    """Whoever asks next, in this context, has the key: its connection says so, and no signature need prove it."""
    iam_evaluator._signed_request.set(None)
    iam_evaluator._anonymous.set(False)
    iam_evaluator._verified_key.set(access_key)


def known(access_key: str, wanted: Sequence[Wanted]) -> bool:
    """Whether the function that has the key was found to be allowed all of it, a moment ago; that it asked is remembered then."""
    function = _function(access_key)
    if function is None or not _known.hold(access_key, wanted):
        return False
    for action, resource in wanted:
        _asked[function, action, resource, True] += 1
    return True


def _always(access_key: str, service: str, action: str, resource: str) -> bool:
    """Whether what was allowed depends on nothing but who asks, for what: nothing that a policy says of the action has a condition."""
    whose = iam_evaluator.resolve_principal(access_key, get_account_id())
    policies = getattr(whose, "policies", None)
    if policies is None or iam_evaluator._resource_policy(service, resource) is not None:
        return False
    every = [*policies, *(policy for limit in whose.limits for policy in limit)]
    of_action = (each for policy in every for each in policy if iam_evaluator._action_matches(action, each.actions, each.not_actions))
    return not any(statement.conditions for statement in of_action)


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
