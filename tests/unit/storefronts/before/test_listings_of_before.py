"""A storefront and its cards as the release before packed texts stored them: lists, products and counts answer every field as it was.

`2026-11-30.json` holds the table's items and that release's answers; of one list the first page alone had been read.
"""

import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest

from tests.before import with_fields_of
from tests.unit.storefronts.service import StorefrontsService

KEPT = json.loads(Path(__file__).with_name("2026-11-30.json").read_text(encoding="utf-8"))
STOREFRONT = KEPT["storefront"]


@pytest.fixture
def before(make_table: Callable[[str], str]) -> StorefrontsService:
    table = make_table("storefronts")
    for item in KEPT["items"]:
        stored = {name: {"B": b64decode(value["B"])} if "B" in value else value for name, value in item.items()}
        boto3.client("dynamodb").put_item(TableName=table, Item=stored)
    return StorefrontsService(table)


def test_lists_and_counts_answer_as_they_did(before: StorefrontsService) -> None:
    answers = {
        "listings": before.listings(STOREFRONT), "chinese": before.listings(STOREFRONT, {"q": "花瓶"}), "facets": before.facets(STOREFRONT),
    }  # fmt: skip
    for name, answer in answers.items():
        assert with_fields_of(KEPT["answers"][name], answer.body) == KEPT["answers"][name]


@pytest.mark.parametrize("product_id", [name for name in KEPT["answers"] if name.startswith("prd_")])
def test_products_answer_as_they_did(before: StorefrontsService, product_id: str) -> None:
    assert with_fields_of(KEPT["answers"][product_id], before.product(STOREFRONT, product_id).body) == KEPT["answers"][product_id]


def test_a_list_of_which_one_page_was_read_goes_on_with_its_cursor(before: StorefrontsService) -> None:
    rest = before.listings(STOREFRONT, {"limit": "50", "cursor": KEPT["first"]["next"]})
    assert with_fields_of(KEPT["rest"], rest.body) == KEPT["rest"]
