import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from hubclient.reference.attributes import add_attributes
from hubclient.reference.dangerous_goods import dangerous_goods, names
from hubclient.reference.documents import Unreadable, document, load_document, name_of, version_of
from hubclient.reference.flaw import Flawed
from hubclient.reference.fx import rates
from hubclient.reference.taxonomy import categories
from hubclient.reference.words import terms
from monsoon_plugin.money import Money
from shared.trade.fx import Rates
from shared.trade.reference_data import Reference
from tests.conftest import ROOT
from tests.fakes import FakeObjects


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_all_10595_categories_of_the_published_taxonomy_load(data: Path, language: str):
    rows = document("taxonomy", [data / "taxonomy" / language / "categories.txt"])
    assert len(rows) == 10_595
    known = {category for category, _ in rows}
    assert all("-" not in category or category.rpartition("-")[0] in known for category in known)


def test_both_languages_name_the_same_categories(data: Path):
    english, chinese = (document("taxonomy", [data / "taxonomy" / tag / "categories.txt"]) for tag in ("en", "zh-CN"))
    assert [row[0] for row in english] == [row[0] for row in chinese]


def test_every_published_word_list_loads(data: Path):
    files = [*(data / "words/google-profanity/data").glob("*.txt"), *(data / "words/sensitive-zh/Vocabulary").glob("*.txt")]
    files += [file for file in (data / "words/ldnoobw").iterdir() if file.suffix == "" and file.name != "LICENSE"]
    assert len(files) == 35
    assert all(document("words", [file]) for file in files)


def test_the_published_dangerous_goods_load(data: Path):
    rows = document("dangerous-goods", [data / "dangerous-goods/un_numbers.csv"])
    by_name = {name: (number, hazard_class) for name, number, hazard_class in rows}
    assert by_name["safety matches"] == ("1944", "4.1")
    assert by_name["lighter refills"] == ("1057", "2")
    assert len({number for _, number, _ in rows}) > 1500
    assert not [name for name in by_name if "no longer" in name or "n.o.s" in name]


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("LIGHTERS or LIGHTER REFILLS containing flammable gas", ["lighters", "lighter refills"]),
        ("MATCHES, SAFETY (book, card or strike on box)", ["safety matches"]),
        ("ACETYLENE, DISSOLVED", ["acetylene"]),
        ("PHOSPHORUS, WHITE or YELLOW, DRY", ["white phosphorus"]),
        ("LIQUEFIED GAS, TOXIC, N.O.S.", []),
        ("AMMONIUM PICRATE dry or wetted with less than 10 % water, by mass", ["ammonium picrate"]),
        ("Uranyl nitrate hexahydrate solution", ["uranyl nitrate hexahydrate solution"]),
    ],
)
def test_a_shipping_name_becomes_what_people_write(description: str, expected: list[str]):
    assert list(names(description)) == expected


def flaws(read, text: str) -> list[tuple[int, str]]:
    with pytest.raises(Flawed) as found:
        read(text.encode())
    return [(flaw.line, flaw.detail) for flaw in found.value.flaws]


def test_each_flawed_line_is_named():
    gid = "gid://shopify/TaxonomyCategory/"
    found = flaws(categories, f"# x\n{gid}hg : Home\nhg-1 : Bath\n{gid}hg : Again\n{gid}aa-1 : Orphan\n")
    assert [line for line, _ in found] == [3, 4, 5]
    assert "its parent aa does not come before it" in found[2][1]
    assert flaws(lambda raw: terms(raw, "review"), "fine\nbad\tperhaps\n" + "x" * 101)[0][0] == 2
    assert flaws(dangerous_goods, "class,number\n") == [(1, "the header lacks description")]
    assert flaws(dangerous_goods, "class,description,number\n3,PAINT,1263\n33,GLUE,1\n")[0][0] == 3
    assert flaws(categories, "# nothing\n") == [(0, "there is no category in it")]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_all_1987_attributes_of_the_published_taxonomy_load_with_their_values(data: Path, language: str):
    rows = document("attributes", [data / "taxonomy" / language / name for name in ("attributes.txt", "attribute_values.txt")])
    assert len(rows) == 1987
    assert len({value_id for _, _, values in rows for value_id, _ in values}) == 20_635
    assert all(values for _, _, values in rows)


def test_each_flawed_line_of_attributes_is_named():
    a, v = "gid://shopify/TaxonomyAttribute/", "gid://shopify/TaxonomyValue/"
    text = f"# x\n{a}1 : Color\n{a}1 : Again\n{v}2 : Red [Color]\n{v}3 : Oak [Wood]\nRed\n"
    found = flaws(lambda raw: add_attributes([], raw), text)
    assert [line for line, _ in found] == [3, 5, 6]
    assert flaws(lambda raw: add_attributes([], raw), "# nothing\n") == [(0, "there is no attribute in it")]


