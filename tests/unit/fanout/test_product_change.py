"""What a change says, and how its revision counts."""

from dataclasses import replace

from functions.fanout.product_change import SHARDS, ProductChange
from tests.fakes import NOON
from tests.unit.fanout.world import available, published, recalled


def test_a_publication_is_in_stock_as_its_supplier_says() -> None:
    assert ProductChange.published(published("prd_1", 1, stock=3), NOON).in_stock
    assert not ProductChange.published(published("prd_1", 1, stock=0), NOON).in_stock


def test_what_is_recalled_or_only_in_stock_has_no_product() -> None:
    assert ProductChange.recalled(recalled("prd_1", 2), NOON).product is None
    stocked = ProductChange.stocked(available("prd_1", 4, True), NOON)
    assert (stocked.version, stocked.stock_version, stocked.in_stock, stocked.product) == (0, 4, True, None)


def test_a_revision_counts_both_versions() -> None:
    change = ProductChange.published(published("prd_1", 3), NOON)
    assert change.revision == 3
    assert replace(change, stock_version=2).revision == 5


def test_changes_of_one_moment_sort_by_product_and_all_of_a_product_lie_in_one_shard() -> None:
    changes = [ProductChange.published(published(f"prd_{n}", 1), NOON) for n in range(50)]
    assert len({change.at for change in changes}) == 50
    assert {change.shard for change in changes} == {str(shard) for shard in range(SHARDS)}
    assert ProductChange.recalled(recalled("prd_7", 2), NOON).shard == changes[7].shard
