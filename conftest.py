"""Makes `pytest --plugin module:Class --standin URL` try a provider plug-in from this checkout (docs/plugins.md)."""

pytest_plugins = ["conformance.pytest_plugin"]
