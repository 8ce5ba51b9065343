"""`tea.localhost` is the shop whose slug is `tea`, at the root."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from ministack import app
from ministack.services import apigateway_v1

from local.mendings.api import shop_hosts

HUB = {("000000000001", "us-east-1", "other"): {"name": "others"}, ("000000000000", "us-east-1", "a1b2"): {"name": "monsoon-local"}}


async def told(host: str, path: str, method: str, headers: dict[str, str], *_: Any, **more: Any) -> Any:
    """What the emulator is told, instead of an answer."""
    return app._parse_execute_api_url(host, path), headers


@pytest.fixture(autouse=True)
def _mended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apigateway_v1, "_rest_apis", SimpleNamespace(all_items=HUB.items))
    monkeypatch.setattr(app, "_parse_execute_api_url", app._parse_execute_api_url)
    monkeypatch.setattr(app, "_handle_execute_api_request", told)
    shop_hosts.mend()


def asked(host: str, path: str, **headers: str) -> Any:
    return asyncio.run(app._handle_execute_api_request(host, path, "GET", headers, b"", {}))


@pytest.mark.parametrize(
    ("path", "below"),
    [("/", "/shop/tea-house/home"), ("/products", "/shop/tea-house/products"), ("/products/prd_1", "/shop/tea-house/products/prd_1")],
)
def test_a_page_at_a_shops_host_is_one_of_the_hubs_and_is_told_the_host(path: str, below: str):
    found = asked("tea-house.localhost:4566", path, **{"x-shop-host": "evil.example"})
    assert found == (("a1b2", "local", below), {"x-shop-host": "tea-house.localhost:4566"})


@pytest.mark.parametrize("host", ["localhost:4566", "127.0.0.1:4566", "a1b2.execute-api.localhost:4566", "s3.amazonaws.com", "..localhost"])
def test_every_other_host_is_what_it_was(host: str):
    found, headers = asked(host, "/_aws/execute-api/a1b2/local/v1/x")
    assert found[0] == "a1b2"
    assert headers == {}


def test_before_a_hub_is_deployed_there_are_no_shops(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(apigateway_v1, "_rest_apis", SimpleNamespace(all_items=lambda: ()))
    assert asked("tea-house.localhost:4566", "/") == (None, {})
