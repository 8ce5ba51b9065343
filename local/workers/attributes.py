"""DynamoDB's attributes in JSON: the kinds that are bytes are written as text."""

from base64 import b64decode
from typing import Any


def with_bytes(value: Any) -> Any:
    """An attribute that is called B holds a map; the kind B holds text."""
    match value:
        case {"B": str(text)}:
            return {"B": b64decode(text)}
        case {"BS": [str(), *_] as texts}:
            return {"BS": [b64decode(text) for text in texts]}
        case dict():
            return {name: with_bytes(each) for name, each in value.items()}
        case list():
            return [with_bytes(each) for each in value]
    return value
