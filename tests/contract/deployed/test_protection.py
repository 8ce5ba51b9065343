"""What is kept cannot be deleted by mistake, nothing is reached without TLS, and each door opens to the one caller it was made for."""

import json
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


@pytest.mark.parametrize(("name", "one"), BY_SERVICE, ids=[name for name, _ in BY_SERVICE])
def test_a_service_that_writes_to_a_queue_does_so_for_this_account(name: str, one: dict[str, Any]):
    """Else anybody's topic, bucket or rule could: docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html. The bucket of feeds is
    made after its queue, and its name by CloudFormation, so it is bound by the account."""
    told = json.dumps(one["Condition"])
    assert '"aws:SourceArn": {"Ref": "Topic"}' in told or "${AWS::AccountId}" in told or '"aws:SourceAccount"' in told


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
