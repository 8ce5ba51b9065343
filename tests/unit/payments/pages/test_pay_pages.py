"""Paying on the hub's own pages, without script: by a provider's page, a code, a transfer, cash; once, and unknown is not failed."""

from dataclasses import replace

import pytest

from functions.payments.lifecycle.payment import MOST_ATTEMPTS
from functions.payments.pages.pay_views import MOST_LOOKS
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.payment import State
from shared.api.ticket_contents import PAYABLE_FOR
from shared.pages.visits.visit import VISIT, VISITED_FOR
from shared.providers.installations import InstallationChange
from tests.fakes import call
from tests.unit.payments.pages.conftest import HTML, OWN, Hosted, Shopper, forms
from tests.unit.payments.remote import Remotes, failing


def test_an_order_is_paid_at_the_providers_page_and_the_shopper_comes_back_to_paid(shopper: Shopper, hosted: Hosted):
    chosen = shopper.arrive()
    assert (chosen.status, [form.fields["method"] for form in forms(chosen.body)]) == (200, ["card", "card", "bank_transfer", "cash"])
    assert "€12.50" in chosen.body
    between = shopper.choose("Hosted")
    assert (between.status, 'href="https://pay.hosted.example/s/1"' in between.body) == (200, True)
    assert "not paid yet" in between.body
    hosted.paid()
    back = shopper.came_back(hosted.asked[0])
    assert "Paid. Thank you!" in back.body
    assert 'href="order?ticket=followed"' in back.body
    assert (hosted.charged, hosted.asked[0].method) == (1, "card")


def test_the_address_to_come_back_to_is_short_enough_for_alipay_and_lies_in_the_shop(shopper: Shopper, hosted: Hosted):
    shopper.arrive()
    shopper.choose("Hosted")
    address = str(hosted.asked[0].return_url)
    assert address.startswith("https://shops.example/shop/tea/payment?t=")
    assert len(address) < 120


@pytest.mark.parametrize(
    ("referer", "lies"),
    [
        ("https://shops.example/emulator/stage/shop/tea/order?ticket=x", "https://shops.example/emulator/stage/shop/tea/payment?t="),
        ("https://evil.example/shop/tea/order", "https://shops.example/shop/tea/payment?t="),
        ("https://shops.example/shop/tea/products/prd_1", "https://shops.example/shop/tea/payment?t="),
        ("nonsense", "https://shops.example/shop/tea/payment?t="),
        ("https://[nonsense", "https://shops.example/shop/tea/payment?t="),
    ],
)
def test_the_page_before_says_what_stands_before_a_stage_and_nothing_else(shopper: Shopper, hosted: Hosted, referer: str, lies: str):
    shopper.arrive()
    shopper.post(shopper.form("Hosted").fields, referer=referer)
    assert str(hosted.asked[0].return_url).startswith(lies)


def test_at_a_shops_own_host_the_provider_leads_back_to_that(shopper: Shopper, hosted: Hosted):
    shopper.arrive()
    shopper.post(shopper.form("Hosted").fields, **{"x-shop-host": "tea.example"})
    assert str(hosted.asked[0].return_url).startswith("https://tea.example/payment?t=")


@pytest.mark.parametrize("url", ["https://[bad", "javascript:alert(1)", "//evil.example"])
def test_an_address_to_pay_at_that_is_none_of_the_web_is_not_shown(shopper: Shopper, hosted: Hosted, url: str):
    hosted.action = {"type": "redirect", "url": url}
    shopper.arrive()
    shown = shopper.choose("Hosted")
    assert (shown.status, "did not say where to pay" in shown.body, url in shown.body) == (200, True, False)


def test_a_form_that_is_sent_twice_or_after_back_is_one_payment(shopper: Shopper, hosted: Hosted):
    shopper.arrive()
    form = shopper.form("Hosted").fields
    places = [shopper.post(form).headers["Location"] for _ in range(3)]
    assert (len(set(places)), len(hosted.asked)) == (1, 1)
    hosted.paid()
    shopper.clock.tick(minutes=1)
    assert "Paid. Thank you!" in shopper.follow(shopper.post(form)).body
    assert len(hosted.asked) == 1


