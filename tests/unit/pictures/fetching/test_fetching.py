"""Pictures that lie at addresses: one id each, fetched once, told of by name, fetched anew only when asked for again."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from functions.pictures.fetching.fetch_job import MOST_IN_JOB, PAUSES, FetchJob
from functions.pictures.fetching.fetched import Fetched, Unfetched
from functions.pictures.reading.refusal import Refusal
from shared.bus import envelope
from shared.messages import ProductSubmitted
from shared.pictures.by_address import LONGEST, picture_id_of, written
from shared.pictures.picture_messages import PictureRefused, PictureShown
from shared.trade.product import Product
from tests.fakes import Reply, call, caller, sqs
from tests.unit.pictures.conftest import ACCOUNT, SENT, Pictures, keys
from tests.unit.pictures.contents.test_arrivals import events
from tests.unit.pictures.samples import photo
from tests.unit.uploads.samples import product

HERE = "https://shop.example.com/a.jpg"
PHOTO, OTHER = photo(90, 60), photo(60, 90)
SILENT = Unfetched(Refusal("no-answer"), passes=True)
NOWHERE = Unfetched(Refusal("not-served", "404"))


class World:
    """The service, addresses that answer as a test says, and a queue that a test empties."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures, self.services = pictures, pictures.services
        self.answers: dict[str, Fetched | Unfetched] = {}
        self.fetched, self.sent = list[str](), list[tuple[FetchJob, timedelta]]()
        vars(self.services).update(fetch=self.fetch, fetch_queue=self, local=False)

    def fetch(self, addresses: Sequence[str]) -> list[Fetched | Unfetched]:
        self.fetched += addresses
        return [self.answers[address] for address in addresses]

    def send(self, jobs: Sequence[FetchJob], delay: timedelta = timedelta(0)) -> None:
        self.sent += [(job, delay) for job in jobs]

    def ask(self, url: str = HERE, key: str = "k1") -> Reply:
        return call(
            self.pictures.app, "POST", "/v1/pictures", body={"url": url}, headers={"idempotency-key": key}, by=caller(ACCOUNT, "supplier")
        )

    def submit(self, *urls: str, version: int = 1) -> Any:
        message = ProductSubmitted(
            version=version, product_id="prd_1", supplier_id=ACCOUNT, product=Product.model_validate(product()), submitted_at="2026-11-30",
            picture_urls=list(urls),
        )  # fmt: skip
        return self.pictures.worker(sqs(envelope(message, self.pictures.clock())), None)

    def work(self) -> list[timedelta]:
        """Empty the queue, and read what arrived; answers how long each job waited."""
        waited = list[timedelta]()
        while self.sent:
            job, delay = self.sent.pop(0)
            waited.append(delay)
            assert self.pictures.fetcher(sqs(job.model_dump_json()), None) == {"batchItemFailures": []}
        for key in keys(SENT):
            if key.startswith("sent/"):
                self.arrived(key)
        return waited

    def arrived(self, key: str) -> None:
        self.pictures.reader(sqs(json.dumps({"Records": [{"s3": {"object": {"key": key}}}]})), None)

    def look(self, url: str = HERE) -> dict[str, Any]:
        return dict(self.pictures.look(picture_id_of(ACCOUNT, url)).body)


@pytest.fixture
def world(pictures: Pictures) -> World:
    found = World(pictures)
    found.answers[HERE] = Fetched(PHOTO)
    return found


def test_what_lies_at_an_address_is_shown_under_an_id_that_was_known_before(world: World) -> None:
    answer = world.ask()
    assert (answer.status, answer.body) == (201, {"picture_id": picture_id_of(ACCOUNT, HERE)})
    assert world.look() == {"picture_id": answer.body["picture_id"], "url": HERE, "state": "missing"}
    world.work()
    assert (world.look()["state"], world.look()["shown"]["width"]) == ("shown", 90)
    assert [key for key in keys(SENT) if key.startswith("sent/")] == []


@pytest.mark.parametrize(
    "url", ["ftp://a.example/b", "https://10.0.0.1/a.jpg", "https://localhost/a.jpg", "a.jpg", "https://" + "a" * LONGEST]
)
def test_what_is_no_public_address_is_refused_at_the_door(world: World, url: str) -> None:
    answer = world.ask(url)
    assert (answer.status, [error["pointer"] for error in answer.body["errors"]]) == (422, ["/url"])
    assert world.sent == []


def test_an_address_and_a_file_are_not_one_request_and_neither_is_none(world: World) -> None:
    def pointers(**body: Any) -> list[str]:
        answer = call(
            world.pictures.app, "POST", "/v1/pictures", body=body, headers={"idempotency-key": "k"}, by=caller(ACCOUNT, "supplier")
        )
        return [error["pointer"] for error in answer.body["errors"]]

    assert pointers(url=HERE, bytes=5) == ["/bytes"]
    assert pointers(bytes=5) == ["/content_type", "/sha256"]


def test_a_request_sent_again_asks_for_nothing_anew_and_its_key_is_for_one_address(world: World) -> None:
    world.ask()
    world.work()
    assert (world.ask().status, world.work()) == (201, [])
    assert world.ask("https://shop.example.com/b.jpg").status == 422
    assert (len(world.fetched), len(events())) == (1, 1)


def test_a_request_whose_job_was_lost_is_sent_again_and_its_job_with_it(world: World) -> None:
    world.ask()
    world.sent.clear()
    world.ask()
    world.work()
    assert world.look()["state"] == "shown"


