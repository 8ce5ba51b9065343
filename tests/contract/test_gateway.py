"""app.py does in front of the services what API Gateway does."""

import json
import threading
import time
from functools import partial
from http.client import HTTPConnection
from http.server import ThreadingHTTPServer
from typing import Any

import pytest

from app import Door, DuplicateRoute, Gateway, Reply, Request, by_lambda
from shared.api.caller import Caller
from shared.api.cors import PREFLIGHT, SHOWN
from shared.api.operation import Routes
from shared.api.payload import View
from shared.api.service import Service
from shared.errors import Forbidden, NotFound
from tests.fakes import caller

TOKEN = {"authorization": "Bearer x"}


class Said(View):
    text: str


def service(name: str, *paths: str) -> Service:
    """A service that answers each of `paths` with what it was asked: the route, the parameters and the caller."""
    routes = Routes()

    def mount(path: str) -> None:
        @routes.get(path, answers={200: Said})
        def view(caller: Caller) -> Said:
            time.sleep(0.005)
            return Said(text=f"{app.current_request.path} {app.current_request.uri_params} {caller.account_id}")

    for path in paths:
        mount(path)
    app = Service(name, routes=[routes])
    return app


def gateway(*services: Service, by: Any = lambda event: caller().context()) -> Gateway:
    return Gateway(services, by)


def get(target: str, **headers: str) -> Request:
    return Request("GET", target, TOKEN | headers)


def refused(reply: Reply) -> tuple[int, str]:
    assert reply.headers["Content-Type"] == "application/problem+json"
    return reply.status, reply.json()["type"]


def test_a_route_reaches_its_service_with_its_literal_resource_path_and_decoded_parameters():
    hub = gateway(service("a", "/v1/a/{a_id}"), service("b", "/v1/b/{b_id}/parts"))
    assert hub(get("/v1/b/one%20two/parts?x=1")).json() == {"text": "/v1/b/{b_id}/parts {'b_id': 'one two'} acc_1"}


def test_a_literal_segment_wins_over_a_parameter():
    hub = gateway(service("a", "/v1/{kind}/mine"), service("b", "/v1/shoes/{id}"))
    assert "/v1/shoes/{id}" in hub(get("/v1/shoes/mine")).json()["text"]


@pytest.mark.parametrize("again", ["/v1/a/{a_id}", "/v1/a/{other}"])
def test_the_same_route_in_two_services_stops_the_start(again: str):
    with pytest.raises(DuplicateRoute, match="/v1/a/"):
        gateway(service("a", "/v1/a/{a_id}"), service("b", again))


@pytest.mark.parametrize(
    "request_", [get("/v1/nothing"), get("/v1/a/"), Request("DELETE", "/v1/a/1", TOKEN), Request("BREW", "/v1/a/1", TOKEN)]
)
def test_an_unknown_route_or_method_is_not_found(request_: Request):
    assert refused(gateway(service("a", "/v1/a/{a_id}"))(request_)) == (404, "urn:monsoon:problem:not-found")


def test_without_a_credential_the_authorizer_is_not_asked():
    hub = gateway(service("a", "/v1/a"), by=lambda event: pytest.fail("asked"))
    assert refused(hub(Request("GET", "/v1/a"))) == (401, "urn:monsoon:problem:unauthorized")


def test_a_public_route_needs_no_credential():
    routes = Routes()

    @routes.get("/v1/open", answers={200: Said}, public=True)
    def view() -> Said:
        return Said(text="open")

    assert gateway(Service("a", routes=[routes]))(Request("GET", "/v1/open")).json() == {"text": "open"}


@pytest.fixture
def shop() -> Gateway:
    """A hub whose caller is an API key, of the scope that the request's credential names."""
    routes = Routes()

    @routes.get("/v1/a/{a_id}", answers={200: Said}, key="browse", problems=[NotFound])
    def view(a_id: str) -> Said:
        if a_id == "gone":
            raise NotFound
        return Said(text=a_id)

    @routes.get("/v1/orders", answers={200: Said}, key="sell")
    def orders() -> Said:
        return Said(text="orders")

    return gateway(
        Service("a", routes=[routes]), by=lambda event: caller("acc_1", "client_site", scope=event["headers"]["authorization"]).context()
    )


def test_any_number_of_parts_reach_the_route_that_takes_them_and_what_is_named_goes_first():
    hub = gateway(service("a", "/v1/a/{rest+}", "/v1/a/{a_id}/b"))
    assert hub(get("/v1/a/x/y/z")).json() == {"text": "/v1/a/{rest+} {'rest': 'x/y/z'} acc_1"}
    assert hub(get("/v1/a/x/b")).json()["text"].startswith("/v1/a/{a_id}/b ")
    assert refused(hub(get("/v1/a"))) == (404, "urn:monsoon:problem:not-found")


