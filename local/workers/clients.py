"""AWS's clients, made once before the fork, for all processes: to make one writes to 5 MB of what a process shares with the others.

What they are made from, botocore's data, is read without its texts for people, which are four fifths of it, and kept as plain dicts.
"""

import gzip
import json
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from botocore.session import Session

REGION = "us-east-1"
NOBODY = "nobody", "nothing"
"""Keys until a process is some function's."""
PLACE = ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT", "AWS_USE", "AWS_RETRY", "AWS_MAX")
"""How the names of variables begin that a client is made by."""
FOR_PEOPLE = "documentation"


class Files:
    """Reads botocore's data, for its loader."""

    def exists(self, path: str) -> bool:
        return any(place.is_file() for place in _places(path))

    def load_file(self, path: str) -> Any:
        """What the file holds, whose name lacks its ending; None if there is none."""
        for place in _places(path):
            if place.is_file():
                raw = place.read_bytes()
                return json.loads(gzip.decompress(raw) if place.suffix == ".gz" else raw, object_hook=_without_texts)
        return None


def share(session: Session, services: Collection[str]) -> None:
    """From here on `session` answers one client of each of `services` to whoever asks for one as it comes, in the place of this process.
    Whoever has settings of his own, or is elsewhere, has one made. They sign as `sign_as` says."""
    session.get_component("data_loader").file_loader = Files()
    session.set_credentials(*NOBODY)
    make, here = session.create_client, _place()
    made = {service: make(service, REGION) for service in services}

    def create(service_name: str, *given: Any, **named: Any) -> Any:
        plain = not any(given) and not any(named.values()) and _place() == here
        return made[service_name] if plain and service_name in made else make(service_name, *given, **named)

    session.create_client = create  # type: ignore[method-assign]


def sign_as(session: Session, key: str | None, secret: str | None, token: str | None) -> None:
    """Sign by these keys from now on, by clients that are made later and by those that are there."""
    credentials: Any = session.get_credentials()
    credentials.access_key, credentials.secret_key, credentials.token = key, secret, token


def _places(path: str) -> tuple[Path, Path]:
    return Path(f"{path}.json"), Path(f"{path}.json.gz")


def _without_texts(value: dict[str, Any]) -> dict[str, Any]:
    if isinstance(value.get(FOR_PEOPLE), str):
        value[FOR_PEOPLE] = ""  # some are asked for
    return value


def _place() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(PLACE)}
