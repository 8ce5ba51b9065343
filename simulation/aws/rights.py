"""Which rights a call takes, as AWS's service authorization reference says, and which entry point is making it.

docs.aws.amazon.com/service-authorization/latest/reference: a transaction takes the rights of its parts, a batch its own.
"""

from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any
from urllib.parse import unquote

Right = tuple[str, str]
RUNNING: ContextVar[str] = ContextVar("RUNNING", default="")
"""The handler that runs here, `functions.orders.handler.sweep`; each actor has its own."""
PARTS = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem", "Get": "GetItem"}
S3_ACTIONS = {"HeadObject": "GetObject", "ListObjectsV2": "ListBucket"}
"""Where the action is not called as the operation is."""


def rights_of(service: str, operation: str, raw: Mapping[str, Any]) -> Iterator[Right]:
    """The actions and resources of one call. Resources are named as infra/granted_rights.py names them. Raises KeyError for a call that
    is not known here."""
    match service:
        case "dynamodb" if operation in ("TransactWriteItems", "TransactGetItems"):
            for item in raw["TransactItems"]:
                for kind, part in item.items():
                    yield f"dynamodb:{PARTS[kind]}", part["TableName"]
        case "dynamodb" if "RequestItems" in raw:
            yield from ((f"dynamodb:{operation}", table) for table in raw["RequestItems"])
        case "dynamodb":
            index = f"/index/{raw['IndexName']}" if "IndexName" in raw else ""
            yield f"dynamodb:{operation}", raw["TableName"] + index
        case "s3" if operation == "CopyObject":
            yield "s3:GetObject", unquote(raw["CopySource"])
            yield "s3:PutObject", f"{raw['Bucket']}/{raw['Key']}"
        case "s3":
            yield f"s3:{S3_ACTIONS.get(operation, operation)}", f"{raw['Bucket']}/{raw['Key']}" if "Key" in raw else raw["Bucket"]
        case "sqs":
            yield f"sqs:{operation.removesuffix('Batch')}", raw["QueueUrl"].removesuffix("Url")
        case "sns":
            yield f"sns:{operation.removesuffix('Batch')}", raw["TopicArn"]
        case "kms" | "secretsmanager":
            yield f"{service}:{operation}", raw.get("SecretId", "CredentialsKey")
        case "sesv2":
            yield from ((f"ses:{operation}", raw[name]) for name in ("FromEmailAddressIdentityArn", "ConfigurationSetName"))
        case _:
            raise KeyError(service)
