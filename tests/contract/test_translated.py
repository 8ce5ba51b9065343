"""What SAM makes of the template, as CloudFormation would deploy it: its own translator says so without an account."""

from collections import Counter
from typing import Any

import pytest

from infra.templates import functions, template
from tests.conftest import ROOT
from tests.contract.deployed.translation import TEMPLATES, translated

USUAL = template()["Globals"]["Function"]["Timeout"]


@pytest.fixture(scope="module")
def resources() -> dict[str, dict[str, Any]]:
    """The translated template's resources."""
    return translated()


def of(resources: dict[str, dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [made["Properties"] for made in resources.values() if made["Type"] == kind]


def test_the_api_has_one_stage_and_it_is_throttled_and_traced(resources: dict[str, dict[str, Any]]):
    (stage,) = of(resources, "AWS::ApiGateway::Stage")
    (settings,) = stage["MethodSettings"]
    assert stage["TracingEnabled"]
    assert settings["ThrottlingRateLimit"]
    assert not settings["MetricsEnabled"], "a metric for each method costs more than an idle hub"
    assert [deployed for deployed in of(resources, "AWS::ApiGateway::Deployment") if "StageName" in deployed] == []


def test_a_new_accounts_quota_of_concurrency_is_left_alone_unless_it_is_asked_for(resources: dict[str, dict[str, Any]]):
    reserved = [
        made["ReservedConcurrentExecutions"] for made in of(resources, "AWS::Lambda::Function") if "ReservedConcurrentExecutions" in made
    ]
    assert all(one["Fn::If"][0] == "Reserved" for one in reserved)
    assert template()["Parameters"]["ReserveConcurrency"]["Default"] == "no"


def test_every_function_has_a_role_of_its_own(resources: dict[str, dict[str, Any]]):
    roles = Counter(str(made["Role"]) for made in of(resources, "AWS::Lambda::Function"))
    assert set(roles.values()) == {1}


def woken() -> list[tuple[str, int, int]]:
    """(function, its time-out, how long its queue hides what it was given)."""
    bus = template("infra/bus.yaml")
    found = []
    for name, made in functions().items():
        for event in made.get("Events", {}).values():
            if event["Type"] == "SQS":
                output = event["Properties"]["Queue"]["Fn::GetAtt"][1].removeprefix("Outputs.")
                queue = bus["Resources"][bus["Outputs"][output]["Value"]["Fn::GetAtt"][0]]
                found.append((name, made.get("Timeout", USUAL), queue["Properties"]["VisibilityTimeout"]))
    return found


@pytest.mark.parametrize(("function", "timeout", "hidden"), woken())
def test_a_queue_gives_no_message_to_two_while_one_may_still_work_on_it(function: str, timeout: int, hidden: int):
    """Six times the function's time-out: docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html."""
    assert hidden >= 6 * timeout


@pytest.mark.parametrize("function", ["UploadsRows", "UploadsWorker", "AuditWorker", "CatalogWorker", "StorefrontsWorker"])
def test_what_a_worker_had_that_dies_on_a_feeds_way_is_taken_over_within_two_minutes(function: str):
    """The splitter itself tells its queue of the file once more: functions/uploads/feeds/feed_splitter.py, TAKEN_OVER."""
    assert [hidden <= 120 for name, _, hidden in woken() if name == function] == [True]


def test_an_outage_of_a_quarter_of_an_hour_makes_no_dead_letters():
    queues = list(of(template("infra/bus.yaml")["Resources"], "AWS::SQS::Queue"))
    tried = [queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"] for queue in queues if "RedrivePolicy" in queue]
    assert min(tried) >= 15 * 60


@pytest.mark.parametrize("path", TEMPLATES)
def test_no_domain_of_awss_is_hard_coded(path: str):
    """China's regions have another; a service's principal is the same everywhere."""
    hosts = [line.strip() for line in (ROOT / path).read_text().splitlines() if "amazonaws.com" in line and "Principal" not in line]
    assert hosts == []


def test_no_stack_must_delete_a_bucket_that_may_hold_something():
    buckets = [made for made in template("infra/tables.yaml")["Resources"].values() if made["Type"] == "AWS::S3::Bucket"]
    assert buckets
    assert {made.get("DeletionPolicy") for made in buckets} == {"RetainExceptOnCreate"}


def test_what_a_pool_cannot_change_later_is_chosen_now():
    pool = template("infra/identity.yaml")["Resources"]["UserPool"]["Properties"]
    assert pool["UsernameConfiguration"] == {"Fn::If": ["AnyCase", {"CaseSensitive": False}, {"Ref": "AWS::NoValue"}]}
    assert template()["Parameters"]["SignInByCase"]["Default"] == "no", "AnyCase, then"
    assert pool["UsernameAttributes"] == ["email"]
