"""Where places are known to differ from the stand-in, and what AWS's papers say of it. The list is closed: any other difference fails."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from simulation.comparison.answers import Told, essence
from simulation.comparison.calls import Call

API = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/"
GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"


@dataclass(frozen=True)
class Known:
    """A known difference: who is wrong, by which page, and how to tell it by the call, the stand-in's answer and the other's."""

    wrong: str
    told: str
    page: str
    shows: Callable[[Call, Told, Told], bool]
    last: bool = False
    """Whether nothing after it in its room can be compared."""


def _code(told: Told) -> str:
    return str(told.get("Error", {}).get("Code", ""))


def _codes(told: Told) -> set[str]:
    return {_code(told), *(reason.get("Code", "") for reason in told.get("CancellationReasons", ()))} - {"", "None"}


def _refuses(told: Told) -> bool:
    return bool(_codes(told) & {"ValidationException", "ValidationError"})


def _crashed(call: Call, ours: Told, theirs: Told) -> bool:
    known = {"ConditionalCheckFailed", "ValidationError", "TransactionConflict", "ItemCollectionSizeLimitExceeded"}
    return any(not code.endswith("Exception") and code not in known for code in _codes(theirs))


def _no_last_key(call: Call, ours: Told, theirs: Told) -> bool:
    """All else is the same, and the page is as long as it may be."""
    one, other = essence(ours), essence(theirs)
    full = ours.get("ScannedCount") == call.given.get("Limit")
    return full and one.pop("LastEvaluatedKey", None) is not None and one == other


def _keys_told(call: Call, ours: Told, theirs: Told) -> bool:
    if call.given.get("ReturnValues") not in ("UPDATED_NEW", "UPDATED_OLD") or _codes(ours) or _codes(theirs):
        return False
    one, other = essence(ours).get("Attributes", {}), essence(theirs).get("Attributes", {})
    return set(other) - {"pk", "sk"} <= set(one)


def _expressions(call: Call) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each update expression of the call with its names."""
    actions = [action for item in call.given.get("TransactItems", ()) for action in item.values()]
    for about in (call.given, *actions):
        if "UpdateExpression" in about:
            yield about["UpdateExpression"], about.get("ExpressionAttributeNames", {})


def _key_is_set(call: Call, ours: Told, theirs: Told) -> bool:
    return any({"pk", "sk"} & set(names.values()) for _, names in _expressions(call)) and _refuses(theirs)


def _set_twice(call: Call, ours: Told, theirs: Told) -> bool:
    return "overlap" in theirs.get("Error", {}).get("Message", "") and not _refuses(ours)


def _set_below(call: Call, ours: Told, theirs: Told) -> bool:
    sets = any(re.search(r"SET.*#\w+[.\[]", text) for text, _ in _expressions(call))
    return sets and _message(theirs, "document path") and not _codes(ours)


def _filtered(call: Call, ours: Told, theirs: Told) -> bool:
    return "FilterExpression" in call.given and "IndexName" in call.given and ours.get("ScannedCount") == theirs.get("ScannedCount")


def _token(call: Call, ours: Told, theirs: Told) -> bool:
    return call.again


def _unused_name(call: Call, ours: Told, theirs: Told) -> bool:
    return "[" in str(call.given) and "unused in expressions" in theirs.get("Error", {}).get("Message", "")


def _path(call: Call, ours: Told, theirs: Told) -> bool:
    return _message(theirs, "document path") and any("REMOVE" in text for text, _ in _expressions(call))


def _order(call: Call, ours: Told, theirs: Told) -> bool:
    """Both refuse a transaction, and one names another reason first."""
    return call.operation == "TransactWriteItems" and _refuses(ours) | (_code(ours) == "ResourceNotFoundException")


def _without_order(call: Call, ours: Told, theirs: Told) -> bool:
    """A condition asks whether something is less that has no order, such as a truth value."""
    actions = [action for item in call.given.get("TransactItems", ()) for action in item.values()]
    for about in (call.given, *actions):
        text = f"{about.get('ConditionExpression', '')} {about.get('FilterExpression', '')}"
        for placeholder, value in about.get("ExpressionAttributeValues", {}).items():
            if not {"S", "N", "B"} & set(value) and re.search(rf"([<>]=?|BETWEEN|AND) {placeholder}\b", text):
                return True
    return False


def _message(told: Told, *fragments: str) -> bool:
    return any(fragment in told.get("Error", {}).get("Message", "") for fragment in fragments)


