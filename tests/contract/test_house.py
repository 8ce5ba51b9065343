"""The house stands: services do not lean on one another, and a domain knows no AWS."""

import pytest

from tests.contract.conftest import FUNCTIONS, folders, imported, sources

AWS = {"boto3", "botocore", "chalice", "pynamodb", "shared.aws.clients"}
STORE = ("store.py", "items.py")
"""What a store's files end with: a service of two nouns has two (`store.py`, `payout_store.py`)."""
KNOWS_AWS = ("handler.py", "client.py", *STORE)


@pytest.mark.parametrize("service", folders())
def test_a_service_imports_no_other_service(service: str):
    for path, tree in sources(service):
        others = {name for name in imported(tree) if name.startswith("functions.") and name.split(".")[1] != service}
        assert not others, f"{path} imports {others}"


@pytest.mark.parametrize("service", folders())
def test_only_handler_store_and_client_know_aws(service: str):
    for path, tree in sources(service):
        if not path.name.endswith(KNOWS_AWS):
            known = AWS & {part for name in imported(tree) for part in (name, name.split(".")[0])}
            assert not known, f"{path} imports {known}"


@pytest.mark.parametrize("service", folders())
def test_only_the_store_knows_pynamodb(service: str):
    for path, tree in sources(service):
        if not path.name.endswith(STORE):
            assert "pynamodb" not in {name.split(".")[0] for name in imported(tree)}, path


def test_shared_leans_on_no_service_and_no_service_is_a_package():
    for path, tree in ((p, t) for folder in ("../shared", "../shared/providers") for p, t in sources(folder)):
        assert not [name for name in imported(tree) if name.startswith("functions")], path
    assert not list(FUNCTIONS.rglob("__init__.py"))


def test_no_money_is_a_float():
    for service in folders():
        for path, _ in sources(service):
            assert "float(" not in path.read_text(), path
