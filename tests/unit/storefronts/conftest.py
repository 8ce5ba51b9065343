"""The service of storefronts, for the tests of its routes."""

from collections.abc import Callable

import pytest

from tests.unit.storefronts.service import StorefrontsService


@pytest.fixture
def service(make_table: Callable[[str], str]) -> StorefrontsService:
    return StorefrontsService(make_table("storefronts"))
