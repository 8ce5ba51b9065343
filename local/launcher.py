"""Runs the emulator with mendings, each measured; see docs/decisions/0003-emulator.md."""

from typing import Any

from ministack.app import main
from ministack.core import lambda_runtime
from ministack.services import apigateway_v1, lambda_svc

# A function that logs nothing waits 50 ms for a line on stderr after each call: look for 1 ms instead.
lambda_runtime.Worker._drain_stderr_bounded.__defaults__ = (0.0, 0.0, 0.25)

# Five or ten batches of one queue at once start as many workers, a CPU second each: two cores carry one a queue sooner.
lambda_svc._sqs_esm_concurrency = lambda *_: 1

# After a restart the streams are empty but the readers' positions are not: every record up to the old position would be
# dropped in silence. Nothing is lost by forgetting them: the runner stops the emulator only when the streams are read out.
_load = lambda_svc.load_persisted_state


def _load_without_positions(data: Any) -> None:
    if isinstance(data, dict):
        data.pop("dynamodb_stream_positions", None)
    _load(data)


lambda_svc.load_persisted_state = _load_without_positions

# It imports a REST API without its gateway responses: a refusal at the door would not be problem+json.
_import = apigateway_v1._import_rest_api


def _import_with_refusals(spec: dict[str, Any], base_data: Any = None) -> str:
    api_id: str = _import(spec, base_data)
    for kind, response in (spec.get("x-amazon-apigateway-gateway-responses") or {}).items():
        apigateway_v1._put_gateway_response(api_id, kind, response)
    return api_id


apigateway_v1._import_rest_api = _import_with_refusals

if __name__ == "__main__":
    main()
