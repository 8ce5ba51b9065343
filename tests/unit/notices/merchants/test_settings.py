"""A merchant says where notices go; whoever reads mail there confirms; a link of a mail switches its kind off."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions.notices import handler
from functions.notices.bootstrap import Services, Settings
from functions.notices.merchants.merchants_drafting import address_digest
from functions.notices.merchants.notice_links import ConfirmContent
from functions.notices.merchants.notice_settings import NoticeSettings, Said
from functions.notices.merchants.settings_service import AddressChanged, SettingsService
from functions.notices.outbox.sending import NotToBeSent
from shared.api.service import Service
from shared.optimistic_retry import AT_ONCE
from tests.fakes import TICKETS, FakeClock, Reply, call, caller, sealing_in_memory
from tests.unit.notices.given import OWNER, FakeSender, World

MERCHANT = caller("acc_mei", "storefront")
MINE = "mei@shops.example"
PATH = "/v1/account/notices"
SAME = {"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}


class Hub:
    def __init__(self, table: str, mail_from: str = "Monsoon <hello@hub.example>", *, sealing: bool = False) -> None:
        self.clock = FakeClock()
        settings = Settings(table, "prod", mail_from, "https://hub.example")
        more = {"sealing": sealing_in_memory(), "secret": lambda: "s" * 64} if sealing else {}
        self.services = Services(settings, tickets=TICKETS, retry=AT_ONCE, clock=self.clock, sender=FakeSender(), **more)
        self.app = Service("notices", lambda: self.services, handler.ROUTES)

    def say(self, body: Any, method: str = "PUT") -> Reply:
        return call(self.app, method, PATH, body=body, by=MERCHANT)


@pytest.fixture
def hub(make_table: Callable[[str], str]) -> Hub:
    return Hub(make_table("notices"))


def test_at_first_nothing_goes_anywhere_and_everything_is_wanted(hub: Hub):
    shown = hub.say(None, "GET").body
    assert (shown.get("email"), shown["confirmed"], shown["sending"]) == (None, False, True)
    assert set(shown["notices"].values()) == {True}


def test_an_address_is_asked_by_mail_and_another_one_anew(make_table: Callable[[str], str]):
    hub = Hub(make_table("notices"), sealing=True)
    first = hub.say({"email": MINE, "language": "zh", "notices": {"low_stock": False}}).body
    assert (first["confirmed"], first["language"], first["notices"]["low_stock"], first["notices"]["verdict"]) == (False, "zh", False, True)
    waiting = list(hub.services.mails.due(hub.clock.tick(seconds=1) or hub.clock.now))
    (mail,) = map(hub.services.mails.get, waiting)
    assert mail
    assert MINE not in str(mail)
    draft = hub.services.drafting.merchants.draft(mail)
    assert (draft.to, "/notices/confirmation?ticket=" in draft.letter.link[1]) == (MINE, True)
    hub.say({"email": "other@shops.example"})
    with pytest.raises(NotToBeSent, match="address-changed"):
        hub.services.drafting.merchants.draft(mail)


def test_the_link_asks_first_and_the_button_confirms(hub: Hub):
    hub.say({"email": MINE})
    ticket = hub.services.links.to_confirm("acc_mei", address_digest(MINE)).partition("ticket=")[2]
    asked = call(hub.app, "GET", "/notices/confirmation", query={"ticket": ticket})
    assert (asked.status, "<form" in str(asked.body), hub.say(None, "GET").body["confirmed"]) == (200, True, False)
    done = call(hub.app, "POST", "/notices/confirmation", query={"ticket": ticket}, headers=SAME)
    assert (done.status, hub.say(None, "GET").body["confirmed"]) == (200, True)
    hub.say({"email": "other@shops.example"})
    again = call(hub.app, "POST", "/notices/confirmation", query={"ticket": ticket}, headers=SAME)
    assert (again.status, hub.say(None, "GET").body["confirmed"]) == (409, False)


def test_one_click_switches_a_kind_off_and_only_that(hub: Hub):
    hub.say({"email": MINE})
    ticket = hub.services.links.to_switch_off("acc_mei", "verdict").partition("ticket=")[2]
    for content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        head = {"content-type": content_type}
        assert call(hub.app, "POST", "/notices/unsubscription", query={"ticket": ticket}, headers=head).status == 200
    shown = hub.say(None, "GET").body["notices"]
    assert {kind for kind, wanted in shown.items() if not wanted} == {"verdict"}


@pytest.mark.parametrize("path", ["/notices/confirmation", "/notices/unsubscription"])
def test_a_forged_link_and_one_of_the_other_kind_change_nothing(hub: Hub, path: str):
    hub.say({"email": MINE})
    other = (
        hub.services.links.to_switch_off("acc_mei", "verdict")
        if path.endswith("confirmation")
        else hub.services.links.to_confirm("acc_mei", address_digest(MINE))
    )
    for ticket in ("x", other.partition("ticket=")[2]):
        assert call(hub.app, "POST", path, query={"ticket": ticket}, headers=SAME).status == 422
    shown = hub.say(None, "GET").body
    assert (shown["confirmed"], shown["notices"]["verdict"]) == (False, True)


@pytest.mark.parametrize("body", [{}, {"email": "nobody"}, {"email": "a@b\r\nBcc: x@y.example"}, {"email": MINE, "language": "fr"},
                                  {"email": MINE, "notices": {"spam": True}}, {"email": "x" * 250 + "@example.com"}])  # fmt: skip
def test_what_cannot_be_meant_is_refused_and_names_its_field(hub: Hub, body: dict[str, Any]):
    answer = hub.say(body)
    assert (answer.status, bool(answer.body["errors"])) == (422, True)


def test_nobody_fills_a_strangers_mailbox_through_us(hub: Hub):
    for n in range(5):
        assert hub.say({"email": f"stranger{n}@elsewhere.example"}).status == 200
    assert hub.say({"email": "stranger9@elsewhere.example"}).status == 429
    hub.clock.tick(days=1, seconds=1)
    assert hub.say({"email": "stranger9@elsewhere.example"}).status == 200


def test_a_hub_without_mail_says_so(make_table: Callable[[str], str]):
    hub = Hub(make_table("notices"), "")
    assert hub.say(None, "GET").body["sending"] is False


def test_a_buyers_answer_goes_to_the_merchants_confirmed_address_alone():
    world = World()
    assert world.drafting.merchants.reply_to(OWNER) == ""
    world.settings.held[OWNER] = NoticeSettings(account_id=OWNER, email=MINE, version=1)
    assert world.drafting.merchants.reply_to(OWNER) == ""
    world.settings.confirmed(OWNER, MINE)
    assert world.drafting.merchants.reply_to(OWNER) == MINE


def test_a_hub_that_has_sealed_nothing_yet_writes_to_a_merchant_and_stops_an_address_by_a_pseudonym(make_table: Callable[[str], str]):
    hub = Hub(make_table("notices"), sealing=True)
    hub.say({"email": MINE})
    hub.clock.tick(seconds=1)
    assert hub.services.outbox.sweep(lambda: timedelta(minutes=1)) == 1
    assert hub.services.pseudonym(" Mei@Shops.example") == hub.services.pseudonym(MINE) != hub.services.pseudonym("other@shops.example")
    hub.services.mails.stop(hub.services.pseudonym(MINE), "complaint-abuse")
    hub.say({"email": MINE})
    hub.clock.tick(seconds=1)
    hub.services.outbox.sweep(lambda: timedelta(minutes=1))
    assert len(hub.services.sender.drafts) == 1  # type: ignore[attr-defined]


def test_where_the_merchants_own_site_writes_to_buyers_the_hub_does_not(hub: Hub):
    assert hub.say(None, "GET").body["writes_to_buyers"] is True
    assert hub.say({"email": None, "writes_to_buyers": False}).body["writes_to_buyers"] is False
    assert hub.say({"email": None}).body["writes_to_buyers"] is False, "what is not said stays"
    world = World()
    world.settings.held[OWNER] = NoticeSettings(account_id=OWNER, writes_to_buyers=False, version=1)
    world.post.place(world.placed())
    world.sweep(11)
    assert (world.sender.drafts, world.states()["received"]) == ([], ("dropped", "switched-off"))


def test_an_address_that_is_changed_while_another_is_confirmed_is_not_confirmed():
    world = World()
    service = SettingsService(world.settings, world.mails, world.clock, AT_ONCE)
    service.change(OWNER, Said(email=MINE))
    keep = world.settings.keep

    def keep_late(settings: NoticeSettings) -> bool:
        world.settings.keep = keep  # type: ignore[method-assign]
        service.change(OWNER, Said(email="stranger@elsewhere.example"))
        return keep(settings)

    world.settings.keep = keep_late  # type: ignore[method-assign]
    with pytest.raises(AddressChanged):
        service.confirm(ConfirmContent(account_id=OWNER, digest=address_digest(MINE)))
    assert not world.settings.get(OWNER).confirmed
