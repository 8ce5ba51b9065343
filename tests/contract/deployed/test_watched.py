"""Nothing fails in silence: each function, queue, stream and schedule is watched, and what cannot be handed over lies somewhere."""

import json
import re
from typing import Any

import pytest

from infra.templates import functions, template
from tests.contract.deployed.translation import of, translated

FUNCTIONS = functions()
SOURCES = {name: {one["Type"] for one in made.get("Events", {}).values()} for name, made in FUNCTIONS.items()}
ANSWERS_HTTP = {made["Properties"]["FunctionName"]["Ref"].removesuffix("Aliaslive") for made in of("AWS::Lambda::Permission").values()} - {
    name for name, kinds in SOURCES.items() if kinds
}
"""What API Gateway calls: its failure is a 5xx, and `ApiFails` counts those but 503."""
ALARMS = {name: made["Properties"] for name, made in of("AWS::CloudWatch::Alarm").items()}
MOST_METRICS = 10
"""Of an alarm's expression: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-data-queries.html"""


def watched(metric: str) -> set[str]:
    """The functions, by the parameter that names them, whose `metric` an alarm looks at."""
    found = [alarm["Dimensions"][0] for alarm in ALARMS.values() if alarm.get("MetricName") == metric and "Dimensions" in alarm]
    sums = [one["MetricStat"]["Metric"] for alarm in ALARMS.values() for one in alarm.get("Metrics", ()) if "MetricStat" in one]
    found += [one["Dimensions"][0] for one in sums if one["MetricName"] == metric]
    return {one["Value"]["Ref"] for one in found if one["Name"] == "FunctionName"}


def test_every_function_that_no_caller_waits_for_is_watched_for_errors():
    assert watched("Errors") == set(FUNCTIONS) - ANSWERS_HTTP


def test_an_answer_of_503_wakes_nobody_and_takes_no_release_back_where_requests_are_logged():
    """A provider that is down and a record that many change are answered 503 by design; a 500, 502 or 504 never is."""
    (counted,) = [made["Properties"] for made in of("AWS::Logs::MetricFilter").values()]
    line = json.loads(stage()["AccessLogSetting"]["Fn::If"][1]["Format"])
    assert counted["FilterPattern"] == '{ ($.status = "5*") && ($.status != "503") }'
    assert line["status"] == "$context.status"
    (told,) = counted["MetricTransformations"]
    (made,) = [
        one["Properties"] for one in of("AWS::CloudFormation::Stack").values() if one["Properties"]["TemplateURL"] == "infra/alarms.yaml"
    ]
    assert made["Parameters"]["FailuresName"] == {"Fn::If": ["WithAccessLogs", told["MetricName"], ""]}
    alarm = ALARMS["ApiFails"]
    assert alarm["Namespace"] == {"Fn::If": ["Counted", told["MetricNamespace"], "AWS/ApiGateway"]}
    assert alarm["MetricName"] == {"Fn::If": ["Counted", {"Ref": "FailuresName"}, "5XXError"]}


def test_every_reader_of_a_stream_is_watched_for_lateness():
    assert watched("IteratorAge") == {name for name, kinds in SOURCES.items() if kinds == {"DynamoDB"}}


LIMITS = ("Throttles", "RecursiveInvocationsDropped", "ReadThrottleEvents", "WriteThrottleEvents")


def test_the_accounts_limits_are_watched():
    told = json.dumps([alarm for alarm in ALARMS.values() if "Dimensions" not in alarm])
    assert [
        one for one in ("Throttles", "RecursiveInvocationsDropped", "ReadThrottleEvents", "WriteThrottleEvents") if one not in told
    ] == []


def test_every_dead_letter_queue_is_watched():
    dead = {name for name in of("AWS::SQS::Queue") if name.endswith("DeadLetters")}
    queues = {alarm["Dimensions"][0]["Value"]["Ref"] for alarm in ALARMS.values() if alarm.get("Namespace") == "AWS/SQS"}
    assert queues == {f"{name}Name" for name in dead}


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_reaches_the_operators_topic_and_is_one_that_cloudwatch_takes(name: str):
    alarm = ALARMS[name]
    assert alarm["AlarmActions"] == {"Fn::If": ["Notified", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]}
    assert alarm["TreatMissingData"] == "notBreaching"
    stats = [one for one in alarm.get("Metrics", ()) if "MetricStat" in one]
    assert len(stats) <= MOST_METRICS
    assert [one["ReturnData"] for one in stats] == [False] * len(stats)


def test_a_nested_template_is_given_each_parameter_and_its_own():
    """A function's alarm that was given another's name would watch that one."""
    stacks = {
        made["Properties"]["TemplateURL"]: made["Properties"].get("Parameters", {}) for made in of("AWS::CloudFormation::Stack").values()
    }
    for path, given in stacks.items():
        declared = template(path)["Parameters"]
        assert set(given) <= set(declared), path
        assert {name for name, one in declared.items() if "Default" not in one} <= set(given), path
    told = {name: value for given in stacks.values() for name, value in given.items() if name in FUNCTIONS}
    assert told == {name: {"Ref": name} for name in told}


