"""EasyPost's recorded exchanges, read from its cassettes and served over HTTP."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from conformance.standins.labels import ZPL, pdf
from monsoon_plugin.standin import Asked, Reply, as_json

API = "https://api.easypost.com"
FILES = "https://easypost-files.s3.us-west-2.amazonaws.com", "https://easypost-files.s3-us-west-2.amazonaws.com"
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    cassette: str
    method: str
    path: str
    """With the query."""
    body: Any
    status: int
    answer: Any
    """The answer's JSON; None if it is none."""


def recorded(folder: Path) -> list[Exchange]:
    """Every exchange with EasyPost's API, cassettes in the order of their names."""
    return [found for path in sorted(folder.glob("*.yaml")) for found in _read(path)]


def _read(path: Path) -> Iterator[Exchange]:
    for each in yaml.load(path.read_text(), Loader=LOADER)["interactions"]:
        asked, answered = each["request"], each["response"]
        if asked["uri"].startswith(API):
            yield Exchange(
                cassette=path.stem,
                method=asked["method"],
                path=asked["uri"].removeprefix(API),
                body=_json(asked["body"]),
                status=answered["status"]["code"],
                answer=_json(answered["body"].get("string")),
            )


def _json(text: Any) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


def objects(answer: Any, *kinds: str) -> Iterator[dict[str, Any]]:
    """Every object of these kinds in an answer, wherever it stands."""
    if isinstance(answer, dict):
        if answer.get("object") in kinds:
            yield answer
        for value in answer.values():
            yield from objects(value, *kinds)
    if isinstance(answer, list):
        for value in answer:
            yield from objects(value, *kinds)


class Replay:
    """Answers a request by the recorded one of the same method and path whose body is most alike, each once if it can.

    A file is a label by its ending. A question for an object that was recorded elsewhere is answered as it was told there; a label
    that is to be converted, as it was told when another one was.
    """

    def __init__(self, exchanges: list[Exchange]) -> None:
        self._left = list(exchanges)
        self._all = list(exchanges)

    def answer(self, asked: Asked) -> Reply:
        if asked.path.startswith("/files/"):
            return Reply(200, ZPL, "application/zpl") if asked.path.endswith("zpl") else Reply(200, pdf(), "application/pdf")
        like = [found for found in self._left if (found.method, found.path) == (asked.method, asked.path)]
        if like:
            chosen = max(like, key=lambda found: _alike(found.body, asked.document))
            self._left.remove(chosen)
            return _here(chosen.answer, chosen.status, asked.address)
        name, _, wanted = asked.path.removeprefix("/v2/").partition("/")[2].partition("/label?file_format=")
        elsewhere = [found.answer for found in self._all if isinstance(found.answer, dict) and found.answer.get("id") == name]
        if asked.method == "GET" and elsewhere:
            return _here(_converted(elsewhere[-1], wanted.lower()) if wanted else elsewhere[0], 200, asked.address)
        part = next((part for found in self._all for part in objects(found.answer, "Shipment") if wanted and _is_bought(part, name)), None)
        if part:
            return _here(_converted(part, wanted.lower()), 200, asked.address)
        return as_json({"error": {"code": "NOT_FOUND", "errors": [], "message": "The requested resource could not be found."}}, 404)


def _is_bought(shipment: dict[str, Any], name: str) -> bool:
    return shipment["id"] == name and bool(shipment["postage_label"])


def _converted(shipment: dict[str, Any], wanted: str) -> dict[str, Any]:
    url = f"{FILES[0]}/files/label.{wanted}"
    return {**shipment, "postage_label": {**shipment["postage_label"], f"label_{wanted}_url": url}}


def _here(answer: Any, status: int, address: str) -> Reply:
    """The recorded answer, with its files at the server's own address."""
    text = json.dumps(answer)
    for place in FILES:
        text = text.replace(place, address)
    return Reply(status, text.encode())


def _alike(recorded_body: Any, body: Any) -> float:
    """How much of two bodies' fields is the same, by their names."""
    one, other = set(_fields(recorded_body)), set(_fields(body))
    return len(one & other) / max(len(one | other), 1)


def _fields(body: Any, place: str = "") -> Iterator[str]:
    if isinstance(body, dict):
        for name, value in body.items():
            yield f"{place}/{name}"
            yield from _fields(value, f"{place}/{name}")
    if isinstance(body, list):
        for value in body:
            yield from _fields(value, f"{place}/-")
