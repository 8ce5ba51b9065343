"""A visit: signed, of one shop, for some hours; and pages that are one shopper's."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from shared.api.tickets import Tickets
from shared.bounds.fields import MAX_ID
from shared.pages.visits.find_page import find_page
from shared.pages.visits.visit import MAX_VISIT, MOST_ADDRESS, MOST_NAME, VISIT, VISITED_FOR, ShopLogo, ShopLook, Visit, VisitOver, Visits
from shared.pages.visits.visit_pages import visit_page
from tests.fakes import NOON

TEA = Visit(
    account_id="acc_1", storefront_id="sf_1", shop=ShopLook(slug="harbour-tea", name="Harbour <Tea>", accent="#0f6b5c"), language="zh-CN",
    currency="GBP",
)  # fmt: skip


@pytest.fixture
def clock() -> SimpleNamespace:
    return SimpleNamespace(now=NOON)


@pytest.fixture
def visits(clock: SimpleNamespace) -> Visits:
    return Visits(Tickets(lambda: "s" * 32), lambda: clock.now)


def test_a_form_says_whose_shop_it_is_of(visits: Visits):
    assert visits.read(visits.ticket(TEA), "harbour-tea") == TEA


def test_a_shops_logo_stands_in_place_of_its_name_and_is_loaded_from_where_it_lies_alone(visits: Visits):
    logo = ShopLogo(address="https://media.example/img_1/320.webp", width=300, height=100)
    visit = TEA.model_copy(update={"shop": TEA.shop.model_copy(update={"logo": logo})})
    kept = visits.read(visits.ticket(visit), "harbour-tea")
    page = find_page(kept, "t", {})
    assert 'src="https://media.example/img_1/320.webp" width="300" height="100" alt="Harbour &lt;Tea&gt;"' in page.text
    assert "img-src https://media.example data:;" in page.headers["Content-Security-Policy"]


def test_the_longest_visit_there_is_is_read_again(visits: Visits):
    logo = ShopLogo(address="x" * MOST_ADDRESS, width=20_000, height=20_000)
    look = ShopLook(slug="x" * 40, name="🍵" * MOST_NAME, accent="#0f6b5c", style="rounded airy square warm", logo=logo)
    longest = TEA.model_copy(update={"shop": look, "once": "o" * 22, "account_id": "a" * MAX_ID, "storefront_id": "s" * MAX_ID})
    assert len(visits.ticket(longest)) <= MAX_VISIT
    assert visits.read(visits.ticket(longest), "x" * 40) == longest


def test_a_page_that_was_left_open_too_long_leads_back_to_the_cart(visits: Visits, clock: SimpleNamespace):
    ticket = visits.ticket(TEA)
    clock.now += VISITED_FOR + timedelta(seconds=1)
    with pytest.raises(VisitOver) as over:
        visits.read(ticket, "harbour-tea")
    assert over.value.more["back"] == "cart"


@pytest.mark.parametrize("forged", ["", "x", "a.b.c", "x" * 9000])
def test_a_forged_visit_is_refused(visits: Visits, forged: str):
    with pytest.raises(VisitOver):
        visits.read(forged, "harbour-tea")


def test_a_visit_of_another_hub_another_kind_or_another_shop_is_refused(visits: Visits):
    others = Visits(Tickets(lambda: "t" * 32), lambda: NOON)
    for ticket, slug in (
        (others.ticket(TEA), "harbour-tea"),
        (visits.tickets.issue("quote", TEA, NOON, VISITED_FOR), "harbour-tea"),
        (visits.tickets.issue(VISIT, TEA, NOON, timedelta(days=400)), "harbour-tea"),
        (visits.ticket(TEA), "another-shop"),
    ):
        with pytest.raises(VisitOver):
            visits.read(ticket, slug)


def test_links_stay_in_the_shop_and_go_on_in_its_language_and_currency():
    assert TEA.link() == "home?language=zh-CN&currency=GBP", "which leads to the first page, also where the shop has a host of its own"
    assert TEA.link("cart") == "cart?language=zh-CN&currency=GBP"
    assert TEA.model_copy(update={"currency": ""}).link("cart") == "cart?language=zh-CN"


def test_a_shoppers_page_is_nobodys_copy_in_no_index_and_names_where_its_forms_lead():
    page = visit_page("shared/pages/visits/visit.html", TEA, {}, ticket="t", forms=("https://pay.example",))
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "form-action 'self' https://pay.example;" in page.headers["Content-Security-Policy"]
    assert '<meta name="robots" content="noindex">' in page.text
    assert "Harbour &lt;Tea&gt;" in page.text
    assert 'href="about/imprint?language=zh-CN' in page.text, "whom one buys from is said where one pays"
