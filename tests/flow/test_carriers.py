"""A courier that runs in a function of its own, on the real template: shipping calls it, and it calls its carrier."""

from typing import Any

import pytest

from functions.shipping.plugins.karrio.ups.trial import TRIAL
from hubclient.hub import Refused
from tests.flow.market import CASH, Market

pytestmark = pytest.mark.xdist_group("hub")

INSTALL: dict[str, Any] = {"plugin": "ups", "config": dict(TRIAL.config)}


def test_ups_is_installed_and_quotes_though_shipping_has_none_of_its_library(market: Market):
    shop = market.shop([CASH], [INSTALL])
    offer = market.offer(shop, market.publish())["offer_id"]
    rates = market.quote(shop, [{"offer_id": offer, "quantity": 1}], "USD", phone="+44 117 496 0000")
    assert {(rate["plugin"], rate["price"]["currency"]) for rate in rates} == {("ups", "USD")}
    assert sorted(rate["service"] for rate in rates) == ["ups 2nd day air", "ups ground"]


def test_a_wrong_key_is_told_in_the_carriers_words_and_nothing_is_installed(market: Market):
    owner = market.shop([CASH], []).owner
    shops = owner.hub.get("/v1/storefronts")["items"]
    path = f"/v1/storefronts/{shops[0]['id']}/courier-installations"
    wrong = INSTALL["config"] | {"client_secret": "another-secret-0001"}
    with pytest.raises(Refused) as refused:
        owner.hub.post(path, {"plugin": "ups", "config": wrong})
    assert (refused.value.status, "UPS does not accept the credentials." in str(refused.value.body)) == (422, True)
    assert owner.hub.get(path)["items"] == []
