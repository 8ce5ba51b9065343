"""What a call was answered, as far as two places must agree."""

from decimal import Context, Decimal, InvalidOperation
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
    except Exception as error:  # moto raises through its client what a server would answer by 500
        return {"Error": {"Code": type(error).__name__, "Message": str(error)}, "status": 500}
    return {name: told for name, told in answer.items() if name != "ResponseMetadata"} | {
        "status": answer["ResponseMetadata"]["HTTPStatusCode"]
    }


def essence(told: Told) -> Told:
    """What places that are not the same code must agree on, whatever the order of what has none."""
    if "Error" in told:
        reasons = [(reason.get("Code"), _plain(reason.get("Item"))) for reason in told.get("CancellationReasons", ())]
        return {"error": told["Error"]["Code"], "reasons": reasons, "item": _plain(told.get("Item"))}
    found = {name: _plain(said) for name, said in told.items() if name in SAID and said}
    if "Responses" in found:
        found["Responses"] = {table: sorted(items, key=repr) for table, items in found["Responses"].items() if items}
    return found


def _plain(said: Any) -> Any:
    """Numbers by their value, sets in one order."""
    match said:
        case {"N": str(number)}:
            return {"N": _number(number)}
        case {"NS": list(members)}:
            return {"NS": sorted(map(_number, members))}
        case {"SS": list(members)}:
            return {"SS": sorted(members)}
        case dict():
            return {name: _plain(value) for name, value in said.items()}
        case list():
            return [_plain(value) for value in said]
    return said


def _number(text: str) -> str:
    """`1.10` and `1.1` are the same: DynamoDB trims zeroes, others keep what was written."""
    try:
        return str(Decimal(text).normalize(Context(prec=50)) + 0)
    except InvalidOperation:
        return text
