"""A shop's pages on the real template: there for anybody without a key, and a recall is told to whoever has the link."""

import re
import uuid
from http.client import HTTPConnection
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from tests.flow.market import Market, eventually, product
from tests.flow.test_pictures import photo, sent

pytestmark = pytest.mark.xdist_group("hub")


def asked(address: str, language: str = "en", method: str = "GET") -> tuple[int, str, dict[str, str]]:
    """What a browser without a key is shown: status, text, headers."""
    request = Request(address, headers={"Accept": "text/html", "Accept-Language": language}, method=method)
    try:
        with urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)


def test_a_shop_is_there_for_anybody_until_its_goods_are_recalled(market: Market):
    owner, slug = market.merchant("storefront"), f"shop-{uuid.uuid4().hex[:8]}x"
    supplier = market.merchant("supplier")
    product_id = market.publish(supplier, **product(pictures=[sent(supplier.hub, photo() + b"bowl")["picture_id"]]))
    body = {"name": "Bowls", "languages": ["en", "zh"], "selection": {"suppliers": [supplier.account_id]}, "pages": {"slug": slug}}
    owner.hub.post("/v1/storefronts", body, key=slug)
    taken = market.merchant("storefront").hub.send("POST", "/v1/storefronts", body, headers={"Idempotency-Key": slug})
    assert (taken.status, taken.body["type"]) == (409, "urn:monsoon:problem:slug-taken")

    home = f"{market.stack.api}/shop/{slug}"
    status, text, headers = eventually(lambda: (page := asked(home))[0] == 200 and "Walnut bowl" in page[1] and page)
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert f'/shop/{slug}?language=en">' in text.partition('<link rel="canonical"')[2]
    assert "胡桃木碗" in asked(f"{home}/products", "zh-CN")[1]
    looked = asked(home, method="HEAD")
    assert (looked[0], looked[1], looked[2]["Content-Type"]) == (200, "", "text/html; charset=utf-8")
    status, text, _ = asked(f"{home}/no/such/page")
    assert (status, f'href="../../../{slug}"' in text) == (404, True), "who mistypes an address is led to the shop"
    status, text, _ = asked(f"{home}/review")
    assert (status, "<h1>Cart</h1>" in text) == (200, True), "a form's answer, loaded anew, leads back to the cart"
    _, text, headers = eventually(lambda: (page := asked(f"{home}/products/{product_id}"))[0] == 200 and "<img" in page[1] and page)
    several = set(re.findall(r'https?:[^", ]*\.webp', text))
    assert len(several) == 3, "a picture of 900 pixels is kept in three sizes"
    for address in several:
        with urlopen(address, timeout=30) as answer:
            assert (answer.status, answer.headers["Content-Type"]) == (200, "image/webp")
        allowed = f"img-src {urlsplit(address).scheme}://{urlsplit(address).netloc} data:;"
        assert allowed in headers["Content-Security-Policy"], "a browser loads it"

    market.operator.hub.post(
        f"/v1/catalog/products/{product_id}/recall", {"supplier_id": supplier.account_id, "reason": "the lacquer peels"}
    )
    status, text, _ = eventually(lambda: (page := asked(f"{home}/products/{product_id}"))[0] == 410 and page)
    assert "the lacquer peels" in text


def test_a_shop_is_at_a_host_of_its_own_with_every_link_at_the_root(market: Market):
    owner, slug = market.merchant("storefront"), f"shop-{uuid.uuid4().hex[:8]}y"
    supplier = market.merchant("supplier")
    market.publish(supplier, **product())
    body = {"name": "Bowls", "languages": ["en"], "selection": {"suppliers": [supplier.account_id]}, "pages": {"slug": slug}}
    owner.hub.post("/v1/storefronts", body, key=slug)
    at = urlsplit(market.stack.api)

    def own(path: str) -> tuple[int, str]:
        connection = HTTPConnection(at.hostname or "", at.port, timeout=30)
        connection.request("GET", path, headers={"Host": f"{slug}.localhost:{at.port}", "Accept": "text/html"})
        answer = connection.getresponse()
        found = answer.status, answer.read().decode()
        connection.close()
        return found

    _, text = eventually(lambda: (page := own("/"))[0] == 200 and "Walnut bowl" in page[1] and page)
    paths = set(re.findall(r'href="((?:products|about)[^"#]*)"', text))
    assert {path.partition("/")[0].partition("?")[0] for path in paths} == {"products", "about"}
    for path in paths:
        assert own(f"/{path}")[0] == 200, path
    assert f'rel="canonical" href="http://{slug}.localhost:{at.port}/"' in text
