"""What is kept cannot be deleted by mistake, nothing is reached without TLS, and each door opens to the one caller it was made for."""

import json
import re
from fnmatch import fnmatchcase
from typing import Any

import pytest

from shared.providers.credentials import BOUND_TO
from tests.contract.deployed.translation import of, translated

KEEPS = ("AWS::DynamoDB::Table", "AWS::Cognito::UserPool", "AWS::S3::Bucket", "AWS::KMS::Key")
PROTECTED = {"AWS::DynamoDB::Table": ("DeletionProtectionEnabled", True), "AWS::Cognito::UserPool": ("DeletionProtection", "ACTIVE")}
PLAIN = {"Bool": {"aws:SecureTransport": "false"}}


def kept() -> dict[str, dict[str, Any]]:
    return {name: made for kind in KEEPS for name, made in of(kind).items()}


@pytest.mark.parametrize("name", kept())
def test_neither_a_deleted_stack_nor_a_replacement_takes_what_the_hub_keeps(name: str):
    made = kept()[name]
    assert made["DeletionPolicy"] in ("Retain", "RetainExceptOnCreate")
    assert made["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize("kind", PROTECTED)
def test_what_is_protected_from_deletion_is_left_by_a_rollback_too(kind: str):
    """A first deploy that fails half-way would else try to delete a protected table, fail at it, and end as ROLLBACK_FAILED."""
    attribute, on = PROTECTED[kind]
    assert of(kind)
    assert {name: (made["Properties"].get(attribute), made["DeletionPolicy"]) for name, made in of(kind).items()} == dict.fromkeys(
        of(kind), (on, "Retain")
    )


def statements(kind: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """(the policy's properties, one of its statements) of every resource policy of a type."""
    return [(made["Properties"], one) for made in of(kind).values() for one in made["Properties"]["PolicyDocument"]["Statement"]]


def denies_plain(one: dict[str, Any]) -> bool:
    return one["Effect"] == "Deny" and one["Principal"] == "*" and one["Condition"] == PLAIN


@pytest.mark.parametrize(
    ("kind", "policy", "names"),
    [
        ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues"),
        ("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics"),
        ("AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Bucket"),
    ],
)
def test_queues_topics_and_buckets_answer_to_tls_alone(kind: str, policy: str, names: str):
    told = [properties[names] for properties, one in statements(policy) if denies_plain(one)]
    assert sorted(one["Ref"] for names in told for one in (names if isinstance(names, list) else [names])) == sorted(of(kind))


def test_a_queue_has_one_policy():
    """A second one would take the first one's place."""
    told = [queue["Ref"] for made in of("AWS::SQS::QueuePolicy").values() for queue in made["Properties"]["Queues"]]
    assert len(told) == len(set(told))


BY_SERVICE = [
    (name, one)
    for kind in ("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy")
    for name, made in of(kind).items()
    for one in made["Properties"]["PolicyDocument"]["Statement"]
    if one["Effect"] == "Allow"
]


STAGES = ("a1", "prod", "a" * 16)
MADE = {
    "FeedsQueuePolicy": ("aws:s3:::", "Tables-1A2B3C4D5E6F7", "FeedBucket"),
    "ArrivalsQueuePolicy": ("aws:s3:::", "Media-1A2B3C4D5E6F7", "PictureBucket"),
    "SchedulesPolicy": ("aws:events:eu-west-1:1:rule/", "", "OrdersSweep"),
}
"""A queue's policy → whose ARN comes with a message: its beginning, the nested stack, the logical id that its name is made of."""


def names_made(stage: str, nested: str, logical: str, most: int = 63) -> set[str]:
    """How CloudFormation may call it: `stack-logical-random` (CloudFormation template reference, "CloudFormation resource custom naming").

    How one that is too long is cut is not documented; the stack's part was seen to be, so it is taken to keep 24 characters at least.
    """
    stack = "-".join(filter(None, ("monsoon-" + stage, nested)))
    whole = f"{stack}-{logical}-1abcdefghijkl"
    shortened = {f"{stack[:24]}-{logical[:24]}-1abcdefghijkl", f"{stack[: most - len(logical) - 15]}-{logical}-1abcdefghijkl"}
    return shortened if len(whole) > most else {whole}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("policy", MADE)
def test_a_queue_takes_from_its_own_stages_bucket_and_schedules_alone(policy: str, stage: str):
    """Else anybody's bucket or rule could write: docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html. A queue must take its
    bucket's messages before the bucket is made, so it cannot name it; the stage's own prefix it can."""
    begins, nested, logical = MADE[policy]
    (pattern,) = [one["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"] for name, one in BY_SERVICE if name == policy]
    bound = re.sub(r"\$\{AWS::\w+\}", "*", pattern).replace("${Stage}", stage)
    low = begins.startswith("aws:s3")
    for name in names_made(stage, nested, logical):
        assert fnmatchcase(f"arn:{begins}{name.lower() if low else name}", bound), name
    for other in {"another", f"{stage}x"[:16], f"{stage[:-1]}x", f"x{stage}"[:16]} - {stage}:
        assert not any(fnmatchcase(f"arn:{begins}{name.lower()}", bound) for name in names_made(other, nested, logical))


@pytest.mark.parametrize(("name", "one"), BY_SERVICE, ids=[name for name, _ in BY_SERVICE])
def test_a_service_that_writes_to_a_queue_does_so_for_this_hub(name: str, one: dict[str, Any]):
    if name in MADE:
        assert "${Stage}" in one["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"]
    elif name == "MailTopicPolicy":
        assert one["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"].endswith(":configuration-set/monsoon-${Stage}")
    else:
        topic, *of_mail = one["Condition"]["ArnEquals"]["aws:SourceArn"]
        assert topic == {"Ref": "Topic"}
        assert all(arn["Fn::Sub"].endswith(":monsoon-mail-${Stage}") for arn in of_mail)
    bucket = name in ("FeedsQueuePolicy", "ArrivalsQueuePolicy", "MailTopicPolicy")  # a bucket's ARN names no account, and SES wants it
    assert ("aws:SourceAccount" in json.dumps(one["Condition"])) == bucket


PERMISSIONS = {name: made["Properties"] for name, made in translated().items() if made["Type"] == "AWS::Lambda::Permission"}


@pytest.mark.parametrize("name", PERMISSIONS)
def test_a_function_is_called_by_this_hubs_stage_or_its_own_schedule(name: str):
    made = PERMISSIONS[name]
    source, function = made["SourceArn"], made["FunctionName"]["Ref"].removesuffix("Aliaslive")
    if made["Principal"] == "events.amazonaws.com":
        rule = source["Fn::GetAtt"][0]
        assert rule.startswith(function)
        assert translated()[rule]["Type"] == "AWS::Events::Rule"
        return
    path = "authorizers" if function == "AuthorizerFunction" else "${Stage}"
    assert source["Fn::Sub"] == f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{Api}}/{path}/*"


def test_the_key_unwraps_for_nobody_who_does_not_say_whose_it_is():
    """Sealing refuses a context without these names at once (shared.providers.credentials), so that no test passes what AWS would not."""
    (key,) = of("AWS::KMS::Key").values()
    allowed, *denials = key["Properties"]["KeyPolicy"]["Statement"]
    assert allowed["Effect"] == "Allow"
    assert {(one["Effect"], one["Principal"], str(one["Condition"]["Null"])) for one in denials} == {
        ("Deny", "*", str({f"kms:EncryptionContext:{name}": "true"})) for name in BOUND_TO
    }
    assert all({"kms:GenerateDataKey*", "kms:Decrypt"} <= set(one["Action"]) for one in denials)


def test_the_key_is_made_for_a_second_region_since_it_cannot_be_later():
    (key,) = of("AWS::KMS::Key").values()
    assert key["Properties"]["MultiRegion"] is True
