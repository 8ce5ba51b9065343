"""A request's parameters as botocore writes them, by functions that are made once for each shape of DynamoDB's model.

botocore looks at the model anew at each call, and writes JSON that the emulator reads. The same comes of both: a name that the model does
not know raises KeyError, bytes become text.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from local.mendings.dynamodb.copies import without_bytes

Write = Callable[[Any], Any]
OF_ONE_TABLE = frozenset({"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"})
"""Operations whose parameters' parts are attributes alone, of whose kinds the emulator judges: where none is bytes nothing is to be written
otherwise."""
_writers: dict[str, Write | None] = {}
"""By shape; None: what is given is written."""


def written(given: dict[str, Any], model: OperationModel) -> dict[str, Any]:
    """A request of DynamoDB; its body is not JSON yet. Raises KeyError."""
    shape: Any = model.input_shape
    if model.name in OF_ONE_TABLE and given.keys() <= shape.members.keys() and (dumped := without_bytes(given)):
        return {"dumped": dumped}
    write = _writers[shape.name] if shape.name in _writers else _writer(shape)
    return {"body": write(given) if write else given}


def _writer(shape: Shape) -> Write | None:
    """Shapes hold themselves: a map's own is kept before those of its parts are made."""
    if shape.name in _writers:
        return _writers[shape.name]
    parts: dict[str, Write | None] = {}
    match shape:
        case StructureShape():
            _writers[shape.name] = partial(_structure, parts)
            parts |= {name: _writer(member) for name, member in shape.members.items()}
        case MapShape():
            _writers[shape.name] = partial(_map, parts)
            parts["value"] = _writer(shape.value)
        case ListShape():
            _writers[shape.name] = partial(_list, parts)
            parts["member"] = _writer(shape.member)
        case _:
            _writers[shape.name] = _text if shape.type_name == "blob" else None
    return _writers[shape.name]


def _structure(parts: Mapping[str, Write | None], value: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for name, each in value.items():
        write = parts[name]
        found[name] = each if write is None else write(each)
    return found


def _map(parts: Mapping[str, Write | None], value: Mapping[str, Any]) -> dict[str, Any]:
    write = parts["value"]
    return dict(value) if write is None else {name: write(each) for name, each in value.items()}


def _list(parts: Mapping[str, Write | None], value: Any) -> list[Any]:
    write = parts["member"]
    return list(value) if write is None else [write(each) for each in value]


def _text(value: str | bytes) -> str:
    return b64encode(value.encode() if isinstance(value, str) else value).decode()
