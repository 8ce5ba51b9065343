"""Routes, infra/openapi.yaml and infra/openapi.aws.yaml say the same, and say all that a client needs."""

import re
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate

from app import SERVICES, Gateway
from app import services as mounted
from shared.api.operation import Operation
from tests.conftest import ROOT
from tests.contract.conftest import services
from tools.contract.gateway import function_of
from tools.openapi import stale

OPERATIONS: list[tuple[str, Operation]] = Gateway(mounted(), dict).operations
IDS = [f"{operation.method} {operation.path}" for _, operation in OPERATIONS]
Document = dict[str, Any]


@pytest.fixture(scope="module")
def people() -> Document:
    return dict(yaml.load((ROOT / "infra/openapi.yaml").read_text(), yaml.CSafeLoader))


@pytest.fixture(scope="module")
def aws() -> Document:
    return dict(yaml.load((ROOT / "infra/openapi.aws.yaml").read_text(), yaml.CSafeLoader))


def routes(document: Document) -> set[tuple[str, str]]:
    return {(method.upper(), path) for path, item in document["paths"].items() for method in item if method != "parameters"}


def test_every_service_that_answers_http_is_mounted():
    assert sorted(SERVICES) == services()


def test_the_documents_say_what_the_code_says():
    assert stale() == [], "run `python -m tools.openapi`"


def test_routes_and_both_documents_are_equal(people: Document, aws: Document):
    served = {(operation.method, operation.path) for _, operation in OPERATIONS}
    heads = {("HEAD", operation.path) for _, operation in OPERATIONS if operation.is_page}
    assert served | heads == {route for route in routes(aws) if route[0] != "OPTIONS"}
    assert {(method, path.replace("+}", "}")) for method, path in served} == routes(people)


def test_whatever_else_is_asked_below_a_shop_s_address_is_answered_by_the_shop_itself(aws: Document):
    assert aws["paths"]["/shop/{slug}/{rest+}"].keys() == {"parameters", "get", "head"}


def test_preflights_are_answered_where_a_browse_key_reads_and_nowhere_else_by_the_function_that_is_read(aws: Document):
    read = {operation.path: tag for tag, operation in OPERATIONS if operation.method == "GET" and operation.key == "browse"}
    preflights = {path: item["options"] for path, item in aws["paths"].items() if "options" in item}
    assert read
    assert preflights.keys() == read.keys()
    for path, tag in read.items():
        assert preflights[path]["security"] == []
        assert f"/${{{function_of(tag)}.Alias}}/" in preflights[path]["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]


def test_a_browse_key_only_reads():
    assert [
        f"{operation.method} {operation.path}" for _, operation in OPERATIONS if operation.key == "browse" and operation.method != "GET"
    ] == []


@pytest.mark.thorough
def test_the_document_is_valid_openapi_3_1(people: Document):
    assert people["openapi"].startswith("3.1")
    validate(people)


def test_operation_ids_are_unique():
    ids = [f"{tag}.{operation.name}" for tag, operation in OPERATIONS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("tagged", OPERATIONS, ids=IDS)
def test_an_operation_says_what_it_does_and_answers(tagged: tuple[str, Operation]):
    operation = tagged[1]
    assert re.match(r"[A-Z].{8,}\.$", operation.summary), "the first line of the docstring is a sentence"
    assert operation.answers
    assert all(view is not None or status in (204, 303, 304) for status, view in operation.answers.items())


@pytest.mark.parametrize("tagged", OPERATIONS, ids=IDS)
def test_an_operation_shows_its_problems(tagged: tuple[str, Operation], people: Document):
    operation = tagged[1]
    answers = people["paths"][operation.path.replace("+}", "}")][operation.method.lower()]["responses"]
    refusals = {int(status): answer for status, answer in answers.items() if int(status) >= 400}
    assert 429 in refusals
    assert operation.public or 401 in refusals
    assert not operation.allow or 403 in refusals
    assert "{" not in operation.path or 404 in refusals
    assert operation.body is None or {400, 413, 415, 422} <= set(refusals)
    for answer in refusals.values():
        content = people["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]["content"]
        assert list(content) == ["application/problem+json"]


@pytest.mark.parametrize("tagged", OPERATIONS, ids=IDS)
def test_a_post_that_creates_takes_an_idempotency_key(tagged: tuple[str, Operation]):
    operation = tagged[1]
    creates = operation.method == "POST" and bool({201, 202} & set(operation.answers))
    assert operation.idempotent or not creates


@pytest.mark.parametrize("tagged", [t for t in OPERATIONS if t[1].body], ids=[i for i, t in zip(IDS, OPERATIONS, strict=True) if t[1].body])
def test_the_example_of_a_body_is_accepted_by_its_model(tagged: tuple[str, Operation], people: Document):
    operation = tagged[1]
    shown = people["paths"][operation.path][operation.method.lower()]["requestBody"]["content"]["application/json"]["example"]
    assert operation.body is not None
    operation.body.model_validate(shown)


def test_path_parameters_are_declared_and_named_alike_everywhere(people: Document):
    """API Gateway takes one name for each variable part of a path."""
    names: dict[str, set[str]] = {}
    for path, item in people["paths"].items():
        assert [p["name"] for p in item.get("parameters", [])] == re.findall(r"{(\w+)}", path)
        for found in re.finditer(r"{(\w+)}", path):
            names.setdefault(re.sub(r"{\w+}", "{}", path[: found.start()]), set()).add(found[1])
    assert {parent: found for parent, found in names.items() if len(found) > 1} == {}


def test_api_gateway_takes_the_definition(aws: Document):
    """OpenAPI 3.0, at most 300 resources: one for each part of a path."""
    assert aws["openapi"] == "3.0.1"
    parts = {"/".join(path.split("/")[:n]) for path in aws["paths"] for n in range(1, path.count("/") + 2)}
    assert len(parts) <= 300
    assert not re.search(r"!(Sub|Ref|GetAtt)", (ROOT / "infra/openapi.aws.yaml").read_text()), "an include takes no short forms"


@pytest.mark.parametrize("tagged", OPERATIONS, ids=IDS)
def test_api_gateway_asks_the_authorizer_and_calls_the_right_function(tagged: tuple[str, Operation], aws: Document):
    tag, operation = tagged
    imported = aws["paths"][operation.path][operation.method.lower()]
    assert imported["security"] == ([] if operation.public else [{"bearer": []}])
    assert f"/${{{function_of(tag)}.Alias}}/" in imported["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
