"""Mails: a buyer is written to once for each thing that happens, a merchant confirms where notices go, what comes back stops."""

import re
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from hubclient.hub import Hub
from local.mendings.mail.mailbox import Mailbox
from local.stack import Stack
from tests.flow import inside
from tests.flow.market import ADDRESS, CASH, STRIPE, TABLE_RATE, Market, Shop, eventually

pytestmark = pytest.mark.xdist_group("hub")
BUYER = {"type": "consumer", "name": "Ada Buyer", "language": "zh"}


@dataclass(frozen=True)
class Box:
    """The hub's mailbox."""

    stack: Stack

    @property
    def _kept(self) -> Mailbox:
        return Mailbox(Path(self.stack.data.path) / "mail")

    def to(self, address: str) -> list[EmailMessage]:
        """Oldest first."""
        mails = [mail for mail in map(self._kept.mail, reversed(self._kept.names())) if mail]
        return [mail.message for mail in mails if address in mail.to]

    def wait(self, address: str, count: int) -> list[EmailMessage]:
        """Once there are so many."""
        return eventually(lambda: (found := self.to(address)) and len(found) >= count and found)

    def page(self, path: str = "") -> str:
        with urllib.request.urlopen(self.stack.mailbox + path) as answer:
            return str(answer.read().decode())


