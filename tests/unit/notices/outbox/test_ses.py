"""What SES is asked, and what its answers and its events mean."""

import json
from email import message_from_bytes
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from functions.notices.consumers import NoticesWorker
from functions.notices.outbox.sending import Never, NotNow
from functions.notices.outbox.ses_client import SesSender, outcome_of
from functions.notices.outbox.ses_events import SesEvent
from tests.unit.notices.given import MAIL_FROM, World
from tests.unit.notices.outbox.test_message import draft


def refusal(code: str, status: int = 400) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "m"}, "ResponseMetadata": {"HTTPStatusCode": status}}, "SendEmail")  # type: ignore[typeddict-item]


@pytest.mark.parametrize("code", ["TooManyRequestsException", "LimitExceededException"])
def test_more_than_the_account_may_is_sent_later(code: str):
    with pytest.raises(NotNow) as caught:
        outcome_of(refusal(code, 429))
    assert not caught.value.ours


REFUSING_US = ("SendingPausedException", "AccountSuspendedException", "MailFromDomainNotVerifiedException", "AccessDeniedException")


@pytest.mark.parametrize("code", REFUSING_US)
def test_a_sender_that_may_not_is_for_operators_and_sent_later(code: str):
    with pytest.raises(NotNow) as caught:
        outcome_of(refusal(code, 403))
    assert caught.value.ours


def test_what_ses_refuses_of_a_mail_itself_it_will_refuse_again():
    with pytest.raises(Never, match="MessageRejected"):
        outcome_of(refusal("MessageRejected"))


@pytest.mark.parametrize(
    "error", [refusal("InternalFailure", 500), ReadTimeoutError(endpoint_url="x"), EndpointConnectionError(endpoint_url="x")]
)
def test_an_answer_that_is_lost_or_ses_own_error_may_be_a_sent_mail(error: Exception):
    assert outcome_of(error) is False


def test_a_mail_is_asked_for_once_raw_with_our_id_and_by_the_hubs_identity_alone():
    asked: list[dict[str, Any]] = []
    sender = SesSender(MAIL_FROM, "monsoon-test", "arn:identity")
    vars(sender)["_ses"] = type("Ses", (), {"send_email": lambda self, **told: asked.append(told)})()
    assert sender.send(draft("Hello"))
    (told,) = asked
    assert (told["ConfigurationSetName"], told["FromEmailAddressIdentityArn"]) == ("monsoon-test", "arn:identity")
    assert told["EmailTags"] == [{"Name": "monsoon-mail", "Value": "ntc_1"}]
    assert message_from_bytes(told["Content"]["Raw"]["Data"])["Subject"] == "Hello"


def test_ses_is_never_asked_twice_by_itself():
    assert SesSender(MAIL_FROM, "s", "i")._ses.meta.config.retries["total_max_attempts"] == 1


MAIL = {"messageId": "m", "tags": {"monsoon-mail": ["ntc_1"], "ses:configuration-set": ["monsoon-prod"]}}
WHOSE = [{"emailAddress": "ada@example.com"}]
BOUNCE = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": WHOSE}
FULL = {"bounceType": "Transient", "bounceSubType": "MailboxFull", "bouncedRecipients": WHOSE}
COMPLAINT = {"complaintFeedbackType": "abuse", "complainedRecipients": WHOSE}
EVENTS = [
    ({"eventType": "Send", "mail": MAIL, "send": {}}, SesEvent("Send", "ntc_1", "")),
    ({"eventType": "Delivery", "mail": {"messageId": "m"}, "delivery": {}}, SesEvent("Delivery", "", "")),
    (
        {"eventType": "Bounce", "mail": MAIL, "bounce": BOUNCE},
        SesEvent("Bounce", "ntc_1", "bounce-permanent-general", ("ada@example.com",)),
    ),
    ({"eventType": "Bounce", "mail": MAIL, "bounce": FULL}, SesEvent("Bounce", "ntc_1", "bounce-transient-mailboxfull")),
    (
        {"eventType": "Complaint", "mail": MAIL, "complaint": COMPLAINT},
        SesEvent("Complaint", "ntc_1", "complaint-abuse", ("ada@example.com",)),
    ),
]


@pytest.mark.parametrize(("told", "found"), EVENTS)
def test_an_event_is_read_as_aws_documents_it_and_shows_no_address(told: dict[str, Any], found: SesEvent):
    assert SesEvent.of(json.loads(json.dumps(told))) == found
    assert "example.com" not in repr(found)


def test_what_ses_says_once_of_its_topic_is_no_dead_letter():
    said = {"messageId": "1", "body": "Successfully validated SNS topic for Amazon SES event publishing.", "eventSource": "aws:sqs"}
    services: Any = SimpleNamespace(post=World().post)
    assert NoticesWorker(lambda: services)({"Records": [said]}, None) == {"batchItemFailures": []}