def test_a_second_tab_goes_on_with_the_payment_of_the_first(shopper: Shopper, hosted: Hosted):
    shopper.arrive()
    first = shopper.form("Hosted").fields
    shopper.arrive()
    second = shopper.form("Hosted").fields
    assert first["key"] != second["key"]
    assert shopper.post(first).headers["Location"] == shopper.post(second).headers["Location"]
    assert len(hosted.asked) == 1


def test_a_second_tab_that_chooses_another_provider_gives_the_first_payment_up(shopper: Shopper, hosted: Hosted, coded: Hosted):
    shopper.arrive()
    first, second = shopper.form("Hosted").fields, shopper.form("Coded").fields
    shopper.post(first)
    shopper.post(second)
    assert [account.state for account in hosted.accounts.values()] == [State.CANCELED]
    coded.paid()
    assert "Paid. Thank you!" in shopper.came_back(coded.asked[0]).body
    assert "This payment was given up" in shopper.came_back(hosted.asked[0]).body
    assert (hosted.charged, coded.charged) == (0, 1)


def test_what_was_begun_for_another_amount_gives_way_to_what_is_owed_now(shopper: Shopper, hosted: Hosted):
    shopper.arrive()
    cheaper = shopper.form("Hosted").fields | {"ticket": shopper.ticket(amount=900), "key": "another"}
    shopper.choose("Hosted")
    assert "€9.00" in shopper.follow(shopper.post(cheaper)).body
    assert [(a.amount.amount, a.state) for a in hosted.accounts.values()] == [(1250, State.CANCELED), (900, State.REQUIRES_ACTION)]


def test_an_order_that_is_paid_meanwhile_is_paid_no_second_time(shopper: Shopper, hosted: Hosted, coded: Hosted):
    shopper.arrive()
    other = shopper.form("Coded").fields
    shopper.choose("Hosted")
    hosted.paid()
    shopper.came_back(hosted.asked[0])
    assert "Paid. Thank you!" in shopper.follow(shopper.post(other)).body
    assert "Paid. Thank you!" in shopper.follow(shopper.arrive()).body
    assert coded.asked == []


def test_money_that_came_a_moment_before_another_way_was_chosen_counts(shopper: Shopper, hosted: Hosted, coded: Hosted):
    shopper.arrive()
    other = shopper.form("Coded").fields
    shopper.choose("Hosted")
    hosted.paid()
    hosted.before = failing("cancel", ErrorKind.CONFLICT)
    assert "Paid. Thank you!" in shopper.follow(shopper.post(other)).body
    assert coded.asked == []


def test_a_lost_answer_is_unknown_is_never_called_failed_and_is_looked_up(shopper: Shopper, hosted: Hosted):
    hosted.after = failing("start", ErrorKind.OUTCOME_UNKNOWN)
    shopper.arrive()
    unknown = shopper.choose("Hosted")
    assert "We do not know yet whether this was paid" in unknown.body
    assert "Do not pay again" in unknown.body
    assert not {"declined", "failed"} & set(unknown.body.lower().split())
    assert (unknown.headers["Refresh"].startswith("3; url=payment?t="), unknown.headers["Refresh"].endswith("&look=1")) == (True, True)
    hosted.paid()
    assert "Paid. Thank you!" in shopper.again().body
    assert len(hosted.asked) == 1


def test_a_page_looks_again_by_itself_a_bounded_number_of_times_and_can_be_told_not_to(shopper: Shopper, coded: Hosted):
    shopper.arrive()
    shown = shopper.choose("Coded")
    assert shown.headers["Refresh"]
    assert f"&amp;look={MOST_LOOKS}" in shown.body
    token = shown.headers["Refresh"].partition("url=")[2]
    assert "Refresh" not in shopper.look(token, look=str(MOST_LOOKS)).headers
    assert "Look again" in shopper.last.body


def test_a_code_is_drawn_in_the_page_and_nothing_is_loaded_for_it(shopper: Shopper, coded: Hosted):
    shopper.arrive()
    shown = shopper.choose("Coded")
    assert "<svg" in shown.body
    assert "<path" in shown.body
    assert "style=" not in shown.body.partition("<svg")[2]
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    coded.paid()
    assert "Paid. Thank you!" in shopper.again().body