def test_a_browser_s_preflight_is_answered_without_a_credential_where_a_browse_key_reads(shop: Gateway):
    asked = {"origin": "https://page.example", "access-control-request-method": "GET"}
    reply = shop(Request("OPTIONS", "/v1/a/1", asked))
    assert (reply.status, reply.body) == (204, b"")
    assert reply.headers.items() >= PREFLIGHT.items()
    assert refused(shop(Request("OPTIONS", "/v1/orders", asked))) == (404, "urn:monsoon:problem:not-found")
    assert refused(shop(Request("OPTIONS", "/v1/nothing", asked))) == (404, "urn:monsoon:problem:not-found")


@pytest.mark.parametrize(("scope", "is_shown"), [("browse", True), ("sell", False), ("manage", False)])
@pytest.mark.parametrize(("a_id", "status"), [("1", 200), ("gone", 404)])
def test_a_browser_shows_what_a_browse_key_read_and_no_other_key_s_answer(
    shop: Gateway, scope: str, is_shown: bool, a_id: str, status: int
):
    reply = shop(Request("GET", f"/v1/a/{a_id}", {"authorization": scope}))
    assert reply.status == status
    assert {name for name in reply.headers if name.startswith("Access-Control")} == (set(SHOWN) if is_shown else set())


def test_what_a_browse_key_may_not_do_names_the_scope_and_is_shown_to_no_page(shop: Gateway):
    reply = shop(Request("GET", "/v1/orders", {"authorization": "browse"}))
    assert refused(reply) == (403, "urn:monsoon:problem:scope-too-small")
    assert reply.json()["scope"] == "sell"
    assert not [name for name in reply.headers if name.startswith("Access-Control")]


def policy(effect: str) -> dict[str, Any]:
    return {"principalId": "acc_1", "policyDocument": {"Statement": [{"Effect": effect}]}, "context": caller().context()}


def test_a_lambda_authorizer_is_understood_as_api_gateway_understands_it():
    def entry(event: dict[str, Any], context: Any) -> dict[str, Any]:
        assert event["type"] == "REQUEST"
        assert event["methodArn"].endswith("/GET/v1/a")
        if event["headers"]["authorization"] == "Bearer forged":
            raise RuntimeError("Unauthorized")
        return policy("Allow" if event["headers"]["authorization"] == "Bearer good" else "Deny")

    hub = gateway(service("a", "/v1/a"), by=by_lambda(entry))
    assert hub(get("/v1/a", authorization="Bearer good")).json() == {"text": "/v1/a None acc_1"}
    assert refused(hub(get("/v1/a", authorization="Bearer forged"))) == (401, "urn:monsoon:problem:unauthorized")
    assert refused(hub(get("/v1/a", authorization="Bearer else"))) == (403, "urn:monsoon:problem:forbidden")


def test_what_an_authorizer_raises_otherwise_is_not_hidden():
    with pytest.raises(Forbidden):
        by_lambda(lambda event, context: policy("Deny"))({})
    with pytest.raises(ZeroDivisionError):
        by_lambda(lambda event, context: 1 / 0)({})


@pytest.fixture
def port() -> Any:
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Door, gateway(service("a", "/v1/a/{a_id}"), service("b", "/v1/b/{b_id}")))
    ) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_forty_requests_at_once_each_get_their_own_answer(port: int):
    found: dict[str, str] = {}

    def ask(path: str) -> None:
        connection = HTTPConnection("127.0.0.1", port)
        connection.request("GET", path, headers=TOKEN)
        found[path] = json.loads(connection.getresponse().read())["text"]
        connection.close()

    paths = [f"/v1/{service}/{n}" for service in "ab" for n in range(20)]
    threads = [threading.Thread(target=ask, args=[path]) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {p: f"/v1/{p[4]}/{{{p[4]}_id}} {{'{p[4]}_id': '{p[6:]}'}} acc_1" for p in paths}


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Content-Length": "99999999999"}, 413), ({"Content-Length": "x"}, 400), ({"Transfer-Encoding": "chunked"}, 400)],
)
def test_a_body_that_cannot_be_taken_is_refused_unread(port: int, headers: dict[str, str], status: int):
    connection = HTTPConnection("127.0.0.1", port)
    connection.putrequest("POST", "/v1/a/1")
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert answer.headers["Connection"] == "close"
    connection.close()
