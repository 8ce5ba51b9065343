"""What SES tells of a mail after it was asked to send it, as its configuration set publishes it to SNS.

docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

TAG = "monsoon-mail"
"""By which a mail's id is named to SES, and in what it tells."""
VALIDATED = "Successfully validated SNS topic for Amazon SES event publishing"
"""Plain text, which SES publishes once when it is told of the topic: nothing is to be done about it."""


def is_validation(body: str) -> bool:
    return body.startswith(VALIDATED)


@dataclass(frozen=True, slots=True)
class SesEvent:
    """`told`: Send, Delivery, Bounce, Complaint, Reject … `stops`: addresses that nothing more is sent to; they show in no `repr`."""

    told: str
    mail_id: str
    why: str
    stops: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"SesEvent({self.told}, {self.mail_id}, {self.why})"

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError for what is no event of SES; a mail without our tag has an empty id."""
        told, tags = str(document["eventType"]), document["mail"].get("tags") or {}
        mail_id = str(next(iter(tags.get(TAG) or ()), ""))
        match told:
            case "Bounce":
                bounce = document["bounce"]
                lasting = bounce["bounceType"] == "Permanent"
                return cls(told, mail_id, _code("bounce", bounce["bounceType"], bounce.get("bounceSubType")),
                           _addresses(bounce["bouncedRecipients"]) if lasting else ())  # fmt: skip
            case "Complaint":
                complaint = document["complaint"]
                why = _code("complaint", complaint.get("complaintFeedbackType"))
                return cls(told, mail_id, why, _addresses(complaint["complainedRecipients"]))
            case _:
                return cls(told, mail_id, "")


def _code(*parts: Any) -> str:
    return "-".join(str(part).lower() for part in parts if part)[:100]


def _addresses(recipients: Any) -> tuple[str, ...]:
    return tuple(str(one["emailAddress"]) for one in recipients)