def test_a_transfer_is_told_with_account_reference_and_amount(shopper: Shopper):
    shopper.arrive()
    shown = shopper.choose("Bank transfer")
    assert "DE89 3704 0044 0532 0130 00" in shown.body
    assert ("Ada Lovelace" in shown.body, "€12.50" in shown.body, "RF" in shown.body) == (True, True, True)
    assert "Refresh" not in shown.headers


def test_cash_is_ordered_and_nothing_is_said_of_having_paid(shopper: Shopper):
    shopper.arrive()
    shown = shopper.choose("pay on delivery")
    assert "You pay €12.50 when the parcel is brought to you." in shown.body
    assert "Paid" not in shown.body


def test_a_declined_payment_says_why_and_is_paid_another_way(shopper: Shopper, hosted: Hosted, coded: Hosted):
    for kind in (ErrorKind.DECLINED,) * 3:
        hosted.before = failing("start", kind, 1)
        shopper.arrive()
        declined = shopper.choose("Hosted")
        assert "The payment was declined" in declined.body
        assert "Nothing was charged" in declined.body
    shopper.choose("Coded")
    coded.paid()
    assert "Paid. Thank you!" in shopper.again().body
    assert (hosted.charged, coded.charged) == (0, 1)


def test_a_page_to_pay_that_lay_open_too_long_says_that_the_order_stands(shopper: Shopper):
    old = shopper.services.tickets.issue(VISIT, shopper.visit, shopper.clock() - VISITED_FOR * 2, VISITED_FOR)
    over = shopper.arrive(visit=old)
    assert (over.status, "The order stands as it was" in over.body, 'href="order?ticket=followed">To the order' in over.body) == (
        422,
        True,
        True,
    )
    assert "Nothing was ordered" not in over.body


@pytest.mark.parametrize("kind", [ErrorKind.CONFIG, ErrorKind.SIGNATURE, ErrorKind.UNSUPPORTED, ErrorKind.INVALID, ErrorKind.CONFLICT])
def test_only_a_decline_is_called_one_a_refusal_is_between_shop_and_provider(shopper: Shopper, hosted: Hosted, kind: ErrorKind):
    hosted.before = failing("start", kind, 1)
    shopper.arrive()
    refused = shopper.choose("Hosted")
    assert "Hosted did not take this payment on" in refused.body
    assert "declined" not in refused.body
    assert "cannot be reached" not in refused.body
    assert ("nothing was charged" in refused.body) == (kind is not ErrorKind.CONFLICT), "of a conflict nobody knows what is there"
    assert ("do not pay again" in refused.body) == (kind is ErrorKind.CONFLICT)
    assert len(forms(refused.body)) == 4, "another way is offered"


def test_a_refusal_is_told_in_chinese_too(shopper: Shopper, hosted: Hosted):
    shopper.language = "zh-CN"
    hosted.before = failing("start", ErrorKind.CONFIG, 1)
    shopper.arrive()
    assert "请选择其他付款方式，或联系店家" in shopper.choose("Hosted").body


def test_an_order_that_was_tried_too_often_is_told_so_and_not_to_choose_again(shopper: Shopper, hosted: Hosted):
    hosted.before = failing("start", ErrorKind.DECLINED)
    for _ in range(MOST_ATTEMPTS):
        shopper.arrive()
        shopper.choose("Hosted")
    shopper.arrive()
    often = shopper.choose("Hosted")
    assert (often.status, "tried too often" in often.body) == (409, True)


def test_the_shoppers_address_is_the_gateways_word_and_not_the_browsers(shopper: Shopper, hosted: Hosted):
    forged = {"x-forwarded-for": "1.2.3.4, 203.0.113.9"}
    shopper.arrive()
    shopper.post(shopper.form("Hosted").fields, ip="203.0.113.9", **forged)
    assert hosted.asked[-1].shopper.ip == "203.0.113.9"


