"""An API that an upgrade changes keeps its id, and so its address: the emulator makes another API and deletes the one of before.

On AWS a changed Body is imported into the API that is there (PutRestApi with mode=overwrite); whoever calls it calls on.
"""

from typing import Any

from ministack.services import apigateway_v1
from ministack.services.cloudformation import provisioners

KIND = "AWS::ApiGateway::RestApi"
IMPORTED = (
    "_rest_apis", "_resources", "_authorizers_v1", "_models", "_gateway_responses", "_documentation_parts", "_request_validators",
)  # fmt: skip
"""What an import makes of a Body, each by the API's id. Stages and deployments are resources of their own, and stay."""
MADE_BESIDE = ("_stages_v1", "_deployments_v1", "_deployed_gateway_responses")


def mend() -> None:
    handlers = provisioners._RESOURCE_HANDLERS[KIND]
    update = handlers["update"]

    def updated(api_id: str, old: dict[str, Any], new: dict[str, Any], stack: str, logical_id: str | None = None) -> Any:
        if new.get("Body") == old.get("Body") or api_id not in apigateway_v1._rest_apis:
            return update(api_id, old, new, stack, logical_id)
        made, _ = handlers["create"](logical_id or api_id, new, stack)
        overwrite(api_id, made)
        return api_id, provisioners._apigw_rest_api_attrs(api_id)

    handlers["update"] = updated


def overwrite(api_id: str, made: str) -> None:
    """What the API `made` is, `api_id` is from now on, and `made` is no more."""
    for table in (getattr(apigateway_v1, name) for name in IMPORTED):
        table.pop(api_id, None)
        if made in table:
            table[api_id] = table.pop(made)
    apigateway_v1._rest_apis[api_id]["id"] = api_id
    for table in (getattr(apigateway_v1, name) for name in MADE_BESIDE):
        table.pop(made, None)
    tags = apigateway_v1._v1_tags.pop(apigateway_v1._rest_api_arn(made), None)
    if tags is not None:
        apigateway_v1._v1_tags[apigateway_v1._rest_api_arn(api_id)] = tags
