"""A function may use what its variables name, and nothing else: what it is told of and may not touch fails when it is needed."""

import json
import re
from fnmatch import fnmatchcase
from typing import Any

import pytest

from infra.granted_rights import granted, output_name
from infra.rights_by_aws import BY_AWS, BY_SAM, is_by_aws
from infra.templates import functions
from tests.contract.deployed.translation import of

USED_BY = {
    "_TABLE": "dynamodb:", "_SECRET": "secretsmanager:GetSecretValue", "_KEY": "kms:Decrypt", "_BUCKET": "s3:GetObject",
    "_QUEUE_URL": "sqs:SendMessage", "TOPIC": "sns:Publish", "USER_POOL_ID": "cognito-idp:", "PLUGIN_FUNCTIONS": "lambda:InvokeFunction",
    "DISTRIBUTION": "cloudfront:CreateInvalidation", "MAIL_SET": "ses:SendEmail", "MAIL_IDENTITY": "ses:SendEmail",
}  # fmt: skip
"""How a variable's name ends → the beginning of an action that its use takes."""
ONLY_WRITES = {
    ("UploadsApi", "FEED_BUCKET"): "s3:PutObject",
    ("PicturesReader", "MEDIA_BUCKET"): "s3:PutObject",
    ("PicturesFetcher", "PICTURE_BUCKET"): "s3:PutObject",
    ("ShippingWorker", "DOCUMENTS_BUCKET"): "s3:PutObject",
    ("ShippingSweep", "DOCUMENTS_BUCKET"): "s3:PutObject",
}
"""The first signs addresses that suppliers put to, and the signature carries this right; the others keep pictures, and labels that the
API hands out."""
PLUGINS = "function:monsoon-plugin-*"
FUNCTIONS = {name: properties for name, properties in functions().items() if "Environment" in properties}


def output(value: Any) -> str:
    """The name of the nested stack's output in `value`, without how it tells of the resource: `OrdersTable`, `RowsQueue`."""
    named = re.search(r"Outputs\.\w+", json.dumps(value))
    return output_name(named[0]) if named else PLUGINS


def rights(name: str) -> set[tuple[str, str]]:
    """(resource, action) that the function is granted, indexes and folders being their table's and their bucket's."""
    return {(resource.partition("/")[0], action) for action, resource in granted(name)}


def uses(name: str) -> set[tuple[str, str]]:
    """(resource, beginning of an action) that the function's variables tell of."""
    told = FUNCTIONS[name]["Environment"]["Variables"]
    ends = {variable: next((end for end in USED_BY if variable.endswith(end)), None) for variable in told}
    return {(output(told[v]), ONLY_WRITES.get((name, v), USED_BY[end])) for v, end in ends.items() if end}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_a_variable_names_may_be_used(name: str):
    held = rights(name)
    lacking = {(r, action) for r, action in uses(name) if not any(r == known and may.startswith(action) for known, may in held)}
    assert not lacking, "grant it, or leave the variable out of the function that never uses it"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_is_granted_is_named_by_a_variable(name: str):
    told = {resource for resource, _ in uses(name)}
    assert {resource for resource, action in rights(name) if not is_by_aws(f"{action} {resource}")} - told == set()


def added() -> dict[str, set[str]]:
    """Function → what SAM adds to its role: managed policies by their names, and `action resource`."""
    found: dict[str, set[str]] = {}
    for name, made in of("AWS::IAM::Role").items():
        role, own = made["Properties"], f"{name}Policy"
        managed = {str(arn).rpartition("/")[2] for arn in role.get("ManagedPolicyArns", [])}
        theirs = [
            one for policy in role.get("Policies", []) if own not in policy["PolicyName"] for one in policy["PolicyDocument"]["Statement"]
        ]
        found[name] = managed | {f"{one['Action']} {output(one['Resource'])}" for one in theirs}
    return found


def test_what_sam_adds_to_a_role_is_what_aws_uses_by_its_own_word():
    """Each with the page that says so; X-Ray's and KMS's, which are not there, would need one first."""
    roles = {name: rights for name, rights in added().items() if name.removesuffix("Role") in functions()}
    assert len(roles) == len(functions())
    assert set().union(*roles.values()) == BY_SAM.keys()


def test_what_the_template_grants_for_aws_is_granted_to_somebody():
    granted_ = {f"{action} {resource}" for name in FUNCTIONS for action, resource in granted(name)}
    assert [known for known in BY_AWS if not any(fnmatchcase(right, known) for right in granted_)] == []
