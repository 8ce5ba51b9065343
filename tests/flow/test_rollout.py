"""A deploy reaches who calls the hub when all of it stands; one that breaks off half-way reaches nobody, and takes nothing from anybody."""

from collections.abc import Iterator

import pytest

from infra.templates import ALIAS
from local.conditions.ports import free_port
from local.conditions.refusals import CannotStart
from local.stack import Stack

pytestmark = pytest.mark.xdist_group("rollout")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(free_port(), free_port(), tmp_path_factory.mktemp("hub"), parameters={"LogLevel": "ERROR"}) as running:
        yield running


def levels(hub: Stack, qualifier: str) -> set[str]:
    """The log levels that functions run with, asked of their alias or of what was deployed last."""
    functions = hub.client("lambda")
    names = [one["FunctionName"] for one in functions.list_functions(MaxItems=100)["Functions"]]
    told = [functions.get_function_configuration(FunctionName=name, Qualifier=qualifier) for name in names]
    return {one["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"] for one in told}


def versions(hub: Stack) -> set[tuple[str, ...]]:
    """What is published of functions beside what is live."""
    functions = hub.client("lambda")
    found = set[tuple[str, ...]]()
    for one in functions.list_functions(MaxItems=100)["Functions"]:
        live = functions.get_alias(FunctionName=one["FunctionName"], Name=ALIAS)["FunctionVersion"]
        published = [known["Version"] for known in functions.list_versions_by_function(FunctionName=one["FunctionName"])["Versions"]]
        found.add(tuple(version for version in published if version not in ("$LATEST", live)))
    return found


def tables(hub: Stack) -> dict[str, str]:
    dynamodb = hub.client("dynamodb")
    return {name: dynamodb.describe_table(TableName=name)["Table"]["TableId"] for name in dynamodb.list_tables()["TableNames"]}


def state(hub: Stack) -> str:
    (found,) = hub.client("cloudformation").describe_stacks(StackName="monsoon-local")["Stacks"]
    return str(found["StackStatus"])


def integrations(hub: Stack) -> list[str]:
    """What the API calls, route by route, and at its door."""
    gateway, api = hub.client("apigateway"), hub.outputs["ApiId"]
    resources = [one for page in gateway.get_paginator("get_resources").paginate(restApiId=api, embed=["methods"]) for one in page["items"]]
    routes = [method["methodIntegration"]["uri"] for one in resources for method in one.get("resourceMethods", {}).values()]
    return [*routes, *(one["authorizerUri"] for one in gateway.get_authorizers(restApiId=api)["items"])]


def arn(uri: str) -> str:
    """`arn:…:lambda:path/2015-03-31/functions/<a function's ARN>/invocations`, without what is around it."""
    return uri.partition("/functions/")[2].removesuffix("/invocations")


def test_whoever_calls_calls_the_alias(hub: Stack):
    functions, events = hub.client("lambda"), hub.client("events")
    mappings = functions.list_event_source_mappings(MaxItems=100)["EventSourceMappings"]
    targets = [target for rule in events.list_rules()["Rules"] for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]]
    called = [*(one["FunctionArn"] for one in mappings), *(one["Arn"] for one in targets), *(arn(uri) for uri in integrations(hub))]
    assert len(called) > 150
    assert {name.rpartition(":")[2] for name in called} == {ALIAS}


def test_a_deploy_that_breaks_off_after_functions_were_changed_leaves_what_is_called_and_all_tables_as_they_were(hub: Stack):
    ada, before = hub.people().sign_in("ada@shop.example", "shopper"), tables(hub)
    with pytest.raises(CannotStart, match="UPDATE_ROLLBACK_COMPLETE:\n  FunctionAlarms: "):
        hub.deploy(LogLevel="WARNING", Alarms="yes")  # the emulator has no alarms on expressions: they fail when the functions stand
    assert state(hub) == "UPDATE_ROLLBACK_COMPLETE"
    assert levels(hub, ALIAS) == {"ERROR"}
    assert versions(hub) == {()}, "Lambda publishes nothing twice: one that stayed would refuse the same release when it is tried again"
    assert tables(hub) == before
    assert hub.people().sign_in("ada@shop.example", "shopper").account_id == ada.account_id


def test_the_next_try_goes_through_and_a_parameter_alone_reaches_who_calls(hub: Stack):
    hub.deploy(LogLevel="WARNING")
    assert state(hub) == "UPDATE_COMPLETE"
    assert levels(hub, ALIAS) == levels(hub, "$LATEST") == {"WARNING"}
    assert versions(hub) == {()}, "they would fill the account's room for code"
    assert hub.people().sign_in("ada@shop.example", "shopper").hub.get("/v1/account")["email"] == "ada@shop.example"
