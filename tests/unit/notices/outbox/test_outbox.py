"""One mail a cause: what SES answers, what it tells, and what is done where it is silent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.notices.causes import buyers_causes
from functions.notices.causes.merchants_causes import webhook_disabled
from functions.notices.outbox.mail import MOST_WAITS, Mail
from functions.notices.outbox.sending import Draft, Never, NotNow
from functions.notices.outbox.ses_events import SesEvent
from shared.messages import SubscriptionDisabled
from shared.order_messages import OrderCancelled
from tests.unit.notices.given import ADA, HEAD, OWNER, World, paid

CANCELLED = buyers_causes.cancelled(OrderCancelled(reason="merchant", version=4, **HEAD))


@pytest.fixture
def world() -> World:
    """With an order that is known; whether it was received is another mail's matter."""
    made = World()
    made.post.place(made.placed())
    made.mails.held.clear()
    return made


def state(world: World) -> tuple[str, str]:
    return world.states()["cancelled"]


def test_its_record_stands_before_it_is_sent(world: World):
    seen = []
    send = world.sender.send
    world.sender.send = lambda draft: seen.append(world.mails.held[draft.mail_id].state) or send(draft)  # type: ignore[method-assign]
    world.outbox.tell(CANCELLED)
    assert seen == ["sending"]


def test_a_mail_that_ses_has_is_sent_and_never_again(world: World):
    for _ in range(3):
        world.outbox.tell(CANCELLED)
        world.sweep(60)
    assert (world.kinds().count("cancelled"), state(world)) == (1, ("sent", ""))


def test_a_lost_answer_is_settled_by_what_ses_tells(world: World):
    world.sender.next = [False]
    world.outbox.tell(CANCELLED)
    assert state(world) == ("sending", "")
    world.outbox.hear(SesEvent("Send", CANCELLED.mail_id, ""))
    world.sweep(60)
    assert (world.kinds().count("cancelled"), state(world)) == (1, ("sent", ""))


def test_an_orders_mail_of_which_nothing_was_heard_is_sent_once_more_marked_and_then_given_up(world: World):
    world.sender.next = [False, False]
    world.outbox.tell(CANCELLED)
    world.sweep(14)
    assert world.kinds().count("cancelled") == 1
    world.sweep(2)
    first, second = (draft for draft in world.sender.drafts if draft.mail_id == CANCELLED.mail_id)
    assert (first.again, second.again) == (False, True)
    world.sweep(16)
    world.sweep(600)
    assert (world.kinds().count("cancelled"), state(world)) == (2, ("lost", ""))
    world.outbox.hear(SesEvent("Delivery", CANCELLED.mail_id, ""))
    assert state(world) == ("delivered", "")


def test_a_merchants_notice_of_which_nothing_was_heard_is_not_sent_again():
    world = World()
    world.settings.confirmed(OWNER, "mei@shops.example")
    world.sender.next = [False]

    event = SubscriptionDisabled(subscription_id="whk_1", account_id=OWNER, storefront_id="sf_1", reason="410", version=3)
    world.post.tell_merchants([webhook_disabled(event)])
    world.sweep(60)
    assert (world.kinds(), world.states()["webhook_disabled"]) == (["webhook_disabled"], ("lost", ""))


def test_throttling_is_waited_for_longer_each_time_and_given_up_after_a_day(world: World):
    world.sender.next = [NotNow("throttled") for _ in range(MOST_WAITS + 1)]
    world.outbox.tell(CANCELLED)
    assert state(world) == ("waiting", "throttled")
    for _ in range(MOST_WAITS):
        world.sweep(61)
    assert (state(world), world.counted) == (("failed", "throttled"), [])
    world.sweep(600)
    assert "cancelled" not in world.kinds()


def test_after_a_throttled_try_it_is_not_said_to_be_sent_again(world: World):
    world.sender.next = [NotNow("throttled")]
    world.outbox.tell(CANCELLED)
    world.sweep(2)
    assert [draft.again for draft in world.sender.drafts] == [False]


@pytest.mark.parametrize(
    ("error", "after"), [(NotNow("SendingPausedException", ours=True), "waiting"), (Never("MessageRejected"), "failed")]
)
def test_what_an_operator_has_to_mend_is_counted_for_an_alarm(world: World, error: Exception, after: str):
    world.sender.next = [error]
    world.outbox.tell(CANCELLED)
    assert (state(world)[0], world.counted) == (after, ["MailsRefused"])


def test_an_erased_buyer_gets_no_mail_and_its_record_says_so(world: World):
    world.sealing.erase(world.known.orders[HEAD["order_id"]].sealed_buyer)
    world.outbox.tell(CANCELLED)
    assert (world.sender.drafts, state(world)) == ([], ("dropped", "erased"))


