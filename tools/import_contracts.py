"""A contract for import-linter: modules of one role reach none of another, over any number of imports. pyproject.toml lists them."""

import re
from collections.abc import Iterator
from typing import cast

import grimp
from importlinter import Contract, ContractCheck, fields, output

Chain = tuple[str, ...]


class RolesContract(Contract):
    """What `sources` match may not reach what `forbidden` match. All are regular expressions over whole module names."""

    type_name = "roles"
    sources = fields.ListField(subfield=fields.StringField())
    exempt = fields.ListField(subfield=fields.StringField(), required=False, default=[])
    """Of the sources, those that may."""
    forbidden = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        chains = [chain for module in sorted(graph.modules) if self._held(module) for chain in self._broken(graph, module)]
        return ContractCheck(kept=not chains, metadata={"chains": chains})

    def _held(self, module: str) -> bool:
        return matches(cast("list[str]", self.sources), module) and not matches(cast("list[str]", self.exempt), module)

    def _broken(self, graph: grimp.ImportGraph, module: str) -> Iterator[Chain]:
        for reached in sorted(graph.find_upstream_modules(module)):
            if matches(cast("list[str]", self.forbidden), reached):
                chain = graph.find_shortest_chain(importer=module, imported=reached)
                if chain is not None:
                    yield chain

    def render_broken_contract(self, check: ContractCheck) -> None:
        for chain in (check.metadata or {})["chains"]:
            output.print_error(" → ".join(chain))


def matches(patterns: list[str], module: str) -> bool:
    """Whether one of `patterns` matches the whole name."""
    return any(re.fullmatch(pattern, module) for pattern in patterns)
