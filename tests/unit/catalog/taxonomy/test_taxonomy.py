"""The tree of categories, from the operator's lists."""

import re
from pathlib import Path

import pytest

from functions.catalog.taxonomy.taxonomy import Taxonomy, taxonomy_in
from shared.errors import NotFound, Unavailable
from shared.trade.reference_data import Reference, load
from tests.fakes import FakeObjects

ROWS = [
    ["hg", "Home & Garden"],
    ["hg-3", "Home & Garden > Decor"],
    ["hg-3-67", "Home & Garden > Decor > Vases"],
    ["hg-31", "Home & Garden > Odd"],
]
LINE = re.compile(r"gid://shopify/TaxonomyCategory/(\S+)\s*: (.*)")


def test_children_are_those_directly_below_and_names_are_the_last_part() -> None:
    taxonomy = Taxonomy.of("en", ROWS)
    assert [c.id for c in taxonomy.below("", 10)] == ["hg"]
    assert [(c.id, c.name, c.children) for c in taxonomy.below("hg", 10)] == [("hg-3", "Decor", 1), ("hg-31", "Odd", 0)]
    assert [c.id for c in taxonomy.below("hg", 1)] == ["hg-3"]
    assert taxonomy.below("hg-3-67", 10) == []


def test_an_unknown_category_is_not_found() -> None:
    with pytest.raises(NotFound):
        Taxonomy.of("en", ROWS).below("xx", 10)


def test_a_language_falls_back_to_its_base_then_to_english_and_without_any_list_it_is_unavailable() -> None:
    objects = FakeObjects()
    reference = Reference(objects)
    with pytest.raises(Unavailable):
        taxonomy_in("zh-CN", reference)
    load(objects, "taxonomy/en", "1", ROWS)
    assert taxonomy_in("zh-CN", reference).language == "en"
    load(objects, "taxonomy/zh", "1", [["hg", "家居与园艺"]])
    assert taxonomy_in("zh-CN", reference).category("hg").name == "家居与园艺"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_category_of_the_published_taxonomy_is_reached_from_the_top(data: Path, language: str) -> None:
    lines = (data / "taxonomy" / language / "categories.txt").read_text().splitlines()
    taxonomy = Taxonomy.of(language, [[found[1], found[2].strip()] for line in lines if (found := LINE.match(line))])
    reached, waiting = 0, [""]
    while waiting:
        children = taxonomy.below(waiting.pop(), 100)
        reached += len(children)
        waiting += [child.id for child in children]
    assert reached == 10_595