@pytest.mark.parametrize(("email", "why"), [("", "no-email"), ("ada@", "bad-address"), ("ådа@buyers.example", "bad-address")])
def test_an_address_that_mail_does_not_reach_is_said_in_its_record(email: str, why: str):
    world = World()
    world.post.place(world.placed(email))
    world.outbox.tell(CANCELLED)
    assert world.states()["cancelled"] == ("dropped", why)


def test_a_bounce_for_good_and_a_complaint_stop_what_follows_and_are_noted_once(world: World):
    world.outbox.tell(CANCELLED)
    for _ in range(2):
        world.outbox.hear(SesEvent("Bounce", CANCELLED.mail_id, "bounce-permanent-general", (ADA,)))
    assert state(world) == ("bounced", "bounce-permanent-general")
    assert [(one.kind, one.account_id, ADA in one.model_dump_json()) for one in world.mails.noted] == [("cancelled", OWNER, False)]
    world.post.pay(paid())
    assert world.states()["paid"] == ("dropped", "stopped-bounce-permanent-general")


def test_a_bounce_that_passes_stops_nothing(world: World):
    world.outbox.tell(CANCELLED)
    world.outbox.hear(SesEvent("Bounce", CANCELLED.mail_id, "bounce-transient"))
    world.post.pay(paid())
    assert "paid" in world.kinds()


def test_what_is_heard_late_never_takes_back_what_is_known(world: World):
    world.outbox.tell(CANCELLED)
    for told in ("Complaint", "Delivery", "Send", "Bounce", "Open"):
        world.outbox.hear(SesEvent(told, CANCELLED.mail_id, ""))
    assert state(world)[0] == "complained"


def test_what_is_opened_is_in_no_record_and_in_no_text_of_a_draft(world: World):
    world.outbox.tell(CANCELLED)
    world.post.pay(paid())
    assert ADA not in str(world.mails.held) + str(world.known.orders) + repr(world.sender.drafts)


def test_of_a_mail_that_is_none_of_ours_only_the_address_is_stopped(world: World):
    world.outbox.hear(SesEvent("Bounce", "", "bounce-permanent-general", ("bob@elsewhere.example",)))
    assert world.mails.stops == {"bob@elsewhere.example": "bounce-permanent-general"}


def test_a_mail_takes_two_writes_before_and_one_after_it_is_there(world: World):
    before = world.mails.writes
    world.outbox.tell(CANCELLED)
    world.outbox.hear(SesEvent("Send", CANCELLED.mail_id, ""))
    world.outbox.hear(SesEvent("Delivery", CANCELLED.mail_id, ""))
    assert world.mails.writes - before == 3


def test_what_ses_rejects_after_it_took_it_is_failed(world: World):
    world.outbox.tell(CANCELLED)
    for told in ("Send", "Reject", "Send"):
        world.outbox.hear(SesEvent(told, CANCELLED.mail_id, ""))
    assert state(world) == ("failed", "")


def test_a_mail_that_ses_was_never_asked_for_is_put_off_and_keeps_no_other_back(world: World):
    world.settings.confirmed(OWNER, "mei@shops.example")
    notice = webhook_disabled(
        SubscriptionDisabled(subscription_id="sub_1", storefront_id="sf_1", account_id=OWNER, reason="410", version=3)
    )
    answer, fails = world.outbox.draft, [OSError("the table does not answer")]

    def draft(mail: Mail) -> Draft:
        if fails and mail.id == notice.mail_id:
            raise fails.pop()
        return answer(mail)

    outbox = replace(world.outbox, draft=draft)
    outbox.tell(notice, timedelta(minutes=1))
    outbox.tell(CANCELLED, timedelta(minutes=1))
    world.clock.tick(minutes=2)
    with pytest.raises(ExceptionGroup, match="1 of 2 mails") as raised:
        outbox.sweep(lambda: timedelta(minutes=1))
    assert "does not answer" in str(raised.value.exceptions[0])
    assert world.kinds() == ["cancelled"]
    world.clock.tick(minutes=2)
    outbox.sweep(lambda: timedelta(minutes=1))
    assert world.kinds() == ["cancelled", "webhook_disabled"]
    assert not world.sender.drafts[1].again


@pytest.mark.parametrize(
    ("answers", "noted"), [([Never("MessageRejected")], ("failed", "MessageRejected")), ([False, False], ("lost", ""))]
)
def test_what_never_left_and_what_nobody_learned_of_is_noted_for_its_merchant(
    world: World, answers: list[bool | Exception], noted: tuple[str, str]
):
    world.sender.next = answers
    world.outbox.tell(CANCELLED)
    for _ in range(3):
        world.sweep(16)
    assert [(one.kind, one.state, one.why) for one in world.mails.noted] == [("cancelled", *noted)]
