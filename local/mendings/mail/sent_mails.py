"""SES on this machine: what it is given is kept in a mailbox, and what became of it is told to the configuration set's topic, as on AWS.

The emulator keeps a mail without its headers and tells nobody. Some addresses behave as AWS's mailbox simulator has them.
"""

import base64
import json
import os
import uuid
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from ministack import app
from ministack.core.responses import get_account_id, get_region
from ministack.services import ses_v2, sns

from local.mendings.mail.mailbox import Mailbox

SEND = "/v2/email/outbound-emails"
SIMULATED = "@simulator.amazonses.com"
BECOMES = {"bounce": ("Bounce",), "complaint": ("Delivery", "Complaint"), "lost": ("Delivery",)}
"""What SES tells of a mail to these, after Send; SES developer guide, "Using the mailbox simulator". `lost` is ours: the answer is lost."""
Answer = tuple[int, dict[str, str], bytes]
JSON = {"Content-Type": "application/json"}


def mailbox() -> Mailbox:
    return Mailbox(Path(os.environ["MONSOON_MAIL"]))


def mend() -> None:
    handle = app._handle_ses_v2_request

    async def keep_what_is_sent(*request: Any) -> Any:
        method, path, headers, body, query, request_id = request
        if method == "POST" and path.rstrip("/") == SEND:
            asked = json.loads(body)
            return _refused(asked, headers, query, request_id) or sent(asked)
        return await handle(*request)

    app._handle_ses_v2_request = keep_what_is_sent


def _refused(asked: dict[str, Any], headers: Any, query: Any, request_id: str) -> Any:
    """As on AWS, the right to send is one to the identity and one to the configuration set: service authorization reference, SES v2."""
    here = f"arn:aws:ses:{get_region()}:{get_account_id()}"
    domain = parseaddr(asked.get("FromEmailAddress", ""))[1].rpartition("@")[2]
    identity = asked.get("FromEmailAddressIdentityArn") or f"{here}:identity/{domain}"
    for arn in (identity, f"{here}:configuration-set/{asked.get('ConfigurationSetName')}"):
        if denied := app._enforce_data_plane("sesv2", "ses:SendEmail", headers, query, request_id, resource_arn=arn, named_resource=arn):
            return denied
    return None


def sent(asked: dict[str, Any]) -> Answer:
    """Keep the mail, tell what became of it, and answer; 500 for one whose answer is to be lost."""
    message_id, to = uuid.uuid4().hex, asked["Destination"]["ToAddresses"]
    mailbox().keep(base64.b64decode(asked["Content"]["Raw"]["Data"]), to, message_id[:8])
    who = next((to[0].removesuffix(SIMULATED).partition("+")[0] for _ in to[:1] if to[0].endswith(SIMULATED)), "")
    for kind in ("Send", *BECOMES.get(who, ("Delivery",))):
        _tell(asked, kind, message_id)
    if who == "lost":
        return 500, JSON, json.dumps({"__type": "InternalFailure", "message": "lost"}).encode()
    return 200, JSON, json.dumps({"MessageId": message_id}).encode()


def _tell(asked: dict[str, Any], kind: str, message_id: str) -> None:
    known = ses_v2._config_sets.get(asked.get("ConfigurationSetName", "")) or {}
    for destination in (known.get("EventDestinations") or {}).values():
        topic = (destination.get("SnsDestination") or {}).get("TopicArn")
        if topic and destination.get("Enabled") and kind.upper() in destination["MatchingEventTypes"]:
            sns.publish_internal(topic, json.dumps(event_of(asked, kind, message_id, datetime.now(UTC))))


def event_of(asked: dict[str, Any], kind: str, message_id: str, now: datetime) -> dict[str, Any]:
    """As SES publishes it: developer guide, "Examples of event data that Amazon SES publishes to Amazon SNS"."""
    to = asked["Destination"]["ToAddresses"]
    tags = {tag["Name"]: [tag["Value"]] for tag in asked.get("EmailTags", ())}
    mail = {"timestamp": now.isoformat(), "messageId": message_id, "source": asked["FromEmailAddress"], "destination": to, "tags": tags}
    whose = [{"emailAddress": address} for address in to]
    more = {
        "Bounce": {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": whose},
        "Complaint": {"complaintFeedbackType": "abuse", "complainedRecipients": whose},
    }.get(kind, {})
    return {"eventType": kind, "mail": mail, kind.lower(): {"timestamp": now.isoformat(), **more}}
