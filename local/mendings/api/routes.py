"""Which resource of an API a path names: the emulator looks through all of an API's resources for each part of the path, twice a request.

Here those that lie below one are looked up. In which order they are tried is the emulator's: a name, a parameter, whatever follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ministack.services import apigateway_v1

Resource = dict[str, Any]
Found = tuple[Resource | None, dict[str, str]]


@dataclass
class Tree:
    """One API's resources as they were when it was made: `mark` says whether they are the same."""

    mark: tuple[Any, ...]
    below: dict[str | None, list[Resource]] = field(default_factory=dict)

    @classmethod
    def of(cls, resources: dict[str, Resource]) -> "Tree":
        made = cls(mark(resources))
        for resource in resources.values():
            made.below.setdefault(resource.get("parentId"), []).append(resource)
        for children in made.below.values():
            children.sort(key=_rank)
        return made

    def found(self, segments: Sequence[str]) -> Found:
        """The resource that a path's parts name, and what they say of its parameters."""
        root = next((resource for resource in self.below.get(None, ()) if resource.get("path") == "/"), None)
        if root is None or not segments or list(segments) == [""]:
            return root, {}
        return self._below(root["id"], segments, {})

    def _below(self, parent: str, segments: Sequence[str], said: dict[str, str]) -> Found:
        first, rest = segments[0], segments[1:]
        for child in self.below.get(parent, ()):
            part, rank = child.get("pathPart", ""), _rank(child)
            if rank == GREEDY:
                return child, said | {part[1:-2]: "/".join(segments)}
            if rank == NAME and part != first:
                continue
            more = said | {part[1:-1]: first} if rank == PARAMETER else said
            if not rest:
                return child, more
            resource, of_it = self._below(child["id"], rest, more)
            if resource:
                return resource, of_it
        return None, said


NAME, PARAMETER, GREEDY = range(3)


def _rank(resource: Resource) -> int:
    part = resource.get("pathPart", "")
    if not (part.startswith("{") and part.endswith("}")):
        return NAME
    return GREEDY if part.endswith("+}") else PARAMETER


def mark(resources: dict[str, Resource]) -> tuple[Any, ...]:
    """Another once one was added or deleted: what is added is the last, by an id of its own."""
    return id(resources), len(resources), next(reversed(resources), None)


def mend() -> None:
    trees: dict[str, Tree] = {}
    update = apigateway_v1._update_resource

    def match(api_id: str, segments: Sequence[str]) -> Found:
        resources = apigateway_v1._resources.get(api_id, {})
        tree = trees.get(api_id)
        if tree is None or tree.mark != mark(resources):
            tree = trees[api_id] = Tree.of(resources)
        return tree.found(segments)

    def updated(api_id: str, *given: Any) -> Any:
        """A part may be another now."""
        trees.pop(api_id, None)
        return update(api_id, *given)

    apigateway_v1._match_resource_tree, apigateway_v1._update_resource = match, updated
