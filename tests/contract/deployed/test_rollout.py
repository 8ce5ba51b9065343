"""A deploy takes over by aliases: nobody calls a function otherwise, alarms take it back, and nothing waits for another's turn."""

import json
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import Any

import botocore.session
import pytest

from infra.templates import ALIAS, functions, template
from tests.contract.deployed.test_watched import ANSWERS_HTTP, SOURCES, watched
from tests.contract.deployed.translation import of, translated

FUNCTIONS = set(functions())
SCHEDULED = {name for name, kinds in SOURCES.items() if "Schedule" in kinds}
"""Each runs a few times in a quarter of an hour: of a tenth of that no alarm would hear. They move at once, and an alarm takes them back
with the release, for the stack goes back whole."""
GROUPS = {name.removesuffix("DeploymentGroup"): made["Properties"] for name, made in of("AWS::CodeDeploy::DeploymentGroup").items()}
ROLLOUT = template()["Parameters"]["Rollout"]
ALARMS = {name: made["Properties"] for name, made in of("AWS::CloudWatch::Alarm").items()}
MOST_ALARMS = 10
"""Of a deployment group; fifty in most regions: docs.aws.amazon.com/codedeploy/latest/userguide/limits.html"""


def named(value: Any) -> Iterator[str]:
    """What a value of the translated template names: `Ref`s, `Fn::GetAtt`s and what stands in the text of a `Fn::Sub`, as it is told."""
    if isinstance(value, list):
        for one in value:
            yield from named(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key == "Ref":
                yield one
            elif key == "Fn::GetAtt":
                yield one[0] if isinstance(one, list) else one.partition(".")[0]
            elif key == "Fn::Sub":
                text = one if isinstance(one, str) else one[0]
                yield from re.findall(r"\$\{(\w+)", text)
                yield from named([] if isinstance(one, str) else one[1])
            else:
                yield from named(one)


def names_function(name: str) -> set[str]:
    return set(named(translated()[name].get("Properties", {}))) & FUNCTIONS


def test_every_function_is_published_under_one_alias_that_moves_as_codedeploy_says():
    aliases = {made["Properties"]["FunctionName"]["Ref"]: made for made in of("AWS::Lambda::Alias").values()}
    assert set(aliases) == FUNCTIONS
    assert {made["Properties"]["Name"] for made in aliases.values()} == {ALIAS}
    policies = {name: made["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"] for name, made in aliases.items() if "UpdatePolicy" in made}
    moved = {name: policy["DeploymentGroupName"] for name, policy in policies.items()}
    assert moved == {name: {"Ref": f"{name}DeploymentGroup"} for name in FUNCTIONS - SCHEDULED}


def test_a_version_goes_when_another_is_live():
    """SAM keeps them otherwise: they fill the account's room, and one of a deploy that was taken back refuses the next try."""
    assert {made["DeletionPolicy"] for made in of("AWS::Lambda::Version").values()} == {"Delete"}


def test_cloudformation_takes_a_stack_of_this_size():
    """docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html: 500 resources, a body of 1 MB."""
    assert len(translated()) < 500
    assert len(json.dumps(translated())) < 1_000_000


MAKE_IT = ("AWS::Lambda::Version", "AWS::Lambda::Alias")
WATCH_IT = ("AWS::CloudFormation::Stack",)
"""A metric's dimension is the function: it counts what every version does."""


@pytest.mark.parametrize("name", [name for name, made in translated().items() if made["Type"] not in (*MAKE_IT, *WATCH_IT)])
def test_nothing_goes_round_the_alias(name: str):
    """Else it would run what no rollout has tried, and no rollback would reach it."""
    if translated()[name]["Type"] == "AWS::Lambda::EventInvokeConfig":
        assert translated()[name]["Properties"]["Qualifier"] == ALIAS
    else:
        text = json.dumps(translated()[name]["Properties"])
        assert text.count("${Carriers.Arn}") == text.count(f"${{Carriers.Arn}}:{ALIAS}")
        assert names_function(name) <= {"Carriers"}


def test_whoever_calls_a_function_calls_its_alias():
    """The other way round: each of them names one."""
    callers = [*of("AWS::Lambda::Permission").values(), *of("AWS::Lambda::EventSourceMapping").values(), *of("AWS::Events::Rule").values()]
    told = [[name for name in named(made["Properties"]) if name.endswith(f"Alias{ALIAS}")] for made in callers]
    assert len(told) > len(FUNCTIONS)
    assert {len(names) for names in told} == {1}
    integrations = re.findall(r"functions/\$\{(\w+)\}/invocations", json.dumps(translated()["Api"]["Properties"]["Body"]))
    assert {name.removesuffix(f"Alias{ALIAS}") for name in integrations} == ANSWERS_HTTP


def depended_on(name: str) -> set[str]:
    made = translated()[name]
    asked = made.get("DependsOn", [])
    found = {*named(made.get("Properties", {})), *named(made.get("UpdatePolicy", {})), *(asked if isinstance(asked, list) else [asked])}
    return found & set(translated())


def test_resources_can_be_made_one_after_another():
    assert list(TopologicalSorter({name: depended_on(name) for name in translated()}).static_order())


def test_no_function_waits_for_the_rollout_of_another():
    """All take over in the same quarter of an hour, beside one another; else a deploy would take a multiple of it."""
    for function in FUNCTIONS:
        waiting, reached = [function], set[str]()
        while waiting:
            found = depended_on(waiting.pop()) - reached
            reached |= found
            waiting += found
        assert not [name for name in reached if translated()[name]["Type"] == "AWS::Lambda::Alias"], function


def alarms_of(function: str) -> list[str]:
    """The alarms that take the function's rollout back, by their logical ids; those of the case that there are alarms."""
    condition, heeded, none = GROUPS[function]["AlarmConfiguration"]["Fn::If"]
    assert (condition, heeded["Enabled"], none) == ("RollsBack", True, {})
    return [one["Name"]["Fn::GetAtt"][1].removeprefix("Outputs.") for one in heeded["Alarms"]]


@pytest.mark.parametrize("function", sorted(FUNCTIONS - SCHEDULED))
def test_what_a_release_breaks_anywhere_takes_all_of_it_back(function: str):
    names = alarms_of(function)
    assert names == alarms_of("Publish"), "one release is taken back by one function's failure, and whole"
    assert len(names) <= MOST_ALARMS
    assert set(names) <= set(ALARMS)
    assert GROUPS[function]["AutoRollbackConfiguration"]["Enabled"] is True
    assert "DEPLOYMENT_STOP_ON_ALARM" in GROUPS[function]["AutoRollbackConfiguration"]["Events"]


def test_the_alarms_that_take_back_hear_every_function():
    heard = {name: ALARMS[name] for name in alarms_of("Publish")}
    told = {one["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"] for made in heard.values() for one in made.get("Metrics", [])[1:]}
    assert told == watched("Errors")
    assert told | ANSWERS_HTTP == FUNCTIONS
    assert "ApiFails" in heard


def test_alarms_are_told_by_the_stacks_that_make_them():
    for path in ("infra/alarms.yaml", "infra/function_alarms.yaml"):
        made = template(path)
        for name, output in made["Outputs"].items():
            assert output["Value"] == {"Ref": name}
            assert made["Resources"][name]["Type"] == "AWS::CloudWatch::Alarm"


def minutes(way: str) -> int:
    """How long the old code stands by: until the canary's rest follows, or until the last tenth."""
    canary, linear = re.fullmatch(r"Canary10Percent(\d+)Minutes", way), re.fullmatch(r"Linear10PercentEvery(\d+)Minutes", way)
    return int(canary[1]) if canary else 10 * int(linear[1]) if linear else 0


def slowest() -> float:
    """Minutes after which every alarm has rung that will: so many periods, and the one in which the failures began."""
    made = [ALARMS[name] for name in alarms_of("Publish")]
    periods = [one.get("Period") or one["Metrics"][1]["MetricStat"]["Period"] for one in made]
    needed = [one.get("DatapointsToAlarm", one["EvaluationPeriods"]) for one in made]
    return max(period * (datapoints + 1) for period, datapoints in zip(periods, needed, strict=True)) / 60


@pytest.mark.parametrize("way", [way for way in ROLLOUT["AllowedValues"] if way != "AllAtOnce"])
def test_a_gradual_rollout_lasts_until_its_alarms_can_have_rung(way: str):
    assert minutes(way) >= slowest() > 0


def test_a_rollout_is_gradual_unless_it_is_asked_for_at_once_and_then_no_alarm_stops_what_mends_it():
    assert ROLLOUT["Default"] == "Canary10Percent15Minutes"
    assert template()["Conditions"]["RollsBack"] == {
        "Fn::And": [{"Condition": "WithAlarms"}, {"Fn::Not": [{"Fn::Equals": [{"Ref": "Rollout"}, "AllAtOnce"]}]}]
    }


def test_codedeploy_may_move_this_stacks_aliases_and_nothing_else():
    assert {json.dumps(made["ServiceRoleArn"]) for made in GROUPS.values()} == {json.dumps({"Fn::GetAtt": ["RolloutRole", "Arn"]})}
    role = translated()["RolloutRole"]["Properties"]
    assert "ManagedPolicyArns" not in role, "AWS's own for Lambda may move every alias of the account"
    (trusted,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trusted["Principal"] == {"Service": "codedeploy.amazonaws.com"}
    assert "${AWS::StackName}-*" in json.dumps(trusted["Condition"]["ArnLike"])
    moves, reads = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert reads["Action"] == ["cloudwatch:DescribeAlarms"]
    prefixes = [one["Fn::Sub"].partition(":function:")[2].removesuffix("*") for one in moves["Resource"]]
    own_names = {made["FunctionName"]["Fn::Sub"] for made in functions().values() if "FunctionName" in made}
    assert prefixes == ["${AWS::StackName}-", *own_names]


def test_codedeploy_is_wherever_lambda_is():
    """In China too, which has no user pools: as botocore's data of endpoints knows."""
    known = botocore.session.get_session()
    partitions = known.get_available_partitions()
    assert "aws-cn" in partitions
    for partition in partitions:
        assert set(known.get_available_regions("lambda", partition)) <= set(known.get_available_regions("codedeploy", partition))