def plain(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def subjects(mails: list[EmailMessage]) -> list[str]:
    return [str(mail["Subject"]) for mail in mails]


def record(stack: Stack, mail: EmailMessage) -> dict[str, Any]:
    (found,) = [item for item in inside.items(stack, "NoticesTable") if item["pk"]["S"] == mail["X-Monsoon-Mail"]]
    return found


@contextmanager
def overheard(stack: Stack) -> Iterator[list[str]]:
    """The events that the bus carries meanwhile; they are there at the end."""
    sqs, sns, heard = stack.client("sqs"), stack.client("sns"), list[str]()
    url = sqs.create_queue(QueueName=f"overheard-{uuid.uuid4().hex[:8]}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    listening = sns.subscribe(
        TopicArn=inside.output(stack, "Topic"), Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"},
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]  # fmt: skip
    try:
        yield heard
        while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            heard += [message["Body"] for message in found]
            for message in found:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    finally:
        sns.unsubscribe(SubscriptionArn=listening)
        sqs.delete_queue(QueueUrl=url)


def tell_again(stack: Stack, events: list[str]) -> None:
    """Let notices hear events twice more."""
    sqs = stack.client("sqs")
    url = next(url for url in sqs.list_queues()["QueueUrls"] if "NoticesQueue" in url)
    for event in (*events, *reversed(events)):
        sqs.send_message(QueueUrl=url, MessageBody=event)
    assert stack.quiet(90)


@pytest.fixture
def box(stack: Stack) -> Box:
    return Box(stack)


def placed_by(market: Market, shop: Shop, email: str) -> dict[str, Any]:
    lines = [{"offer_id": market.offer(shop, market.publish())["offer_id"], "quantity": 2}]
    body = {"lines": lines, "buyer": BUYER | {"email": email}, "address": ADDRESS}
    body |= {"shipping_ticket": market.quote(shop, lines)[0]["ticket"]}
    placed: dict[str, Any] = eventually(
        lambda: (r := shop.site.send("POST", f"{shop.path}/orders", body, key=str(uuid.uuid4()))).status == 201 and r.body
    )
    return placed


def test_a_mails_link_opens_the_order_on_its_shops_own_page(market: Market, box: Box):
    slug, email = f"shop-{uuid.uuid4().hex[:8]}", someone()
    shop = market.shop([CASH], [TABLE_RATE], pages={"slug": slug})
    order = placed_by(market, shop, email)
    (received,) = box.wait(email, 1)
    link = re.search(rf"http\S+/hub/shop/{slug}/order\S+", plain(received))
    assert link
    with urllib.request.urlopen(link[0]) as answer:
        assert order["number"] in answer.read().decode()


def someone(domain: str = "buyers.example") -> str:
    return f"{uuid.uuid4().hex[:8]}@{domain}"


def test_a_buyer_is_told_once_of_each_step_in_the_orders_language_though_events_are_doubled(market: Market, box: Box):
    shop, email = market.shop([CASH], [TABLE_RATE], name="Lantern & Loom"), someone()
    with overheard(box.stack) as events:
        order = placed_by(market, shop, email)
        (received,) = box.wait(email, 1)
        assert (order["number"] in received["Subject"], "Lantern & Loom" in received["Subject"]) == (True, True)
        assert (received["Content-Language"], received["List-Unsubscribe"]) == ("zh", None)
        market.pay(shop, order)
        market.order_is(shop, order["id"], "accepted")
        market.deliver(shop, order["id"])
        mails = box.wait(email, 4)
        market.order_is(shop, order["id"], "paid")
        assert box.stack.quiet(90)
    assert "RR123456785GB" in "".join(map(plain, mails))
    told = sorted(subjects(box.to(email)))
    tell_again(box.stack, [event for event in events if order["id"] in event])
    assert sorted(subjects(box.to(email))) == told
    assert len(set(told)) == len(told) == 4, "received, on its way, there, paid in cash"
    link = re.search(r"http\S+/hub(/\S+)", plain(received))
    assert link
    assert Hub(f"{box.stack.emulator.url}/hub").get(link[1])["number"] == order["number"]


def test_a_test_orders_mails_are_marked_on_this_machine_and_the_mailbox_shows_them_safely(market: Market, box: Box):
    shop, email = market.shop([STRIPE], [TABLE_RATE], name="<script>alert(1)</script>"), someone()
    order = placed_by(market, shop, email)
    market.pay(shop, order, data={"payment_method": "pm_card_visa"})
    mails = box.wait(email, 2)
    assert "［测试］" in str(mails[1]["Subject"])
    assert email in box.page()
    name = next(name for name in box._kept.names() if (mail := box._kept.mail(name)) and email in mail.to)
    for shown in (box.page(), box.page(f"/{name}"), box.page(f"/{name}/html")):
        assert "<script" not in shown


def test_a_lost_answer_is_settled_by_what_ses_tells_and_a_silence_by_sending_once_more_marked(market: Market, box: Box):
    shop, lost = market.shop([CASH], [TABLE_RATE]), f"lost+{uuid.uuid4().hex[:8]}@simulator.amazonses.com"
    placed_by(market, shop, lost)
    (mail,) = box.wait(lost, 1)
    eventually(lambda: record(box.stack, mail)["state"]["S"] == "delivered")
    item = record(box.stack, mail)
    assert "open_pk" not in item, "nothing is due any more"
    item |= {"state": {"S": "sending"}, "open_pk": {"S": "due#0"}, "open_sk": {"S": f"{inside.PAST}#{item['pk']['S']}"}}
    inside.put(box.stack, "NoticesTable", item)
    inside.run(box.stack, "NoticesSweep")
    first, again = box.wait(lost, 2)
    assert (first["X-Monsoon-Sent-Again"], again["X-Monsoon-Sent-Again"]) == (None, "yes")
    assert first["X-Monsoon-Mail"] == again["X-Monsoon-Mail"]
    eventually(lambda: record(box.stack, mail)["state"]["S"] == "delivered")
    inside.run(box.stack, "NoticesSweep")
    assert len(box.to(lost)) == 2


def test_what_comes_back_stops_further_mails_and_is_shown_to_the_merchant_without_an_address(market: Market, box: Box):
    shop, gone = market.shop([CASH], [TABLE_RATE]), f"bounce+{uuid.uuid4().hex[:8]}@simulator.amazonses.com"
    order = placed_by(market, shop, gone)
    box.wait(gone, 1)
    listed = eventually(lambda: shop.owner.hub.get("/v1/account/notices/undelivered")["items"])
    assert (listed[0]["order_id"], listed[0]["state"], listed[0]["kind"]) == (order["id"], "bounced", "received")
    assert gone not in str(listed)
    shop.owner.hub.post(f"{shop.path}/orders/{order['id']}/cancellation", {})
    market.order_is(shop, order["id"], "cancelled")
    assert box.stack.quiet(90)
    assert len(box.to(gone)) == 1


def test_a_merchant_confirms_an_address_hears_of_orders_and_unsubscribes_by_one_click(market: Market, box: Box):
    shop, mine, buyer = market.shop([CASH], [TABLE_RATE]), someone("shops.example"), someone()
    hub = shop.owner.hub
    said = hub.put("/v1/account/notices", {"email": mine, "language": "en", "notices": {"verdict": False}})
    assert (said["confirmed"], said["sending"], said["notices"]["verdict"], said["notices"]["new_order"]) == (False, True, False, True)
    inside.run(box.stack, "NoticesSweep")
    (asked,) = box.wait(mine, 1)
    path = re.search(r"http\S+(/hub/notices/confirmation\S+)", plain(asked))
    assert path
    assert press(box, path[1], {"Sec-Fetch-Site": "cross-site"}) == 403, "another site presses it"
    assert press(box, path[1], {"Sec-Fetch-Site": "same-origin"}) == 200
    assert hub.get("/v1/account/notices")["confirmed"]
    order = placed_by(market, shop, buyer)
    market.pay(shop, order)
    notice = box.wait(mine, 2)[1]
    assert order["number"] in str(notice["Subject"])
    assert notice["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (received,) = [mail for mail in box.wait(buyer, 1) if order["number"] in str(mail["Subject"])][:1]
    assert received["Reply-To"] == mine
    off = str(notice["List-Unsubscribe"]).strip("<>").removeprefix(box.stack.emulator.url)
    assert press(box, off, {"Content-Type": "multipart/form-data; boundary=x"}, b"--x--") == 200
    assert not hub.get("/v1/account/notices")["notices"]["new_order"]


def press(box: Box, path: str, headers: dict[str, str], body: bytes = b"") -> int:
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
    asked = urllib.request.Request(box.stack.emulator.url + path, data=body or b"", headers=form | headers, method="POST")
    try:
        with urllib.request.urlopen(asked) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
