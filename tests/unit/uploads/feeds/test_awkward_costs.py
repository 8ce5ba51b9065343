"""What the worst files cost who reads them: seconds of CPU, and memory beyond that of an empty file, in a process of their own."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.uploads.feeds.feed import MAX_BYTES
from tests.conftest import ROOT
from tests.unit.uploads.feeds.test_bad_files import ITEM, MANY, rss, workbook
from tests.unit.uploads.samples import CELLS, COLUMNS

pytestmark = pytest.mark.thorough
MOST_SECONDS, MOST_MB = 60, 150
MANY_ROWS = 25_000
READ = """
import re, sys, tempfile, time
from pathlib import Path
from functions.uploads.feeds.feed import Feed, FeedHeld, FeedRefused
from functions.uploads.feeds.feed_splitter import kept_lines
from functions.uploads.feeds.product_rows import chunks_of
from functions.uploads.feeds.spool import Spool
from functions.uploads.mapping.recognise import KnownNames
from functions.uploads.reading.opened import opened
from functions.uploads.reading.sniffer import Sniffer
feed = Feed(id="fd_1", account_id="acc_1", name="x", bytes=1, created_at="", as_of="2026-11-01T08:00:00.000Z")
def read(path):
    sniffer = Sniffer()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                sniffer.see(block)
        with opened(path, sniffer.container, sniffer.encoding(), KnownNames()) as lines, tempfile.TemporaryFile() as kept:
            spool = Spool(kept)
            mapping, columns = kept_lines(lines, spool)
            return "read " + str(sum(len(chunk.rows) for chunk in chunks_of(feed, mapping, columns, spool)))
    except (FeedRefused, FeedHeld) as error:
        return error.code
memory = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
read(Path(sys.argv[1]))
before, began = memory(), time.process_time()
found = read(Path(sys.argv[2]))
print(f"{found}|{time.process_time() - began:.1f}|{memory() - before:.0f}")
"""
HEAD = ",".join(COLUMNS) + "\n"
REST = ",".join(CELLS[1:])


def rows(n: int) -> str:
    return HEAD + "".join(f"A-{i},{REST}\n" for i in range(n))


def sheet_of(unpacked: int) -> bytes:
    """A workbook whose sheet unpacks to as many bytes, of rows without cells."""
    small, made = workbook(COLUMNS, CELLS), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(small)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            body = source.read(name)
            if name.endswith("sheet1.xml"):
                row = b'<row r="9"><c r="A9"/></row>'
                body = body.replace(b"</sheetData>", row * (unpacked // len(row)) + b"</sheetData>")
            target.writestr(name, body)
    return made.getvalue()


def files() -> Iterator[tuple[str, bytes, str]]:
    yield "many rows", rows(MANY_ROWS).encode(), f"read {MANY_ROWS}"
    yield "ragged rows", (HEAD + "x,y\n" * MANY_ROWS).encode(), f"read {MANY_ROWS}"
    yield "a line without end", (HEAD + "A" * (MAX_BYTES - 1000)).encode(), ""
    yield "a quote without end", (HEAD + '"' + f"A-1,{REST}\n" * 120_000).encode(), ""
    yield "two encodings", rows(MANY_ROWS).encode() + "".join(f"B-{i},łódka{REST}\n" for i in range(9)).encode("utf-16-le"), ""
    yield "100,000 columns, thirty times", (",".join(MANY) + "\n").encode() * 30, "wrong-header"
    yield "names without end", b"".join(b'{"sku": "%d", "c%d": 1}\n' % (i, i) for i in range(MANY_ROWS)), ""
    yield "a sheet of 300,000 rows of one number", sheet_of(9_000_000), "read 1"
    yield "items of 2,000 elements", rss((ITEM + "<x/>" * 1900 + "</item>") * 400), ""
    yield "elements around no item", rss("<a>" + "<b>x</b>" * 400_000 + "</a>"), ""


def cost(path: Path, folder: Path) -> tuple[str, float, int]:
    """What the file comes to, seconds of CPU, megabytes."""
    empty = folder / "small"
    empty.write_text(rows(3))
    done = subprocess.run(
        [sys.executable, "-c", READ, str(empty), str(path)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=600
    )
    found, seconds, megabytes = done.stdout.strip().split("|")
    return found, float(seconds), int(megabytes)


def test_no_file_costs_more_than_a_splitter_has(tmp_path: Path) -> None:
    costs = {}
    for name, content, found in files():
        (tmp_path / "feed").write_bytes(content)
        costs[name] = cost(tmp_path / "feed", tmp_path)
        print(name, len(content), costs[name])
        assert not found or costs[name][0] == found
    assert {name: each for name, each in costs.items() if each[1] > MOST_SECONDS or each[2] > MOST_MB} == {}