def test_what_a_schedule_fails_at_is_kept_with_its_error():
    asynchronous = of("AWS::Lambda::EventInvokeConfig")
    kept = {made["Properties"]["FunctionName"]["Ref"]: made["Properties"] for made in asynchronous.values()}
    assert set(kept) == {name for name, kinds in SOURCES.items() if "Schedule" in kinds}
    place = {"Fn::GetAtt": ["Bus", "Outputs.SchedulesDeadLetters"]}
    assert all(one["DestinationConfig"]["OnFailure"]["Destination"] == place for one in kept.values())
    rules = of("AWS::Events::Rule")
    assert len(rules) == len(kept)
    assert all(target["DeadLetterConfig"]["Arn"] == place for made in rules.values() for target in made["Properties"]["Targets"])


@pytest.mark.parametrize("name", sorted(name for name, kinds in SOURCES.items() if "Schedule" in kinds))
def test_a_run_that_comes_too_late_is_dropped_for_the_next_one(name: str):
    """Else a function that was throttled for an hour would run sixty times at once after it."""
    assert FUNCTIONS[name]["EventInvokeConfig"]["MaximumEventAgeInSeconds"] <= 300
    assert all(one["Properties"]["RetryPolicy"]["MaximumEventAgeInSeconds"] <= 300 for one in FUNCTIONS[name]["Events"].values())


def test_what_a_stream_fails_at_is_kept():
    streams = [made["Properties"] for made in of("AWS::Lambda::EventSourceMapping").values() if "StartingPosition" in made["Properties"]]
    assert streams
    assert all(made["DestinationConfig"]["OnFailure"]["Destination"] for made in streams)
    assert all(0 < made["MaximumRetryAttempts"] <= 20 for made in streams)


def test_every_subscription_keeps_what_sns_cannot_hand_over():
    """One queue for all: what lies there is published anew (`python -m tools.redrive`), to all, who drop what they know."""
    kept = [made["Properties"]["RedrivePolicy"]["deadLetterTargetArn"] for made in of("AWS::SNS::Subscription").values()]
    assert {one["Ref"] if "Ref" in one else one["Fn::GetAtt"][0] for one in kept} == {"UndeliveredDeadLetters", "UndeliveredDeadLettersArn"}
    writable = template("infra/bus.yaml")["Resources"]["QueuePolicy"]["Properties"]["Queues"]
    assert {"Ref": "UndeliveredDeadLetters"} in writable, "SNS may write there, or drops what it holds"


def stage() -> dict[str, Any]:
    (made,) = of("AWS::ApiGateway::Stage").values()
    return dict(made["Properties"])


SECRET = r"\$context\.(path|requestOverride|authorizer\.(?!principalId)|error\.message|identity\.(?!sourceIp))"


def test_the_access_log_is_json_and_tells_no_secret():
    """Paths hold shops' ids and tickets, query strings tickets and cursors, headers tokens; the route says what was called."""
    condition, kept, nothing = stage()["AccessLogSetting"]["Fn::If"]
    line = json.loads(kept["Format"])
    assert (condition, nothing) == ("WithAccessLogs", {"Ref": "AWS::NoValue"})
    assert line["requestId"] == "$context.requestId"
    told = " ".join(line.values())
    assert not re.search(
        r"\$context\.(path|customDomain|requestOverride|authorizer\.(?!principalId)|error\.message|identity\.(?!sourceIp))", told
    )
    assert "\n" not in kept["Format"]


def test_what_is_logged_is_not_kept_for_ever():
    assert {made["Properties"]["RetentionInDays"] for made in of("AWS::Logs::LogGroup").values()} == {30}


def test_one_request_of_twenty_is_traced_and_no_function_begins_a_trace_by_itself():
    (rule,) = [made["Properties"]["SamplingRule"] for made in of("AWS::XRay::SamplingRule").values()]
    name = translated()["Api"]["Properties"]["Name"]["Fn::Sub"]
    assert (rule["FixedRate"], rule["ReservoirSize"]) == (0.05, 0)
    assert rule["ServiceName"]["Fn::Sub"] == f"{name}/{stage()['StageName'] if isinstance(stage()['StageName'], str) else '${Stage}'}"
    assert {made["Properties"].get("TracingConfig", {}).get("Mode") for made in of("AWS::Lambda::Function").values()} == {None}


SWITCHES = {"Alarms": "yes", "Dashboard": "yes", "AccessLogs": "yes", "Tracing": "yes"}


@pytest.mark.parametrize("name", SWITCHES)
def test_what_costs_by_itself_can_be_left_out(name: str):
    parameter = template()["Parameters"][name]
    assert parameter["Default"] == SWITCHES[name]
    assert "no" in parameter["AllowedValues"]


def test_the_stacks_of_watching_are_left_out_by_their_switches():
    conditions = {made["Properties"]["TemplateURL"]: made.get("Condition") for made in of("AWS::CloudFormation::Stack").values()}
    assert conditions["infra/alarms.yaml"] == conditions["infra/function_alarms.yaml"] == "WithAlarms"
    assert (conditions["infra/dashboard.yaml"], conditions["infra/logs.yaml"]) == ("WithDashboard", "WithAccessLogs")