@pytest.mark.parametrize(
    ("forwarded", "told"), [("1.2.3.4, 203.0.113.9, 64.252.66.1", "203.0.113.9"), ("x, 64.252.66.1", ""), ("64.252.66.1", "64.252.66.1")]
)
def test_at_a_shops_own_host_it_is_the_word_of_what_stands_before(shopper: Shopper, hosted: Hosted, forwarded: str, told: str):
    shopper.arrive()
    headers = {"x-forwarded-for": forwarded, "x-shop-host": "tea.example", "host": "api.example"}
    shopper.post(shopper.form("Hosted").fields, ip="64.252.66.1", **headers)
    assert hosted.asked[-1].shopper.ip == told


def test_a_provider_that_is_down_at_the_moment_of_paying_took_nothing_and_another_is_offered(shopper: Shopper, hosted: Hosted):
    hosted.before = failing("start", ErrorKind.UNAVAILABLE)
    shopper.arrive()
    down = shopper.choose("Hosted")
    assert "Hosted cannot be reached" in down.body
    assert "nothing was charged" in down.body
    assert {form.fields["method"] for form in forms(down.body)} == {"card", "bank_transfer", "cash"}
    for _ in range(6):
        shopper.arrive()
        down = shopper.choose("Hosted")
    assert (down.status, "does not answer at the moment" in down.body) == (503, True)
    hosted.before = lambda call: None
    shopper.clock.tick(minutes=10)
    shopper.arrive()
    shopper.choose("Hosted")
    assert len([a for a in hosted.accounts.values() if a.state is State.REQUIRES_ACTION]) == 1


@pytest.mark.parametrize("way", ["Hosted", "Coded"])
def test_a_provider_that_cannot_be_asked_when_the_shopper_is_back_is_not_said_to_have_no_money(
    shopper: Shopper, hosted: Hosted, coded: Hosted, way: str
):
    shopper.arrive()
    shopper.choose(way)
    provider = hosted if way == "Hosted" else coded
    provider.paid()
    provider.before = failing("fetch", ErrorKind.UNAVAILABLE)
    back = shopper.came_back(provider.asked[0])
    said = ["not paid yet" in back.body, "We do not know yet whether this was paid" in back.body, "Refresh" in back.headers]
    assert (back.status, said) == (200, [False, True, True])
    assert (way != "Hosted" or 'href="https://pay.hosted.example/s/1"' in back.body, "Nothing was charged" in back.body) == (True, False)


def test_a_payment_that_only_waits_for_our_word_is_confirmed_when_the_shopper_is_back(shopper: Shopper, hosted: Hosted):
    shopper.arrive()
    shopper.choose("Hosted")
    hosted.action = {"type": "confirm"}
    assert "Paid. Thank you!" in shopper.came_back(hosted.asked[0]).body
    assert hosted.done == ["start", "confirm"]


def test_a_confirmation_that_is_declined_is_tried_once_and_begun_anew_the_same_way(shopper: Shopper, hosted: Hosted):
    shopper.arrive()
    shopper.choose("Hosted")
    asked, decline = list[str](), failing("confirm", ErrorKind.DECLINED)

    def before(call: str) -> None:
        asked.append(call)
        decline(call)

    hosted.action, hosted.before = {"type": "confirm"}, before
    for _ in range(2):
        assert "The payment was declined" in shopper.came_back(hosted.asked[0]).body
    assert asked.count("confirm") == 1
    hosted.action = {"type": "redirect", "url": "https://pay.hosted.example/s/2"}
    assert 'href="https://pay.hosted.example/s/2"' in shopper.choose("Hosted").body
    assert [account.state for account in hosted.accounts.values()] == [State.CANCELED, State.REQUIRES_ACTION]


@pytest.mark.parametrize("way", ["Hosted", "pay on delivery"])
def test_a_payment_is_shown_though_the_hub_does_not_offer_its_plug_in_any_more(shopper: Shopper, way: str):
    shopper.arrive()
    shopper.choose(way)
    shopper.services.installations = replace(shopper.services.installations, registry=Remotes())
    assert shopper.look(f"payment?t={shopper.token}").status == 200


