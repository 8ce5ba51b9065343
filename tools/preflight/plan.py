"""What is to be deployed, and how AWS is asked about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.templates import functions, template


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A deployment that is meant. `client("lambda")` is boto3's client of a service; `fetch(url)` reads a public page."""

    stage: str
    region: str
    client: Callable[[str], Any]
    fetch: Callable[[str], bytes]
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def stack(self) -> str:
        return f"monsoon-{self.stage}"

    def parameter(self, name: str) -> str:
        """The parameter's value: the one that is meant, else the template's own."""
        return self.parameters.get(name, str(template()["Parameters"][name].get("Default", "")))

    @property
    def reserved(self) -> int:
        """How many executions the template would reserve."""
        asked = [made["ReservedConcurrentExecutions"] for made in functions().values() if "ReservedConcurrentExecutions" in made]
        return sum(one["Fn::If"][1] for one in asked) if self.parameter("ReserveConcurrency") == "yes" else 0