def test_a_value_is_of_the_attribute_that_its_line_names(tmp_path: Path):
    names, values = tmp_path / "a.txt", tmp_path / "v.txt"
    names.write_text("gid://shopify/TaxonomyAttribute/1 : Size\ngid://shopify/TaxonomyAttribute/2 : Fit [men]\n")
    values.write_text("gid://shopify/TaxonomyValue/7 : [XL] [Size]\ngid://shopify/TaxonomyValue/8 : slim [Fit [men]]\n")
    assert document("attributes", [names, values]) == [["1", "Size", [["7", "[XL]"]]], ["2", "Fit [men]", [["8", "slim"]]]]


def test_a_file_in_another_encoding_is_said_by_its_line(tmp_path: Path):
    file = tmp_path / "words.txt"
    file.write_bytes("fine\n手枪\n".encode("gb18030"))
    with pytest.raises(Unreadable, match=r"words\.txt:2: not UTF-8"):
        document("words", [file])


def test_words_of_a_list_that_refuses_are_reviewed_if_alone_and_a_later_file_wins(tmp_path: Path):
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("\ufeffhow to kill\nheroin\tRefuse\n".replace("Refuse", "refuse") + "knob\n", encoding="utf-8")
    second.write_text("knob\tallow\n")
    assert document("words", [first, second], "refuse") == [["how to kill", "refuse"], ["heroin", "refuse"], ["knob", "allow"]]
    assert terms(b"knob\n", "refuse") == {"knob": "review"}


def test_what_is_loaded_is_what_a_service_reads_and_its_version_is_its_content():
    objects = FakeObjects()
    version = load_document(objects, "words", "en", [["pistol", "review"]])
    assert Reference(objects).document("words/en") == [["pistol", "review"]]
    assert version == version_of([["pistol", "review"]]) != version_of([["pistol", "refuse"]])
    assert json.loads(objects.kept["reference/words/en/current.json"]) == {"version": version}
    assert [name_of(kind, "zh-CN") for kind in ("taxonomy", "dangerous-goods")] == ["taxonomy/zh-CN", "dangerous-goods"]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_demos_categories_are_real_ones_in_six_verticals_or_more(data: Path, language: str):
    real = dict(document("taxonomy", [data / "taxonomy" / language / "categories.txt"]))
    rows = document("taxonomy", [ROOT / f"demo/reference/categories.{language}.txt"])
    assert all(real[category] == name for category, name in rows)
    assert len({category.partition("-")[0] for category, _ in rows}) >= 6


def test_the_newest_day_of_the_ecbs_whole_history_loads_and_converts(data: Path):
    told = document("fx", [data / "fx" / "eurofxref-hist.zip"])
    assert isinstance(told, dict)
    assert (told["date"], told["per_euro"]["USD"]) == ("2026-10-30", "1.1172")
    assert "CYP" not in told["per_euro"]
    assert Rates.of(told).convert(Money(1000, "EUR"), "USD") == Money(1118, "USD")


def test_an_older_day_can_be_asked_for_by_name(data: Path):
    told = document("fx", [data / "fx" / "eurofxref-hist.zip"], day="2026-10-29")
    assert told["per_euro"]["USD"] == "1.113"  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), ("Day,USD\n", 1), ("Date,USD\n", 0), ("Date,USD\nyesterday,1.1\n", 2), ("Date,USD\n2026-10-30,1.1.1\n", 2),
     ("Date,USD\n2026-10-30,-1\n", 2), ("Date,USD,GBP\n2026-10-30,1.1\n", 2), ("Date,USD,USD\n2026-10-30,1.1,1.2\n", 1),
     ("Date,USD\n2026-10-30,1.1\n\n2026-10-30,1.2\n", 4), ("Date,USD\n2026-10-30,1.1\n1999-01-04,0.0\n", 3),
     ("Date,USD\n2026-10-30,N/A\n", 0), ('Date,USD\n2026-10-30,"' + "1" * 200_000 + '"\n', 2)],
)  # fmt: skip
def test_rates_that_are_none_are_refused_by_their_line(text: str, line: int):
    assert flaws(rates, text)[0][0] == line


def test_the_daily_file_writes_its_day_in_words():
    assert rates(b"Date, USD, JPY, \n30 October 2026, 1.1172, 175.68, \n") == {
        "date": "2026-10-30", "per_euro": {"USD": "1.1172", "JPY": "175.68"},
    }  # fmt: skip


def zipped(change: Callable[[bytearray], object] = bytes) -> bytes:
    """A zip of a day's rates, with a change to its bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("eurofxref.csv", "Date,USD\n" + "".join(f"20{year}-10-30,1.1\n" for year in range(10, 27)))
    raw = bytearray(file.getvalue())
    change(raw)
    return bytes(raw)


def flipped(*places: int) -> Callable[[bytearray], object]:
    return lambda raw: [raw.__setitem__(place, raw[place] ^ 0xFF) for place in places]


def test_a_zip_is_read_if_it_is_whole_and_else_refused_whatever_is_broken():
    assert rates(zipped())["date"] == "2026-10-30"
    with pytest.raises(Flawed):
        rates(b"PK\x03\x04 no zip")
    random, size = Random(7), len(zipped())
    for _ in range(500):
        broken = zipped(flipped(*(random.randrange(4, size) for _ in range(random.randint(1, 3)))))
        with suppress(Flawed):
            assert rates(broken)["per_euro"]  # bytes that nobody reads, such as a time