def test_what_changed_is_shown_when_it_is_asked_for_again_and_not_before(world: World) -> None:
    world.ask()
    world.work()
    world.answers[HERE] = Fetched(OTHER)
    world.submit(HERE, version=2)
    assert (world.work(), world.look()["shown"]["width"]) == ([], 90)
    world.ask(key="k2")
    assert (world.look()["state"], world.look()["fetching_anew"], world.look()["shown"]["width"]) == ("shown", True, 90)
    world.work()
    found = world.look()
    assert (found["shown"]["width"], found.get("fetching_anew")) == (60, None)
    assert [event.version for event in events()] == [2]


def test_what_is_the_same_when_it_is_asked_for_again_is_no_news(world: World) -> None:
    world.ask()
    world.work()
    world.ask(key="k2")
    world.work()
    assert [(type(event), event.version) for event in events()] == [(PictureShown, 1)]
    assert "fetching_anew" not in world.look()


def test_what_is_gone_when_it_is_asked_for_again_is_told_and_what_was_there_is_shown_still(world: World) -> None:
    world.ask()
    world.work()
    world.answers[HERE] = NOWHERE
    world.ask(key="k2")
    world.work()
    found = world.look()
    assert (found["state"], found["shown"]["width"], found["broken"]["code"], "404" in found["broken"]["detail"]) == (
        "shown",
        90,
        "not-served",
        True,
    )


def test_an_answer_to_an_ask_that_another_overtook_changes_nothing(world: World) -> None:
    """Its file had arrived and was not read yet."""
    world.ask()
    job, _ = world.sent.pop()
    world.pictures.fetcher(sqs(job.model_dump_json()), None)
    (late,) = [key for key in keys(SENT) if key.startswith("sent/")]
    world.answers[HERE] = Fetched(OTHER)
    world.ask(key="k2")
    world.arrived(late)
    world.work()
    assert (world.look()["shown"]["width"], keys(SENT)[0].startswith("originals/"), len(keys(SENT))) == (60, True, 1)


def test_a_products_pictures_are_fetched_together_each_once_and_told_of_by_name(world: World) -> None:
    urls = [f"https://shop.example.com/{n}.jpg" for n in range(MOST_IN_JOB + 1)]
    world.answers |= {url: Fetched(PHOTO) for url in urls} | {urls[1]: NOWHERE}
    assert world.submit(*urls, urls[0]) == {"batchItemFailures": []}
    assert [len(job.wanted) for job, _ in world.sent] == [MOST_IN_JOB, 1]
    world.work()
    assert [world.look(url)["state"] for url in urls] == ["shown", "broken", *["shown"] * (MOST_IN_JOB - 1)]
    told = [event for event in events() if isinstance(event, PictureRefused)]
    assert [(event.picture_id, event.code) for event in told] == [(picture_id_of(ACCOUNT, urls[1]), "not-served")]
    assert world.pictures.rendered == 1, "the same bytes at seven addresses are read once"


def test_a_message_that_comes_twice_fetches_once(world: World) -> None:
    world.submit(HERE)
    world.work()
    world.submit(HERE)
    assert world.work() == []


def test_a_product_sent_again_has_what_could_not_be_fetched_fetched_anew(world: World) -> None:
    world.answers[HERE] = NOWHERE
    world.submit(HERE)
    world.work()
    world.answers[HERE] = Fetched(PHOTO)
    world.submit(HERE, version=2)
    world.work()
    assert [event.version for event in events()] == [2]
    assert (world.look()["state"], "broken" in world.look()) == ("shown", False)


def test_what_gives_no_answer_is_tried_five_times_with_ever_longer_pauses_and_then_told(world: World) -> None:
    world.answers[HERE] = SILENT
    world.ask()
    assert world.work() == [timedelta(0), *PAUSES]
    assert (len(world.fetched), world.look()["broken"]["code"]) == (5, "no-answer")


def test_what_answers_in_the_end_is_shown_and_the_others_of_its_job_are_not_fetched_again(world: World) -> None:
    other = "https://other.example.com/a.jpg"
    world.answers[other] = SILENT
    world.submit(HERE, other)
    job, _ = world.sent.pop()
    world.pictures.fetcher(sqs(job.model_dump_json()), None)
    world.answers[other] = Fetched(OTHER)
    assert world.work() == [PAUSES[0]]
    assert world.fetched == [HERE, other, other]
    assert world.look(other)["shown"]["width"] == 60


def test_what_is_no_picture_is_named_as_a_file_would_be(world: World) -> None:
    world.answers[HERE] = Fetched(b"<!doctype html><p>gone")
    world.ask()
    world.work()
    assert world.look()["broken"]["code"] == "wrong-type"


def test_an_address_that_is_too_long_is_fetched_from_nowhere_and_named(world: World) -> None:
    """A feed's row may say whatever it likes: it is cut where it comes in."""
    long = written("https://shop.example.com/" + "商" * LONGEST)
    world.answers[long] = Unfetched(Refusal("address"))
    world.submit(long)
    world.work()
    assert world.look(long)["broken"]["code"] == "address"


def test_a_picture_by_its_address_is_its_accounts_alone(world: World) -> None:
    picture_id = world.ask().body["picture_id"]
    assert world.pictures.look(picture_id, "acc_2").status == 404
    assert picture_id != picture_id_of("acc_2", HERE)
