"""Codes that the user pool sends: who signs up, and who forgot a password, reads them in the mailbox of this machine."""

import re
import uuid
from email.message import EmailMessage
from pathlib import Path

import pytest

from hubclient.people import PASSWORD
from local.mendings.mail.mailbox import Mailbox
from local.stack import Stack
from tests.flow import inside
from tests.flow.market import eventually

pytestmark = pytest.mark.xdist_group("hub")
NEW = "Another-laptop-2027"


def code_to(stack: Stack, email: str, count: int) -> str:
    """The code in the last of `count` mails to an address."""
    box = Mailbox(Path(stack.data.path) / "mail")

    def mails() -> list[EmailMessage]:
        return [mail.message for mail in map(box.mail, reversed(box.names())) if mail and email in mail.to]

    last = eventually(lambda: len(mails()) == count and mails()[-1])
    part = last.get_body(("plain",))
    found = re.search(r"\b\d{6}\b", part.get_content() if part else "")
    assert found
    return found[0]


def test_who_signs_up_and_who_forgot_reads_a_code_in_the_mailbox(stack: Stack):
    email, hub = f"new-{uuid.uuid4().hex[:8]}@codes.example", stack.hub
    body = {"email": email, "password": PASSWORD, "display_name": "New", "roles": ["supplier"]}
    assert hub.send("POST", "/v1/accounts", body, key=email).status == 201
    code = code_to(stack, email, 1)
    wrong = hub.send("POST", "/v1/accounts/confirmation", {"email": email, "code": "000000"})
    assert wrong.status == 422, "the emulator's pool holds codes to what it sent"
    assert hub.send("POST", "/v1/accounts/confirmation", {"email": email, "code": code}).status == 204

    pool = stack.client("cognito-idp")
    client_id = inside.output(stack, "UserPoolClientId")
    pool.forgot_password(ClientId=client_id, Username=email)
    pool.confirm_forgot_password(ClientId=client_id, Username=email, ConfirmationCode=code_to(stack, email, 2), Password=NEW)
    assert hub.send("POST", "/v1/sessions", {"email": email, "password": PASSWORD}).status == 401
    assert hub.send("POST", "/v1/sessions", {"email": email, "password": NEW}).status in (200, 201)