def test_an_old_payment_ticket_leads_to_the_order_for_a_new_one(shopper: Shopper):
    old = shopper.ticket()
    shopper.clock.tick(seconds=PAYABLE_FOR.total_seconds() + 1)
    refused = shopper.arrive(old)
    assert (refused.status, 'href="order?ticket=followed"' in refused.body) == (422, True)
    assert "Nothing was charged" in refused.body


def test_another_shops_ticket_a_forged_one_and_another_shops_page_are_refused(shopper: Shopper, hosted: Hosted):
    assert shopper.arrive(shopper.ticket(account_id="acc_2")).status == 422
    assert shopper.arrive("a.b.c").status == 422
    shopper.arrive()
    shopper.choose("Hosted")
    token = shopper.token
    assert call(shopper.app, "GET", OWN, path={"slug": "coffee"}, query={"t": token}, headers=HTML).status == 404
    for forged in ("", "x", token[:-1] + ("A" if token[-1] != "A" else "B"), "0" * 48, "é" * 48, token[:26]):
        assert shopper.look(f"payment?t={forged}").status in (404, 422), forged
    assert len(hosted.asked) == 1


def test_a_form_of_another_site_begins_nothing(shopper: Shopper, hosted: Hosted):
    shopper.arrive()
    form = shopper.form("Hosted").fields
    assert shopper.post(form, **{"sec-fetch-site": "cross-site"}).status == 403
    assert hosted.asked == []


@pytest.mark.parametrize("change", [{"method": "wire"}, {"installation": "ins_x"}, {"method": "cash", "installation": ""}])
def test_a_way_to_pay_that_is_not_open_is_refused_and_the_others_are_shown(shopper: Shopper, change: dict[str, str], hosted: Hosted):
    shopper.arrive()
    refused = shopper.post(shopper.form("Hosted").fields | change)
    assert (refused.status, "Nothing was charged" in refused.body, bool(forms(refused.body))) == (422, True, True)
    assert hosted.asked == []


def test_a_way_that_takes_less_says_what_it_takes_and_has_no_button(shopper: Shopper):
    shown = shopper.arrive(shopper.ticket(amount=6000))
    assert "It takes from €0.01 to €50.00." in shown.body
    assert "cash" not in {form.fields["method"] for form in forms(shown.body)}


def test_an_address_that_is_not_of_the_web_is_no_link(shopper: Shopper, hosted: Hosted):
    hosted.action = {"type": "redirect", "url": "javascript:alert(1)"}
    shopper.arrive()
    shown = shopper.choose("Hosted")
    assert "javascript:" not in shown.body
    assert "did not say where to pay" in shown.body


def test_what_a_plug_in_says_amiss_of_a_transfer_or_a_code_breaks_no_page(shopper: Shopper, coded: Hosted):
    for action in (
        {"type": "transfer"},
        {"type": "qr"},
        {"type": "qr", "data": "x" * 9000},
        {"type": "qr", "data": "茶" * 1000},
        {"type": "fax"},
    ):
        coded.action = action
        shopper.arrive(shopper.ticket(order_id=f"ord_{len(coded.asked)}"))
        assert shopper.choose("Coded").status == 200


def test_a_shop_without_any_provider_says_so(shopper: Shopper):
    for installation in shopper.services.installations.store.of("acc_1#sf_1"):
        shopper.services.installations.change("acc_1#sf_1", installation.id, InstallationChange(enabled=False))
    assert "takes no payment on its pages" in shopper.arrive().body


def test_the_pages_speak_chinese(shopper: Shopper, hosted: Hosted):
    shopper.language = "zh-CN"
    assert "您想如何付款？" in shopper.arrive().body
    shopper.choose("Hosted")
    hosted.paid()
    assert "已付款，谢谢！" in shopper.came_back(hosted.asked[0]).body
    assert hosted.asked[0].shopper.locale == "zh-CN"


def test_nobody_keeps_a_copy_and_no_provider_learns_the_address(shopper: Shopper, hosted: Hosted):
    shopper.arrive()
    shown = shopper.choose("Hosted")
    assert (shown.headers["Cache-Control"], shown.headers["Referrer-Policy"]) == ("no-store", "same-origin")
