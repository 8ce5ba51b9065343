"""An operator reads what the console shows as bytes."""

import base64
from typing import Any

from shared.aws.packing import packed
from tools.unpack import readable


def stored(stream: bytes) -> dict[str, str]:
    """Bytes as the command line of AWS prints them."""
    return {"B": base64.b64encode(stream).decode()}


def test_packed_texts_are_read_wherever_they_lie_and_all_else_stays() -> None:
    item: dict[str, Any] = {"sk": {"S": "ord_1"}, "event": stored(packed("told")), "sealed": stored(b"\x00secret"), "n": {"N": "1"}}
    assert readable({"Items": [item], "Count": 1}) == {"Items": [item | {"event": {"S": "told"}}], "Count": 1}
