"""The simulated SES keeps an honest book, and a browser reads pages as people do."""

import json
from datetime import UTC, datetime
from random import Random
from typing import Any

from functions.notices.outbox.message import message_of
from functions.notices.outbox.sending import Draft
from functions.notices.pages.letter import Letter
from simulation.actors.shop_pages.reading import Reading
from simulation.aws.ses import Habits, Ses
from simulation.turns.virtual_clock import VirtualClock

TO = "ada@buyers.example"


def asked(mail_id: str, *, again: bool = False) -> dict[str, Any]:
    letter = Letter(interface="en", subject="Your order", heading="It is paid", link=("See it", "https://hub.example/order"))
    raw = message_of(Draft(mail_id=mail_id, to=TO, letter=letter, again=again), "Hub <news@mail.example>")
    return {
        "Destination": {"ToAddresses": [TO]}, "Content": {"Raw": {"Data": raw}}, "EmailTags": [{"Name": "monsoon-mail", "Value": mail_id}],
    }  # fmt: skip


def test_ses_books_each_mail_and_tells_of_each_until_nobody_listens():
    told: list[dict[str, Any]] = []
    ses = Ses(VirtualClock(datetime(2026, 12, 1, tzinfo=UTC)), lambda queue, body, delay: told.append(json.loads(body)))
    ses.answer("SendEmail", asked("ntc_1"), {})
    assert told == [], "without habits nobody hears of it"
    ses.habits = Habits(Random(1))
    ses.habits.calm()
    ses.answer("SendEmail", asked("ntc_2", again=True), {})
    assert [(mail.mail_id, mail.to, mail.again, "https://hub.example/order" in mail.links) for mail in ses.sent] == [
        ("ntc_1", TO, False, True), ("ntc_2", TO, True, True),
    ]  # fmt: skip
    assert told[0]["eventType"] == "Send"
    assert {event["mail"]["tags"]["monsoon-mail"][0] for event in told} == {"ntc_2"}
    for event in told:
        ses.hear(json.dumps(event))
    ses.hear('{"type": "monsoon.order.paid.v1"}')
    assert [heard.told for heard in ses.heard] == [event["eventType"] for event in told]


def test_a_mail_that_ses_refuses_for_now_is_not_in_its_book():
    ses = Ses(VirtualClock(datetime(2026, 12, 1, tzinfo=UTC)), lambda queue, body, delay: None)
    ses.habits = Habits(Random(1))
    ses.habits.refusing = 1.0
    http, refused = ses.answer("SendEmail", asked("ntc_1"), {})
    assert (ses.sent, ses.refused, http.status_code in (400, 429)) == ([], ["ntc_1"], True)
    assert refused["Error"]["Code"] in ("TooManyRequestsException", "SendingPausedException")


def test_a_form_is_read_as_a_browser_would_send_it():
    page = Reading(
        '<h1>Order AB</h1><p class="flaw big">no</p><form action="place?x=1">'
        '<input type="hidden" name="key" value="k&amp;1">'
        '<input type="radio" name="ticket" value="a" checked><input type="radio" name="ticket" value="b">'
        '<textarea name="note">hi</textarea>'
        '<select name="country"><option value="DE">D</option><option value="GB" selected>G</option></select></form>'
    )
    form = page.form("place")
    assert form
    assert form.fields == {"key": "k&1", "ticket": "a", "note": "hi", "country": "GB"}
    assert (form.choices["ticket"], page.heading, page.flaws, page.form("rates")) == (["a", "b"], "Order AB", 1, None)
