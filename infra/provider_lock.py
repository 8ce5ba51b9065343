"""A plug-in's line in the list of providers that hosts read (shared/providers/providers.json): its entry, manifest, form, capability."""

from typing import Any

from pydantic_core import to_jsonable_python

from monsoon_plugin.plugin import form_of
from shared.providers.registry import loaded


class NotAsDeclared(Exception):
    """The entry point says another id or family than the plug-in's manifest; the text says which."""


def line_of(kind: str, plugin_id: str, entry: str) -> dict[str, Any]:
    """Imports the plug-in. Raises NotAsDeclared."""
    plugin = loaded(entry)
    manifest = plugin.manifest
    if (manifest.id, manifest.kind) != (plugin_id, kind):
        raise NotAsDeclared(f"{entry} is the {manifest.kind} plug-in {manifest.id}: declare it as that, not as {kind} {plugin_id}")
    told = {name: getattr(manifest, name) for name in ("version", "name", "allowed_hosts", "fees")}
    return {
        "entry": entry, "manifest": to_jsonable_python(told), "form": form_of(plugin.config_model),
        "capability": plugin.capability(None).model_dump(mode="json"),
    }  # fmt: skip
