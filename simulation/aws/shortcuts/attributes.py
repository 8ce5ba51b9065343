"""An item's attributes read and written at once: PynamoDB asks at each whether the item might be an attribute itself."""

from functools import cache
from typing import Any

from pynamodb.attributes import Attribute


@cache
def read_at_once() -> None:
    """Let this process's PynamoDB look for an item's values first. What holds none is its own to judge: an attribute with parts, say."""
    asked, kept = Attribute.__get__, Attribute.__set__

    def read(self: Attribute[Any], instance: Any, owner: Any) -> Any:
        values = None if instance is None else instance.__dict__.get("attribute_values")
        if values is None:
            return asked(self, instance, owner)
        name = self.attr_path[-1]
        return values.get(instance._dynamo_to_python_attrs.get(name, name))

    def write(self: Attribute[Any], instance: Any, value: Any) -> None:
        values = instance.__dict__.get("attribute_values")
        if values is None:
            kept(self, instance, value)
            return
        name = self.attr_path[-1]
        values[instance._dynamo_to_python_attrs.get(name, name)] = value

    Attribute.__get__, Attribute.__set__ = read, write  # type: ignore[method-assign]
