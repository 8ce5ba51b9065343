"""What a call was answered, as far as two places must agree."""

from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from simulation.comparison.calls import Call

Told = dict[str, Any]
SAID = frozenset(
    {"Item", "Items", "Attributes", "Count", "ScannedCount", "LastEvaluatedKey", "UnprocessedItems", "UnprocessedKeys", "Responses"}
)  # fmt: skip
"""What moto must say likewise; capacity and texts it has in its own way."""


def asked(client: Any, call: Call) -> Told:
    """Everything that the client hands to its caller, but when and how it came."""
    try:
        answer = getattr(client, xform_name(call.operation))(**call.given)
    except ClientError as error:
        answer = error.response
    return {name: told for name, told in answer.items() if name != "ResponseMetadata"} | {
        "status": answer["ResponseMetadata"]["HTTPStatusCode"]
    }


def essence(told: Told) -> Told:
    """What places that are not the same code must agree on."""
    if "Error" in told:
        reasons = [(r.get("Code"), r.get("Item")) for r in told.get("CancellationReasons", ())]
        return {"error": told["Error"]["Code"], "reasons": reasons, "item": told.get("Item")}
    return {name: said for name, said in told.items() if name in SAID and said}
