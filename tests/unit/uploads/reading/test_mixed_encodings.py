"""One file, two encodings: nothing of it is read as nonsense, and what cannot be read is told by row."""

import io
from pathlib import Path

import pytest

from functions.uploads.feeds.feed import FeedHeld
from functions.uploads.mapping.recognise import KnownNames
from functions.uploads.reading.mixed_encodings import OfOneEncoding
from functions.uploads.reading.opened import opened
from functions.uploads.reading.sniffer import Sniffer

TITLES = {
    "cp1250": ["Łódka żeglarska ręcznie malowana", "Źródło światła świąteczne", "Gęś pieczona żółta", "Kołdra puchowa śnieżnobiała"],
    "cp1252": ["Café crème brûlée façonnée", "Größe für Mädchen schön", "Señorita año niño", "Crème légère à l'été"],
    "cp1251": ["Лодка деревянная ручная работа", "Светильник новогодний", "Чашка фарфоровая белая"],
    "gb18030": ["白灯笼花园装饰", "手工木船模型", "陶瓷茶壶套装礼盒"],
    "cp932": ["白い提灯の庭飾り", "木製ボートの模型セット"],
    "cp1254": ["Işıklı fener bahçe süsü", "Şık çanta güneş"],
}


def titles_of(path: Path, content: bytes) -> list[str]:
    """The titles as they are read. Raises FeedHeld."""
    path.write_bytes(content)
    sniffer = Sniffer()
    sniffer.see(content)
    with opened(path, "delimited", sniffer.encoding(), KnownNames()) as lines:
        return [line.cells[1] for line in lines]


@pytest.mark.parametrize("encoding", TITLES)
@pytest.mark.parametrize("older", [{1}, {1, 2}, set(range(0, 80, 2)), set(range(80)) - {1}, set(range(80)) - {1, 40}])
@pytest.mark.parametrize("rows", [80, 8])
def test_each_row_is_read_as_it_was_written_or_shows_that_it_could_not_be(
    tmp_path: Path, encoding: str, older: set[int], rows: int
) -> None:
    """A single line in Polish made 1,600 rows of UTF-8 Chinese nonsense, which went on sale."""
    written = [TITLES[encoding][i % len(TITLES[encoding])] for i in range(rows)]
    lines = [f"{i},".encode() + title.encode(encoding if i in older else "utf-8") + b",9.90\n" for i, title in enumerate(written)]
    try:
        read = titles_of(tmp_path / "feed", b"sku,title_en,price\n" + b"".join(lines))
    except FeedHeld:
        assert len(older) > rows / 2, "most of it is UTF-8: nothing is to be asked"
        return
    assert [one for one, title in zip(read, written, strict=True) if one != title and "\ufffd" not in one] == []
    assert sum(one == title for one, title in zip(read, written, strict=True)) >= rows / 2


@pytest.mark.parametrize("encoding", TITLES)
def test_real_words_of_an_encoding_are_none_of_utf_8(encoding: str) -> None:
    text = "\n".join(TITLES[encoding] * 3)
    assert OfOneEncoding(io.StringIO(text), encoding).readline(10_000) == text.splitlines(keepends=True)[0]
