"""A service's environment: a frozen dataclass of texts and numbers, read once. A test holds it equal to the template's Variables."""

import os
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

S = TypeVar("S")


class MissingSetting(RuntimeError):
    """The template does not set a variable that the service needs."""


def settings_of(cls: type[S], environ: Mapping[str, str] = os.environ) -> S:
    """Read `cls`, a dataclass whose fields are the variables' names in lower case, all `str` or `int`.

    Raises MissingSetting naming what is missing.
    """
    spec: Any = fields(cls)  # type: ignore[arg-type]
    missing = [f.name.upper() for f in spec if f.name.upper() not in environ]
    if missing:
        raise MissingSetting(f"{cls.__module__}: set {', '.join(missing)}")
    return cls(**{f.name: (int if f.type in (int, "int") else str)(environ[f.name.upper()]) for f in spec})
