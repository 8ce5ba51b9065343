"""A hub that is killed, all of it at once, while people order: what it answered is true after its next start, what follows comes."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.fair import Fair
from bench.kills.killed_hub import KilledHub
from bench.kills.shopping import OFFERS, Shopping
from local.demo import load_reference
from tests.flow.market import eventually

pytestmark = pytest.mark.xdist_group("run kills")
CLIENTS = 4


def ordered(hub: KilledHub, shopping: Shopping, more: int) -> None:
    """Let shoppers order until so many more orders were acknowledged, and kill the hub under their hands."""
    wanted = len(shopping.acknowledged) + more
    with shopping.under_way(CLIENTS):
        eventually(lambda: len(shopping.acknowledged) >= wanted, 120)
        hub.kill()


def test_orders_that_were_acknowledged_before_two_kills_are_there_are_paid_split_and_packed_and_stock_is_right(tmp_path: Path):
    with KilledHub(tmp_path) as hub:
        hub.launch()
        hub.until("packaging")
        hub.kill()  # a first run that never was: the next begins anew
        hub.start()
        load_reference(hub.stack)
        shopping = Shopping(Fair(hub.stack.people(), hub.stack.api, OFFERS))
        ordered(hub, shopping, 12)
        hub.launch()
        hub.until("the emulator answers")
        hub.kill()  # in the middle of a start
        hub.start()
        assert "with the data of last time" in hub.printed
        ordered(hub, shopping, 12)
        log = max((hub.data / "state" / "redo").iterdir())
        with log.open("ab") as file:
            file.write(b'1a2b3c4d [["put","half a li')
        hub.start()
        assert "written by half: its 27 bytes are cut off" in hub.printed
        assert shopping.lost() == []
        assert shopping.arrived() == {}
        assert shopping.miscounted() == 0
        assert hub.stack.queues.dead_letters() == {}
        assert hub.stop().endswith("stopped; the data is kept")


@contextmanager
def a_full_disk(hub: KilledHub) -> Iterator[None]:
    """No file of the emulator can grow any more."""
    (emulator,) = (process.pid for process in hub.tree() if any("launcher.py" in word for word in process.cmdline()))
    before = resource.prlimit(emulator, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(emulator, resource.RLIMIT_FSIZE, before)


def queues(hub: KilledHub) -> set[str]:
    return {url.rpartition("/")[2] for url in hub.stack.client("sqs").list_queues()["QueueUrls"]} & {"one", "two", "three"}


def test_a_full_disk_is_said_and_what_cannot_be_kept_is_refused_until_there_is_room(tmp_path: Path):
    with KilledHub(tmp_path) as hub:
        hub.start()
        sqs, s3 = hub.stack.client("sqs"), hub.stack.client("s3")
        with a_full_disk(hub):
            with pytest.raises(sqs.exceptions.ClientError, match=r"the hub cannot write what it is told: .* File too large"):
                sqs.create_queue(QueueName="one")
            with pytest.raises(sqs.exceptions.ClientError, match="File too large"):
                sqs.create_queue(QueueName="two")
            with pytest.raises(s3.exceptions.ClientError):
                s3.put_object(Bucket="monsoon-artefacts", Key="an object", Body=b"some bytes")
            hub.until("the hub cannot write, and refuses what it could not keep: [Errno 27] File too large")
            done = queues(hub)
            assert done <= {"one"}, "the first that is refused may be done; what follows is refused before it is"
        url = sqs.create_queue(QueueName="three")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="kept")
        hub.until("the hub can write again")
        hub.kill()
        hub.start()
        assert queues(hub) == done | {"three"}
        assert [message["Body"] for message in hub.stack.client("sqs").receive_message(QueueUrl=url)["Messages"]] == ["kept"]
