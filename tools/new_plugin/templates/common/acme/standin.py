"""Acme's stand-in, in the provider's place on this machine: write it from the provider's documentation, with nothing of the plug-in, so
that either can be wrong alone. Or let `start` in trial.py start the provider's own emulator."""

from monsoon_plugin.standin import Asked, Reply, as_json, serve

API_KEY, NOTICE_SECRET = "acme_test_4b8e0c7d52f91a36", "acme_notices_d17a93e6b04c85f2"


def answer(asked: Asked) -> Reply:
    """What the provider answers. This one knows nothing."""
    return as_json({"error": {"code": "not_written_yet"}}, 404)


if __name__ == "__main__":
    serve(answer, 4010, "Acme's stand-in")
