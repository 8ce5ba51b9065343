"""An API that is changed is found at the address that it had."""

from typing import Any

import pytest
from ministack.services import apigateway_v1
from ministack.services.cloudformation import provisioners

from local.mendings.api import kept_address


@pytest.fixture
def handlers():
    """CloudFormation's word on APIs, mended, and the emulator's own again afterwards."""
    handlers, emptied = provisioners._RESOURCE_HANDLERS[kept_address.KIND], (*kept_address.IMPORTED, *kept_address.MADE_BESIDE)
    update = handlers["update"]
    kept_address.mend()
    yield handlers
    handlers["update"] = update
    for name in emptied:
        getattr(apigateway_v1, name).clear()


def api(*paths: str, title: str = "shop") -> dict[str, Any]:
    answer = {"responses": {"200": {"description": "well"}}, "security": [{"key": []}]}
    schemes = {"key": {"type": "apiKey", "name": "x", "in": "header", "x-amazon-apigateway-authorizer": {"type": "request"}}}
    return {
        "Name": "shop",
        "Tags": [{"Key": "stage", "Value": "local"}],
        "Body": {
            "openapi": "3.0.1", "info": {"title": title, "version": "1"}, "paths": {path: {"get": answer} for path in paths},
            "components": {"securitySchemes": schemes},
        },
    }  # fmt: skip


def paths(api_id: str) -> set[str]:
    return {resource["path"] for resource in apigateway_v1._resources[api_id].values()}


def test_a_changed_api_keeps_its_id_and_has_the_new_routes_alone(handlers):
    api_id, before = handlers["create"]("Api", api("/old", "/both"), "hub")
    apigateway_v1._stages_v1[api_id]["local"] = {"stageName": "local"}
    kept, after = handlers["update"](api_id, api("/old", "/both"), api("/both", "/new"), "hub", "Api")
    assert kept == api_id
    assert paths(api_id) == {"/", "/both", "/new"}
    assert list(apigateway_v1._rest_apis) == [api_id]
    assert apigateway_v1._rest_apis[api_id]["id"] == api_id
    assert list(apigateway_v1._resources) == list(apigateway_v1._stages_v1) == [api_id]
    assert apigateway_v1._stages_v1[api_id] == {"local": {"stageName": "local"}}, "a stage is a resource of its own"
    assert (before["RestApiId"], before["Arn"]) == (after["RestApiId"], after["Arn"])
    assert after["RootResourceId"] in apigateway_v1._resources[api_id]


def test_whoever_guards_the_new_routes_is_known(handlers):
    api_id, _ = handlers["create"]("Api", api("/old"), "hub")
    handlers["update"](api_id, api("/old"), api("/old", "/new"), "hub", "Api")
    methods = [method for resource in apigateway_v1._resources[api_id].values() for method in resource.get("resourceMethods", {}).values()]
    guards = {method["authorizerId"] for method in methods}
    assert guards
    assert guards <= set(apigateway_v1._authorizers_v1[api_id])


def test_what_is_no_change_of_its_routes_is_the_emulators(handlers):
    api_id, _ = handlers["create"]("Api", api("/old"), "hub")
    resources = apigateway_v1._resources[api_id]
    assert handlers["update"](api_id, api("/old"), api("/old") | {"Description": "of ours"}, "hub", "Api")[0] == api_id
    assert apigateway_v1._rest_apis[api_id]["description"] == "of ours"
    assert apigateway_v1._resources[api_id] is resources
