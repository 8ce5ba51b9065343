"""The suppliers' guide says what is so."""

import json
import re
from pathlib import Path

from functions.uploads.feeds.feed import Row
from functions.uploads.mapping.mapping import Mapping
from functions.uploads.mapping.product_reader import ProductReader
from tests.unit.uploads.samples import CATEGORIES

GUIDE = Path(__file__).parents[4] / "docs" / "suppliers.md"
COLUMNS = ["Artikelnummer", "Bezeichnung", "Preis", "Bestand", "Gewicht", "Maße", "Warengruppe", "Farbe", "Modell"]


def test_the_mapping_that_it_shows_reads_products() -> None:
    found = re.search(r"```json\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    mapping = Mapping.model_validate(json.loads(found[1]))
    red, blue = (["A1", "Laterne", "12,50", "4", "0,3", "10x20x30", "Laternen", "rot", "M"], ["A2", *["Laterne"] * 6, "blau", "M"])
    blue[2:7] = red[2:7]
    reading = ProductReader(mapping, COLUMNS, CATEGORIES).read(Row(number=2, cells=red, more=[(3, blue)]))
    assert reading.product, reading.faults
    assert (reading.product.size and reading.product.size.height, [v.sku for v in reading.product.variants]) == (300, ["A1", "A2"])
