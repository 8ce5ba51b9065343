"""An imported REST API keeps its gateway responses: without them a refusal at the door would not be problem+json."""

from typing import Any

from ministack.services import apigateway_v1

RESPONSES = "x-amazon-apigateway-gateway-responses"


def mend() -> None:
    import_api = apigateway_v1._import_rest_api

    def import_with_refusals(spec: dict[str, Any], base_data: Any = None) -> str:
        api_id: str = import_api(spec, base_data)
        for kind, response in (spec.get(RESPONSES) or {}).items():
            apigateway_v1._put_gateway_response(api_id, kind, response)
        return api_id

    apigateway_v1._import_rest_api = import_with_refusals
