"""What leaves is a mail whose headers nobody can write but we: no text of a shop's, a product's or a buyer's adds or turns a line."""

import email
import email.policy
import unicodedata
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.notices.outbox.header_text import MOST, BadAddress, mailbox, on_one_line
from functions.notices.outbox.message import message_of
from functions.notices.outbox.sending import Draft
from functions.notices.pages.letter import Letter
from tests.unit.notices.given import ADA, MAIL_FROM

HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), max_size=300) | st.sampled_from([
    "x\r\nBcc: eve@evil.example", "x\n\nbody", "\u202egnp.exe", "a\u2066b\u2069", "=?utf-8?q?x?=", "\x00", "a\u2028b", "“’é茶\U0001f375",
])  # fmt: skip


def draft(subject: str = "Your order", **more: object) -> Draft:
    letter = Letter(interface="en", subject=subject, heading=subject, paragraphs=[subject], rows=[(subject, "£1.00")])
    told: dict[str, object] = {"mail_id": "ntc_1", "to": ADA, "letter": letter}
    return Draft(**(told | more))  # type: ignore[arg-type]


def parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[return-value]


@given(HOSTILE)
def test_no_text_adds_a_header_and_each_line_is_short_and_ascii(text: str):
    raw = message_of(draft(text), MAIL_FROM)
    head = raw.partition(b"\r\n\r\n")[0]
    names = {line.split(b":")[0] for line in head.split(b"\r\n") if line[:1] not in b" \t"}
    assert names == {
        b"From",
        b"To",
        b"Subject",
        b"Content-Language",
        b"Auto-Submitted",
        b"X-Monsoon-Mail",
        b"MIME-Version",
        b"Content-Type",
    }
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.isascii()
    assert parsed(raw)["To"] == ADA


@given(HOSTILE)
def test_a_header_text_is_one_line_of_what_people_see_and_stays_so(text: str):
    shown = on_one_line(text)
    assert len(shown) <= MOST
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") or c in "\u202a\u202b\u202d\u202e\u2066\u2067"]
    assert on_one_line(shown) == shown


@given(HOSTILE)
def test_html_shows_hostile_texts_as_texts(text: str):
    html = draft(f"<b onclick=x>{text}").letter.html
    assert "<b onclick" not in html


def test_both_forms_say_the_same_and_the_text_form_has_no_markup():
    message = parsed(message_of(draft("Ada & Bob's <mug>"), MAIL_FROM))
    plain, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert plain.splitlines()[0] == "Ada & Bob's <mug>"
    assert "Ada &amp; Bob&#39;s &lt;mug&gt;" in html


def test_what_may_be_unsubscribed_says_how_by_one_click_and_what_may_not_says_nothing():
    usual, listed = (
        parsed(message_of(draft(), MAIL_FROM)),
        parsed(message_of(draft(unsubscribe="https://hub.example/x?ticket=" + "a" * 300), MAIL_FROM)),
    )
    assert usual["List-Unsubscribe"] is None
    assert (listed["List-Unsubscribe"], listed["List-Unsubscribe-Post"]) == (
        f"<https://hub.example/x?ticket={'a' * 300}>", "List-Unsubscribe=One-Click",
    )  # fmt: skip


def test_one_that_is_sent_again_says_so_in_its_headers_and_to_its_reader():
    message = parsed(message_of(draft(again=True, reply_to="mei@shops.example"), MAIL_FROM))
    assert (message["X-Monsoon-Sent-Again"], message["Reply-To"]) == ("yes", "mei@shops.example")
    assert "once more" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        (" Ada@Example.com ", "Ada@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ａda@example.com", "ada@example.com"),
    ],
)
def test_an_address_is_sent_as_ses_takes_it(typed: str, sent: str):
    assert mailbox(typed).lower() == sent.lower()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@example",
        "a da@example.com",
        "ada@exa\nmple.com",
        "ada,eve@example.com",
        "a<b>@example.com",
        "茶@example.com",
        ".@example.com",
        "a..b@example.com",
        "a.@example.com",
        "=?utf-8?q?x?=@example.com",
        "a.=?utf-8?q?x?=@example.com",
        "ada@" + "x" * 300 + ".com",
    ],
)
def test_what_no_mail_reaches_is_refused(typed: str):
    with pytest.raises(BadAddress):
        mailbox(typed)


@given(st.text(max_size=80))
def test_whatever_passes_as_an_address_is_one_recipient_and_no_more(text: str):
    try:
        address = mailbox(f"{text}@example.com")
    except BadAddress:
        return
    message = parsed(message_of(draft(to=address), MAIL_FROM))
    assert [one.addr_spec for one in message["To"].addresses] == [address]
