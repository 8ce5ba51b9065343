"""Notices' items on DynamoDB keep what the stores in memory keep."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from functions.notices.causes.cause import Cause
from functions.notices.known.known_order import NO_SHOP, KnownOrder, KnownShop
from functions.notices.known.known_store import KnownStore
from functions.notices.merchants.notice_settings import NoticeSettings, Said
from functions.notices.merchants.settings_store import SettingsStore
from functions.notices.outbox.mail import Mail
from functions.notices.outbox.mail_store import MailStore
from functions.notices.outbox.undelivered import Undelivered
from tests.fakes import NOON, FakeClock
from tests.unit.notices.given import ORDER, OWNER, SHOP, TENANT, World
from tests.unit.orders.test_cost import size

CAUSE = Cause(kind="paid", about=ORDER, account_id=OWNER, storefront_id=SHOP, facts={"total": 5, "lines": [["茶", 1, 5]]})


@pytest.fixture
def table(make_table: Callable[[str], str]) -> str:
    return make_table("notices")


def test_a_mail_is_kept_once_read_as_it_was_and_moved_on_by_whoever_knew_it_last(table: str):
    mails, mail = MailStore(table), replace(Mail.of(CAUSE, NOON).begun(NOON), version=1)
    assert (mails.add(mail), mails.add(mail)) == (True, False)
    assert mails.get(mail.id) == mail
    after = mail.taken()
    assert (mails.replace(after), mails.replace(mail.dropped("x")), mails.get(mail.id)) == (True, False, after)
    assert mails.get("ntc_other") is None


def test_what_is_due_is_listed_until_it_is_settled(table: str):
    mails, clock = MailStore(table), FakeClock()
    mail = replace(Mail.of(CAUSE, clock.now).begun(clock.now), version=1)
    mails.add(mail)
    assert list(mails.due(clock.now)) == []
    clock.tick(minutes=16)
    assert list(mails.due(clock.now)) == [mail.id]
    mails.replace(mail.taken())
    assert list(mails.due(clock.now)) == []


def test_stops_and_what_came_back_are_kept_the_latest_first_and_by_merchant(table: str):
    mails, clock, mail = MailStore(table), FakeClock(), Mail.of(CAUSE, NOON)
    mails.add(mail)
    for version, state in enumerate(("lost", "bounced", "complained"), 2):
        clock.tick(seconds=5)
        mail = replace(mail, state=state, why=state, version=version)  # type: ignore[arg-type]
        assert mails.replace(mail, Undelivered.of(mail, clock.now))
        assert not mails.replace(mail, Undelivered.of(mail, clock.now)), "whoever was quicker has noted it"
    found = mails.undelivered(OWNER, "", 10)
    assert [one.state for one in found] == ["complained", "bounced", "lost"]
    assert [one.state for one in mails.undelivered(OWNER, found[0].place, 10)] == ["bounced", "lost"]
    assert [one.state for one in mails.undelivered(OWNER, "", 1)] == ["complained"]
    assert mails.undelivered("acc_other", "", 10) == []
    mails.stop("adr_1", "complaint-abuse")
    assert (mails.stopped("adr_1"), mails.stopped("adr_2")) == ("complaint-abuse", "")


def test_orders_and_shops_are_known_and_an_older_name_never_takes_a_newer_ones_place(table: str):
    known, order = KnownStore(table), KnownOrder.of(World().placed())
    assert order
    known.add_order(order, NOON)
    known.add_order(order.model_copy(update={"total": 1}), NOON)
    assert (known.order(ORDER), known.order("ord_other")) == (order, None)
    known.add_silent("ord_other", NOON)
    assert (known.is_silent("ord_other"), known.is_silent(ORDER)) == (True, False)
    known.keep_shop(TENANT, KnownShop(name="New", slug="new", accent="#123456"), 2)
    known.keep_shop(TENANT, KnownShop(name="Old"), 1)
    assert (known.shop(TENANT), known.shop("a#b")) == (KnownShop(name="New", slug="new", accent="#123456"), NO_SHOP)


def test_settings_are_kept_by_whoever_read_them_last(table: str):
    store = SettingsStore(table)
    first = store.get(OWNER).changed(
        Said(email="mei@shops.example", language="zh", wanted={"verdict": False}, writes_to_buyers=False), NOON
    )
    assert (store.keep(first), store.keep(first), store.get(OWNER)) == (True, False, first)
    assert store.keep(first.with_confirmed())
    assert store.get(OWNER).reachable == "mei@shops.example"
    assert store.get("acc_other") == NoticeSettings(account_id="acc_other")
    assert list(store.each(["acc_other", OWNER])) == [store.get("acc_other"), store.get(OWNER)]
    assert store.each([]) == []


def test_each_item_of_a_usual_mail_is_one_write_unit(table: str):
    import boto3

    world = World()
    event = world.placed()
    order = KnownOrder.of(event)
    assert order
    KnownStore(table).add_order(order, NOON)
    MailStore(table).add(replace(Mail.of(CAUSE, NOON).begun(NOON), version=1))
    assert all(size(item) <= 1024 for item in boto3.resource("dynamodb").Table(table).scan()["Items"])
