"""The OpenAPI 3.1 document of a list of operations."""

import inspect
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from shared.api.answers import Bytes, Page
from shared.api.cors import is_for_browsers
from shared.api.operation import FORM_TYPE, MAX_BODY, Operation
from tools.contract.examples import example, examples_of, id_example
from tools.contract.problems import PROBLEM_SCHEMAS, problem_examples, problem_response, problems_of, response_name
from tools.contract.schemas import Schemas

Tagged = Sequence[tuple[str, Operation]]
"""Operations, each with the name of its service."""

TAGS = {
    "uploads": "Suppliers send products and feeds.",
    "audit": "Auditors decide what may be sold.",
    "catalog": "Products, taxonomy, recall.",
    "storefronts": "What a storefront sells, and its pages.",
    "fanout": "The change feed for client sites that keep a copy.",
    "orders": "Orders and stock.",
    "payments": "Payment providers and payments.",
    "shipping": "Courier providers, rates and shipments.",
    "settlement": "Who earned what: the ledger.",
    "notices": "Mails: what a merchant wants to hear, and what did not arrive.",
    "accounts": "Accounts, sign-in, API keys, verification.",
}
SERVERS = [
    {
        "url": "https://{api}.execute-api.{region}.amazonaws.com/{stage}",
        "description": "deployed",
        "variables": {"api": {"default": "api"}, "region": {"default": "us-east-1"}, "stage": {"default": "prod"}},
    },
    {
        "url": "http://127.0.0.1:4566/_aws/execute-api/{api}/{stage}",
        "description": "on a laptop; the start prints the address",
        "variables": {"api": {"default": "api"}, "stage": {"default": "local"}},
    },
    {"url": "http://127.0.0.1:8000", "description": "the dev server"},
]
BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "An access token (JWT) of a person who signed in, or the API key of a client site.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": (
        "New for each thing you create, 1 to 255 visible characters, quoted or bare. The same key with the same request answers "
        "with what the first one created; missing is 400, with another request 422."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 257},
    "example": '"5f0c9a2e-1b7d-4c55-9f0a-7d3f1c2b4a68"',
}


def document(operations: Tagged, version: str) -> dict[str, Any]:
    """OpenAPI 3.1 of `operations`; `version` is the hub's."""
    schemas = Schemas([operation for _, operation in operations])
    by_path = groupby(sorted(operations, key=lambda tagged: tagged[1].path), key=lambda tagged: tagged[1].path)
    paths = {path.replace("+}", "}"): _path_item(tagged, schemas) for path, tagged in by_path}
    problems = {response_name(group): group for _, operation in operations for group in problems_of(operation)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Monsoon",
            "version": version,
            "description": "A commerce hub: suppliers publish once, every storefront sells, a ledger says who earned what.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": SERVERS,
        "tags": [{"name": name, "description": text} for name, text in TAGS.items() if name in {tag for tag, _ in operations}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": BEARER},
            "parameters": {"IdempotencyKey": IDEMPOTENCY_KEY},
            "schemas": {**PROBLEM_SCHEMAS, **schemas.components},
            "responses": {name: problem_response(problems[name]) for name in sorted(problems)},
            "examples": problem_examples(problems.values()),
        },
    }


def _path_item(tagged: Iterable[tuple[str, Operation]], schemas: Schemas) -> dict[str, Any]:
    found = list(tagged)
    path = found[0][1].path
    item: dict[str, Any] = {}
    if named := re.findall(r"{(\w+)\+?}", path):
        item["parameters"] = [_path_parameter(name) for name in named]
    return item | {operation.method.lower(): _operation(tag, operation, schemas) for tag, operation in found}


def _path_parameter(name: str) -> dict[str, Any]:
    said = f"the {name.removesuffix('_id').replace('_', ' ')}'s id" if name.endswith("_id") else name.replace("_", " ")
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": said,
        "schema": {"type": "string"},
        "example": id_example(name),
    }


def _operation(tag: str, operation: Operation, schemas: Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": f"{tag}.{operation.name}",
        "tags": [tag],
        "summary": operation.summary.rstrip("."),
        "description": _description(operation),
    }
    if operation.public:
        described["security"] = []
    elif operation.allow:
        described["x-monsoon-roles"] = sorted(operation.roles)
    if operation.key:
        described["x-monsoon-key-scope"] = operation.key
    if operation.is_page:
        described["x-monsoon-page"] = True
    if operation.path.endswith("+}"):
        described["x-monsoon-greedy"] = True
    if is_for_browsers(operation):
        described["x-monsoon-cors"] = True
    if parameters := _parameters(operation, schemas):
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": _content(schemas, operation.body)}
        described["x-monsoon-max-body"] = operation.max_body
    if operation.form is not None:
        form = {FORM_TYPE: {"schema": schemas.reference(operation.form, answer=False)}}
        described["requestBody"] = {"required": True, "content": form}
        described["x-monsoon-max-body"] = operation.max_body
    return described | {"responses": _responses(operation, schemas)}


def _description(operation: Operation) -> str:
    rest = (inspect.getdoc(operation.view) or "").split("\n", 1)[1:]
    said = ["Nobody need be signed in." if operation.public else f"For {_who(operation)}."]
    if operation.key:
        said.append(f"An API key needs the scope `{operation.key}`.")
    if is_for_browsers(operation):
        said.append("A page of any origin may read it with a key of that very scope: a preflight is answered.")
    if operation.verified:
        said.append("The caller's identity must be verified.")
    if operation.form is not None:
        said.append("Only as a form of one of the hub's own pages: `Sec-Fetch-Site: same-origin`, or an `Origin` that is the host's.")
    if (operation.body is not None or operation.form is not None) and operation.max_body != MAX_BODY:
        said.append(f"The body may have at most {operation.max_body} bytes.")
    return "\n\n".join(part for part in [" ".join(rest).strip(), " ".join(said)] if part)


def _who(operation: Operation) -> str:
    return f"callers with one of the roles {', '.join(sorted(operation.roles))}" if operation.allow else "any signed-in caller"


def _parameters(operation: Operation, schemas: Schemas) -> list[dict[str, Any]]:
    found = schemas.parameters(operation.query) if operation.query else []
    return found + ([{"$ref": "#/components/parameters/IdempotencyKey"}] if operation.idempotent else [])


def _content(schemas: Schemas, model: type, *, answer: bool = False) -> dict[str, Any]:
    if model is Bytes:
        return {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    if model is Page:
        return {"text/html": {"schema": {"type": "string"}}}
    schema = schemas.reference(model, answer=answer)
    return {"application/json": {"schema": schema, **examples_of(example(schema, schemas.components))}}


def _responses(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, view in operation.answers.items():
        content = {} if view is None else {"content": _content(schemas, view, answer=True)}
        found[str(status)] = {"description": _DONE.get(status, "Done"), **content}
    for group in problems_of(operation):
        found[str(int(group[0].status))] = {"$ref": f"#/components/responses/{response_name(group)}"}
    return found


_DONE = {
    200: "As asked", 201: "Created", 202: "Accepted; the work goes on", 204: "Done; there is nothing to say", 303: "Done: see there",
    304: "Not changed",
}  # fmt: skip
