"""Amazon SES: the only file of notices that asks it. One call a mail, never repeated by itself: a lost answer may be a sent mail."""

from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from functions.notices.outbox.message import message_of
from functions.notices.outbox.sending import Draft, Never, NotNow
from functions.notices.outbox.ses_events import TAG
from shared.aws.answers import code_of, is_unknown
from shared.aws.clients import client

TOO_FAST = {"TooManyRequestsException", "LimitExceededException", "ThrottlingException", "Throttling"}
"""More than the account may send a second, or a day: SES developer guide, "Errors related to the sending quotas"."""
REFUSES_US = {
    "SendingPausedException", "AccountSuspendedException", "MailFromDomainNotVerifiedException", "NotFoundException",
    "AccessDeniedException", "UnrecognizedClientException", "InvalidClientTokenId", "ExpiredTokenException",
}  # fmt: skip
"""What no other mail would fare better with: an operator has to mend it (API reference, SendEmail, "Errors")."""


class SesSender:
    """sending.Sender."""

    def __init__(self, sender: str, configuration_set: str, identity: str) -> None:
        """`sender`: the From of each mail; `identity`: the ARN of what it is sent as."""
        self._sender, self._set, self._identity = sender, configuration_set, identity

    @cached_property
    def _ses(self) -> Any:
        return client("sesv2", Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=10))

    def send(self, draft: Draft) -> bool:
        try:
            raw = message_of(draft, self._sender)
        except ValueError as error:
            raise Never("unwritable") from error
        try:
            self._ses.send_email(
                FromEmailAddress=self._sender, FromEmailAddressIdentityArn=self._identity,
                Destination={"ToAddresses": [draft.to]}, Content={"Raw": {"Data": raw}},
                ConfigurationSetName=self._set, EmailTags=[{"Name": TAG, "Value": draft.mail_id}],
            )  # fmt: skip
        except (BotoCoreError, ClientError) as error:
            return outcome_of(error)
        return True


def outcome_of(error: Exception) -> bool:
    """False where the mail may be sent nevertheless. Raises NotNow, Never."""
    code = code_of(error)
    if code in TOO_FAST:
        raise NotNow("throttled") from error
    if code in REFUSES_US:
        raise NotNow(code, ours=True) from error
    if code and not is_unknown(error):
        raise Never(code) from error
    return False
