"""Whatever is in a file: its lines, faults of lines, or a refusal of the file; nothing else ever."""

import io
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.uploads.feeds.feed import FeedHeld, FeedRefused
from functions.uploads.mapping.recognise import KnownNames, mapping_for
from functions.uploads.reading.delimited import delimited
from functions.uploads.reading.json_lines import JsonLines
from functions.uploads.reading.sniffer import Sniffer
from functions.uploads.reading.xml_items import XmlItems

TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=500)
CELL = st.text(alphabet="ab1.,;\t|\"'\n\r= ", max_size=12)


@given(TEXT | st.lists(CELL, max_size=60).map("".join))
def test_any_text_is_lines_of_a_table_or_refused(text: str) -> None:
    with suppress(FeedRefused):
        lines = delimited(io.StringIO(text, newline=""), KnownNames())
        mapping_for(lines.columns)
        assert all(line.fault or len(line.cells) == len(lines.columns) for line in lines)


@given(TEXT | st.recursive(st.none() | st.integers() | TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner)).map(json.dumps))
def test_any_text_is_json_lines_or_refused(text: str) -> None:
    with suppress(FeedRefused):
        lines = JsonLines(io.StringIO(text))
        assert all(line.fault or len(line.cells) <= len(lines.columns) for line in lines)


@given(
    TEXT
    | st.lists(st.sampled_from(["<rss>", "<item>", "</item>", "<g:id>", "</g:id>", "</rss>", "x", "&amp;", "&x;", "<![CDATA["])).map(
        "".join
    )
)
def test_any_text_is_items_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.xml"
    path.write_text(text, encoding="utf-8")
    with suppress(FeedRefused):
        list(XmlItems(path))


@given(st.binary(max_size=300))
def test_any_bytes_have_a_container_and_an_encoding_or_are_refused(content: bytes) -> None:
    sniffer = Sniffer()
    with suppress(FeedRefused, FeedHeld):
        sniffer.see(content)
        sniffer.encoding()


def test_a_hundred_thousand_columns_are_refused() -> None:
    with pytest.raises(FeedRefused) as refused:
        delimited(io.StringIO(",".join(f"c{i}" for i in range(20_000)) + "\n"), KnownNames())
    assert refused.value.code == "wrong-header"
    assert len(refused.value.detail) < 1000
