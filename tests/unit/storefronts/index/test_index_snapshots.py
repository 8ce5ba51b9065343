"""index_snapshots.py: a new process begins where the last snapshot ended."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

from functions.storefronts.index.index_query import All
from functions.storefronts.index.index_replica import take_in, unread
from functions.storefronts.index.index_snapshots import KEPT, Snapshots, write_snapshot
from functions.storefronts.index.tantivy_index import SCHEMA, TantivyIndex
from tests.fakes import NOON
from tests.unit.storefronts.fakes import Bucket, FakeLog, card
from tests.unit.storefronts.index.test_index_replica import entry


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_a_process_that_begins_with_a_snapshot_reads_only_what_came_after_it(tmp_path: Path):
    log, snapshots = FakeLog(), Snapshots(Bucket(), SCHEMA)
    for n in range(1, 6):
        log.tell(entry(card(n), f"prd_{n}", n))
    assert write_snapshot(snapshots, made(tmp_path / "a"), TantivyIndex, log, NOON) == 5
    log.tell(entry(card(7), "prd_7", 30))
    folder = made(tmp_path / "b")
    tail = snapshots.unpack(folder)
    engine = TantivyIndex(folder)
    assert engine.size == 5
    assert take_in(engine, log, tail) == 1
    assert {c.product_id for c in engine.page(All(), None, 9)} == {"prd_1", "prd_2", "prd_3", "prd_4", "prd_5", "prd_7"}


def test_nothing_is_written_while_nothing_changes_and_old_snapshots_go(tmp_path: Path):
    log, bucket = FakeLog(), Bucket()
    snapshots = Snapshots(bucket, SCHEMA)
    assert write_snapshot(snapshots, made(tmp_path / "0"), TantivyIndex, log, NOON) == 0
    assert bucket.kept == {}
    for turn in range(KEPT + 2):
        log.tell(entry(card(turn), f"prd_{turn}", turn))
        write_snapshot(snapshots, made(tmp_path / f"x{turn}"), TantivyIndex, log, NOON + timedelta(minutes=turn))
    assert len([key for key in bucket.kept if key.endswith(".zip")]) == KEPT
    assert list(tmp_path.iterdir()) == []


def test_a_snapshot_of_another_schema_is_not_read(tmp_path: Path):
    log, bucket = FakeLog(), Bucket()
    log.tell(entry(card(1), "prd_1", 1))
    write_snapshot(Snapshots(bucket, SCHEMA), made(tmp_path / "a"), TantivyIndex, log, NOON)
    folder = made(tmp_path / "b")
    assert Snapshots(bucket, SCHEMA + 1).unpack(folder) == unread()
    assert list(folder.iterdir()) == []


def test_a_name_that_leads_out_of_the_folder_is_not_unpacked(tmp_path: Path):
    log, bucket = FakeLog(), Bucket()
    log.tell(entry(card(1), "prd_1", 1))
    write_snapshot(Snapshots(bucket, SCHEMA), made(tmp_path / "a"), TantivyIndex, log, NOON)
    name = next(key for key in bucket.kept if key.endswith(".zip"))
    out = io.BytesIO(bucket.kept[name])
    with zipfile.ZipFile(out, "a") as archive:
        for bad in ("../outside", "..", "/outside", "a/b"):
            archive.writestr(bad, b"x")
    bucket.kept[name] = out.getvalue()
    Snapshots(bucket, SCHEMA).unpack(made(tmp_path / "b"))
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
    assert all(path.is_file() for path in (tmp_path / "b").iterdir())
