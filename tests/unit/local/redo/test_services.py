"""Which calls have their service's whole state looked at: those that can change it, and none that functions make all the time."""

import pytest

from local.redo.stores.services import States


@pytest.mark.parametrize(
    ("service", "wanted"),
    [
        ("kms", "Decrypt"), ("kms", "Encrypt"), ("kms", "GenerateDataKey"), ("kms", "GenerateMac"), ("kms", "DescribeKey"),
        ("dynamodb", "TransactWriteItems"), ("dynamodb", "Query"), ("dynamodb", "UpdateItem"), ("sqs", "SendMessageBatch"),
        ("sqs", "ReceiveMessage"), ("sns", "PublishBatch"), ("lambda", "POST /2015-03-31/functions/f/invocations"), ("lambda", "Invoke"),
        ("secretsmanager", "GetSecretValue"), ("s3", "PUT /bucket/key"), ("s3", "GET"),
    ],
)  # fmt: skip
def test_what_functions_do_all_the_time_changes_no_state(service: str, wanted: str):
    assert not States._may_change(service, wanted)


@pytest.mark.parametrize(
    ("service", "wanted"),
    [
        ("kms", "CreateKey"), ("kms", "ScheduleKeyDeletion"), ("kms", "ReplicateKey"), ("kms", "PutKeyPolicy"), ("dynamodb", "UpdateTable"),
        ("dynamodb", "UpdateTimeToLive"), ("sqs", "CreateQueue"), ("sns", "Subscribe"), ("cognito-idp", "SignUp"),
        ("lambda", "PUT /2015-03-31/functions/f/code"), ("secretsmanager", "PutSecretValue"), ("s3", "PUT /bucket"),
        ("s3", "PUT /bucket?policy"),
    ],
)  # fmt: skip
def test_what_changes_a_state_has_it_looked_at(service: str, wanted: str):
    assert States._may_change(service, wanted)