def _wrong_operand(call: Call, ours: Told, theirs: Told) -> bool:
    return any(re.search(r" [+-] :|list_append", text) for text, _ in _expressions(call)) and _refuses(theirs) and not _refuses(ours)


def _empty_set(call: Call, ours: Told, theirs: Told) -> bool:
    return _message(theirs, "may not be empty") and _code(ours) != "ValidationException"


def _absent(call: Call, ours: Told, theirs: Told) -> bool:
    """A condition compares with null, or one attribute with another."""
    text = str(call.given)
    compares = "'NULL': True" in text or re.search(r"(=|<>|<) #", text)
    return bool(compares) and "Condition" in text and "ConditionalCheckFailed" in str(_codes(ours) | _codes(theirs))


def _before_condition(call: Call, ours: Told, theirs: Told) -> bool:
    return _code(ours) == "ConditionalCheckFailedException" and _code(theirs) == "ValidationException"


def _two_wrongs(call: Call, ours: Told, theirs: Told) -> bool:
    return _code(ours) == "TransactionCanceledException" and _code(theirs) == "ValidationException"


def _less(call: Call, ours: Told, theirs: Told) -> bool:
    return _code(ours) == "ValidationException" and _code(theirs) in ("", "ConditionalCheckFailedException")


EMULATOR, MOTO, NEITHER = "the emulator", "moto", "nobody, for AWS's papers do not say:"
TRANSACTIONS, UPDATES = API + "API_TransactWriteItems.html", GUIDE + "Expressions.UpdateExpressions.html"
OPERATORS, LIMITS = GUIDE + "Expressions.OperatorsAndFunctions.html", GUIDE + "Constraints.html"
KNOWN = (
    Known(EMULATOR, "lets a transaction set an item's key: it then lies under another", TRANSACTIONS, _key_is_set, last=True),
    Known(EMULATOR, "lets one expression set an attribute twice", UPDATES, _set_twice),
    Known(EMULATOR, "passes over what is set below a text or a number instead of refusing", UPDATES, _set_below),
    Known(EMULATOR, "lets a filter on an index see what the index does not hold", GUIDE + "GSI.html", _filtered),
    Known(EMULATOR, "compares what has no order instead of refusing", OPERATORS, _without_order),
    Known(EMULATOR, "takes any operand for + and list_append instead of refusing", UPDATES, _wrong_operand),
    Known(EMULATOR, "lets an expression name an empty set, or judges it after the condition", LIMITS, _empty_set),
    Known(MOTO, "falls over what DynamoDB evaluates: size() of what is not there, a number as 1E2", OPERATORS, _crashed),
    Known(MOTO, "tells no last key where the limit is just reached", API + "API_Query.html", _no_last_key),
    Known(MOTO, "tells keys among the updated attributes, and not what was set to what it was", API + "API_UpdateItem.html", _keys_told),
    Known(MOTO, "does a repeated ClientRequestToken again", TRANSACTIONS, _token),
    Known(MOTO, "takes a name before [n] in a projection for unused", GUIDE + "Expressions.Attributes.html", _unused_name),
    Known(MOTO, "counts an item's bytes in its own way near 400 KB", LIMITS, lambda call, ours, theirs: _message(theirs, "Item size")),
    Known(MOTO, "names one wrong action of a transaction by a ValidationException", TRANSACTIONS, _order),
    Known(MOTO, "takes what is not there for null, and so for equal to what is not there", OPERATORS, _absent),
    Known(MOTO, "checks less, or after the condition", LIMITS, _less),
    Known(NEITHER, "whether it is wrong to remove below what is not there", UPDATES, _path),
    Known(MOTO, "judges an update before its condition", UPDATES, _before_condition),
    Known(NEITHER, "which of two wrongs of a transaction is told", TRANSACTIONS, _two_wrongs),
)
"""The first that fits counts."""
LEFT_BEHIND = Known(
    MOTO,
    "keeps what an update had set before its next clause was refused, so that half of it is done",
    API + "API_UpdateItem.html",
    lambda call, ours, theirs: False,
)
"""Of no answer, for both refuse alike: seen by what lies there afterwards."""


def known(call: Call, ours: Told, theirs: Told) -> Known | None:
    """The known difference that this one is; None for a new one."""
    return next((found for found in KNOWN if found.shows(call, ours, theirs)), None)
