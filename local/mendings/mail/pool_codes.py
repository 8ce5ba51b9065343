"""Codes that the user pool sends, of signing up and of a forgotten password: kept in the mailbox, as what SES is given is.

The emulator's pool writes its mails itself, and hands them to nobody but its own list.
"""

import uuid
from email.message import EmailMessage
from typing import Any

from ministack.services import cognito

from local.mendings.mail.sent_mails import mailbox

USUAL_SENDER = "no-reply@verificationemail.com"
"""Who Cognito's own mails come from, where the pool has no identity of SES."""


def mend() -> None:
    deliver = cognito._deliver_cognito_email

    def keep_too(pool: dict[str, Any], to_email: str, subject: str, body: str, **more: Any) -> Any:
        mailbox().keep(code_mail(pool, to_email, subject, body), [to_email], uuid.uuid4().hex[:8])
        return deliver(pool, to_email, subject, body, **more)

    cognito._deliver_cognito_email = keep_too


def code_mail(pool: dict[str, Any], to: str, subject: str, body: str) -> bytes:
    """From the pool's sender, as Cognito sends it (developer guide, "Email settings"); as text too, to be read at once."""
    mail = EmailMessage()
    mail["From"] = (pool.get("EmailConfiguration") or {}).get("From") or USUAL_SENDER
    mail["To"], mail["Subject"] = to, subject
    mail.set_content(body)
    mail.add_alternative(f"<!doctype html><html><head></head><body><p>{body}</p></body></html>", subtype="html")
    return mail.as_bytes()
