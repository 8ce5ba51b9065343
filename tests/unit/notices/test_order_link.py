"""Where a mail's link leads: to the order's page of its shop, or, of a shop without pages, to what its site shows in its own way."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from functions.notices.bootstrap import Services, Settings
from functions.notices.known.known_order import KnownOrder, KnownShop
from functions.notices.known.known_store import KnownStore
from shared.bounds.fields import MAX_ID
from shared.buyers.followed_orders import FollowedOrders
from shared.pages.visits.visit import MAX_VISIT, Visits
from tests.fakes import TICKETS, FakeClock
from tests.unit.notices.given import ORDER, OWNER, SHOP, TENANT, MemoryKnown, World


def link(shop: KnownShop | None, base: str = "https://hub.example/") -> str:
    known, order = MemoryKnown(), KnownOrder.of(World().placed(language="zh"))
    assert order
    if shop:
        known.keep_shop(TENANT, shop, 1)
    services = Services(Settings("t", "prod", "hello@hub.example", base), known=known, tickets=TICKETS, clock=FakeClock())
    return services.order_link(order)


@pytest.mark.parametrize("accent", ["", "#123456"])
def test_it_leads_to_the_shops_own_page_which_its_ticket_opens_in_the_orders_language(accent: str):
    address = urlsplit(link(KnownShop(name="Lantern", slug="lantern", accent=accent)))
    query = parse_qs(address.query)
    assert (address.netloc, address.path, query["language"]) == ("hub.example", "/shop/lantern/order", ["zh"])
    followed = FollowedOrders(TICKETS, FakeClock()).read(query["ticket"][0])
    assert (followed.account_id, followed.storefront_id, followed.order_id) == (OWNER, SHOP, ORDER)
    visit = followed.visit("lantern", "zh")
    assert (visit.shop.name, visit.currency, visit.shop.accent[:1]) == ("Lantern", "GBP", "#")


def test_a_shop_with_a_long_name_of_any_letters_has_links_that_its_pages_take():
    slug = "x" * 40
    ticket = parse_qs(urlsplit(link(KnownShop(name="🍵" * 100, slug=slug, accent="#123456", style="rounded airy square warm"))).query)[
        "ticket"
    ][0]
    visit = FollowedOrders(TICKETS, FakeClock()).read(ticket).visit(slug, "zh-Hant-TW")
    longest = Visits(TICKETS, FakeClock()).ticket(
        visit.model_copy(update={"account_id": "a" * MAX_ID, "storefront_id": "s" * MAX_ID, "once": "o" * 22})
    )
    assert max(len(ticket), len(longest)) <= MAX_VISIT


def test_a_shop_with_a_host_of_its_own_is_led_to_there_and_keeps_its_look():
    address = urlsplit(link(KnownShop(name="Lantern", slug="lantern", style="serif square", host="lantern.example")))
    assert (address.scheme, address.netloc, address.path) == ("https", "lantern.example", "/order")
    followed = FollowedOrders(TICKETS, FakeClock()).read(parse_qs(address.query)["ticket"][0])
    assert followed.visit("lantern", "zh").shop.style == "serif square"
    assert followed.visit("an-older-name", "zh", "lantern.example").shop.slug == "an-older-name", "the host may stand for an older name"


def test_what_was_kept_of_a_shop_is_all_of_its_pages(make_table: Callable[[str], str]):
    store, shop = KnownStore(make_table("notices")), KnownShop(name="L", slug="lan", accent="#123456", style="dense", host="lan.example")
    store.keep_shop(TENANT, shop, 1)
    assert store.shop(TENANT) == shop


def test_of_a_shop_without_pages_it_leads_to_the_api():
    for shop in (None, KnownShop(name="Lantern")):
        assert link(shop).startswith("https://hub.example/v1/followed-order?ticket=")


def test_a_hub_that_does_not_know_its_own_address_links_nowhere():
    assert link(KnownShop(name="Lantern", slug="lantern"), "") == ""
