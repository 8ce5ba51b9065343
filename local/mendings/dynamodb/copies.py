"""Items as what they are, JSON: copied by C, and their bytes read from their text."""

import copy
import json
import marshal
from base64 import b64decode
from typing import Any

BYTES, SETS_OF_BYTES = marshal.dumps("B", 0), marshal.dumps("BS", 0)
"""What stands for certain in the dump of an answer that holds such: an attribute's kind."""


def copied(value: Any) -> Any:
    """A copy as deep as `copy.deepcopy`'s."""
    try:
        return marshal.loads(marshal.dumps(value, 0))
    except ValueError:  # not JSON: a table with its defaultdict
        return copy.deepcopy(value)


def as_json(value: Any) -> Any:
    """What comes of it once it is written and read."""
    try:
        return marshal.loads(marshal.dumps(value, 0))
    except ValueError:  # a text with a name, say: of JSON it would come as a text
        return json.loads(json.dumps(value))


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """A copy of what DynamoDB answers, as botocore's parser tells it: bytes are bytes."""
    dumped = marshal.dumps(answer, 0)
    found: dict[str, Any] = marshal.loads(dumped)
    return with_bytes(found) if BYTES in dumped or SETS_OF_BYTES in dumped else found


def without_bytes(value: Any) -> bytes | None:
    """A dump of parameters in which no attribute is of bytes; None of others, and of what is not JSON."""
    try:
        dumped = marshal.dumps(value, 0)
    except ValueError:
        return None
    return None if BYTES in dumped or SETS_OF_BYTES in dumped else dumped


def with_bytes(value: Any) -> Any:
    """An attribute that is called B holds a map; the kind B holds text."""
    if type(value) is list:
        return [with_bytes(each) for each in value]
    if type(value) is not dict:
        return value
    text, texts = value.get("B"), value.get("BS")
    if type(text) is str:
        return {"B": b64decode(text)}
    if type(texts) is list and texts and type(texts[0]) is str:
        return {"BS": [b64decode(text) for text in texts]}
    return {name: with_bytes(each) if type(each) in (dict, list) else each for name, each in value.items()}
