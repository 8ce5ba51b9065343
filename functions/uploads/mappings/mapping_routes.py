"""The mappings that a supplier keeps for its own files."""

import re

from functions.uploads.bootstrap import Services
from functions.uploads.mapping.mapping import NAME, Mapping
from functions.uploads.mapping.recognise import formats
from functions.uploads.mappings.mapping_views import KeepMapping, MappingList
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import Invalid

ROUTES = Routes()


@ROUTES.put("/v1/feed-mappings/{name}", body=KeepMapping, answers={200: Mapping}, allow=["supplier"], verified=True, problems=[Invalid])
def keep_mapping(name: str, body: KeepMapping, caller: Caller, services: Services) -> Mapping:
    """Keep a mapping: files with its columns are read by it from now on."""
    mapping = Mapping(name=_named(name), **{field: getattr(body, field) for field in KeepMapping.model_fields})
    services.mappings.keep(caller.tenant, mapping)
    return mapping


@ROUTES.get("/v1/feed-mappings", answers={200: MappingList}, allow=["supplier"], verified=True)
def list_mappings(caller: Caller, services: Services) -> MappingList:
    """Show the mappings that you keep, and those that are built in."""
    return MappingList(items=list(services.mappings.mappings.of(caller.tenant)), formats=[each.mapping for each in formats()])


@ROUTES.delete("/v1/feed-mappings/{name}", answers={204: None}, allow=["supplier"], verified=True, problems=[Invalid])
def delete_mapping(name: str, caller: Caller, services: Services) -> None:
    """Delete a mapping that you keep; one that is gone already is gone."""
    services.mappings.mappings.remove(caller.tenant, _named(name))


def _named(name: str) -> str:
    """The name, if a mapping may have it. Raises Invalid."""
    if not re.match(NAME, name) or len(name) > 60:
        raise Invalid.field("path/name", "name it in small letters, digits, points and dashes, at most 60")
    return name
