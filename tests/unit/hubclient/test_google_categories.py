"""Google's categories as an operator loads them, and as a feed names them."""

from pathlib import Path

import pytest

from functions.uploads.values.categories import Categories
from functions.uploads.values.words import Unreadable
from hubclient.reference.documents import Unreadable as NotLoaded
from hubclient.reference.documents import document, name_of
from hubclient.reference.taxonomy import categories

MAPPED = "".join(f"→ Home & Garden > Decor > {name}\n⇒ Home & Garden > Decor > Vessels\n\n" for name in ("Vases", "Jars"))
NUMBERS = "# Google_Product_Taxonomy_Version: 2021-09-21\n602 - Home & Garden > Decor > Vessels\n"


def test_a_number_and_a_path_of_googles_find_our_category(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(MAPPED)
    (tmp_path / "b").write_text(NUMBERS)
    rows = document("google-categories", [tmp_path / "a", tmp_path / "b"])
    known = Categories([["hg-3-67", "Home & Garden > Decor > Vases"], ["hg-3-9", "Home & Garden > Decor > Jars"]], rows)  # type: ignore[arg-type]
    assert {known.find(said) for said in ("602", "home & garden > decor > vessels", "Vases", "gid://shopify/TaxonomyCategory/hg-3-67")} == {
        "hg-3-67"
    }
    assert name_of("google-categories", "en") == "google-categories"


def test_a_name_that_several_have_is_told_with_a_path() -> None:
    known = Categories([["aa-1", "A > Bags"], ["lb-1", "L > Bags"]])
    with pytest.raises(Unreadable, match="A > Bags"):
        known.find("bags")


@pytest.mark.parametrize("text", ["⇒ alone\n", "Vases\n", NUMBERS])
def test_a_flawed_file_is_not_loaded(tmp_path: Path, text: str) -> None:
    (tmp_path / "a").write_text(text)
    with pytest.raises(NotLoaded):
        document("google-categories", [tmp_path / "a"])


def test_shopifys_own_mapping_finds_nearly_every_category_of_googles(data: Path) -> None:
    rows = document("google-categories", [data / "taxonomy" / "en" / "shopify_to_google.txt"])
    known = Categories(categories((data / "taxonomy" / "en" / "categories.txt").read_bytes()), rows)  # type: ignore[arg-type]
    assert all(known.find(str(row[1])) in known for row in rows)
