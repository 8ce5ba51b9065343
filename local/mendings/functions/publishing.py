"""The emulator's side of what `publish` tells the bus's topic: asked of SNS's handler at once, as calls of DynamoDB's items are (items.py).

Its application reads the form of ten events three times, and judges the role anew: two thirds of what a batch cost it. A call that its
role was not found to allow a moment ago still goes that way.
"""

import logging
from urllib.parse import parse_qs

from ministack.services import sns

from local.mendings import rights
from local.mendings.functions.items import known_context

log = logging.getLogger(__name__)
ACTION = "PublishBatch"
NAMED = f"Action={ACTION}&".encode()
"""How the form of such a call begins, as botocore and shared/aws/short_calls.py write it."""


class TopicDoor:
    """Where the calls of one connection come in: whose it is is found out once."""

    def __init__(self, access_key: str, region: str) -> None:
        self._key, self._context = access_key, known_context(access_key, region)

    def answer(self, body: bytes) -> tuple[int, bytes] | None:
        """Status and XML; None where the application shall be asked, for nothing was done."""
        return self._context.run(self._answer, body) if body.startswith(NAMED) else None

    def _answer(self, body: bytes) -> tuple[int, bytes] | None:
        parameters = parse_qs(body.decode(errors="replace"))
        topic = parameters.get("TopicArn", [""])[0]
        if not topic or not rights.known(self._key, [(rights.PUBLISH, topic)]):
            return None
        try:
            status, _, answer = sns._publish_batch(parameters)
        except Exception:  # as the application does
            log.exception("SNS cannot answer a %s", ACTION)
            status, _, answer = sns._error("InternalError", "SNS cannot answer", 500)
        return status, answer
