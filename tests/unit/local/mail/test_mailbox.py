"""The mailbox of this machine: the newest first, the last ones kept, and nothing in a mail does anything."""

from pathlib import Path

import pytest

from functions.notices.outbox.message import message_of
from functions.notices.outbox.ses_events import SesEvent
from local.mendings.mail import mailbox as kept
from local.mendings.mail.mailbox import Mailbox
from local.mendings.mail.mailbox_pages import FRAME_POLICY, PAGE_POLICY, html_frame, list_page, mail_page
from local.mendings.mail.sent_mails import event_of
from tests.fakes import NOON
from tests.unit.notices.given import ADA, MAIL_FROM
from tests.unit.notices.outbox.test_message import draft


@pytest.fixture
def box(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "mail")


def test_mails_are_listed_the_newest_first_with_their_own_text(box: Mailbox):
    for n in range(3):
        box.keep(message_of(draft(f"Mail {n}"), MAIL_FROM), [ADA], f"{n:08x}")
    mails = [box.mail(name) for name in box.names()]
    assert [mail.subject for mail in mails if mail] == ["Mail 2", "Mail 1", "Mail 0"]
    page = list_page([mail for mail in mails if mail])
    assert page.index("Mail 2") < page.index("Mail 0")
    assert ADA in page


def test_the_last_ones_are_kept(box: Mailbox, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept, "MOST", 2)
    for n in range(4):
        box.keep(message_of(draft(f"Mail {n}"), MAIL_FROM), [ADA], f"{n:08x}")
    assert len(box.names()) == 2


def test_what_a_mail_says_is_shown_as_text_and_its_html_in_a_frame_that_may_do_nothing(box: Mailbox):
    box.keep(message_of(draft('<script>alert(1)</script> https://evil.example/"onclick=x'), MAIL_FROM), [ADA], "0" * 8)
    mail = box.mail(box.names()[0])
    assert mail
    for page in (list_page([mail]), mail_page(mail), html_frame(mail)):
        assert "<script" not in page
        assert '"onclick' not in page
    assert "script-src" not in PAGE_POLICY + FRAME_POLICY
    assert "default-src 'none'" in PAGE_POLICY
    assert "sandbox" in FRAME_POLICY


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "x", "0" * 19 + "-zzzzzzzz"])
def test_a_name_that_is_none_finds_no_file(box: Mailbox, name: str):
    assert box.mail(name) is None


@pytest.mark.parametrize("kind", ["Send", "Delivery", "Bounce", "Complaint"])
def test_what_is_told_of_a_mail_reads_as_what_ses_tells(kind: str):
    asked = {
        "FromEmailAddress": MAIL_FROM,
        "Destination": {"ToAddresses": [ADA]},
        "EmailTags": [{"Name": "monsoon-mail", "Value": "ntc_1"}],
    }
    found = SesEvent.of(event_of(asked, kind, "m", NOON))
    assert (found.told, found.mail_id, found.stops) == (kind, "ntc_1", (ADA,) if kind in ("Bounce", "Complaint") else ())
