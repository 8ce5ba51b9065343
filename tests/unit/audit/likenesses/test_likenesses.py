"""A hint that pictures look alike stands beside what rules found, decides nothing, and is settled by a person's word alone."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from functions.audit import handler
from functions.audit.bootstrap import AddressSettings, Services, Settings
from functions.audit.likenesses.likeness import Word
from shared.api.service import Service
from shared.bus import envelope
from shared.ids import derived_id
from shared.optimistic_retry import AT_ONCE
from shared.pictures.picture_messages import Alike, PictureLikenessFound
from shared.pictures.shown_picture import ShownPicture
from shared.trade.reference_data import Reference, load
from tests.dynamodb import losing_answer
from tests.fakes import NOON, TICKETS, FakeClock, FakeObjects, Reply, call, caller, sqs
from tests.unit.audit.given import GOODS, WORDS_EN, WORDS_ZH, product, submitted

OURS, THEIRS = derived_id("pic", "ours"), derived_id("pic", "theirs")
AUDITOR = caller("acc_a", "auditor")


def shown(name: str) -> ShownPicture:
    return ShownPicture(content=derived_id("img", name), width=900, height=600, colour="#a1b2c3", blur="QUFB")


def found(version: int = 1, supplier: str = "acc_1", picture_id: str = OURS) -> PictureLikenessFound:
    other = Alike(picture_id=THEIRS, account_id="acc_2", shown=shown("theirs"), distance=2)
    return PictureLikenessFound(version=version, picture_id=picture_id, account_id=supplier, shown=shown(picture_id), others=[other])


class Audit:
    def __init__(self, table: str) -> None:
        objects, self.clock = FakeObjects(), FakeClock()
        load(objects, "taxonomy/en", "1", [["hg", "Home & Garden"]])
        load(objects, "words/en", "1", WORDS_EN)
        load(objects, "words/zh", "1", WORDS_ZH)
        load(objects, "dangerous-goods", "1", GOODS)
        parts: dict[str, Any] = {"tickets": TICKETS, "reference": Reference(objects), "retry": AT_ONCE, "clock": self.clock}
        self.services = services = Services(Settings(table), AddressSettings("https://media.example"), **parts)
        self.app = Service("audit", lambda: services, handler.ROUTES)
        self.worker = replace(handler.worker, services=lambda: services)

    def hear(self, *messages: Any) -> None:
        assert self.worker(sqs(*(envelope(message, NOON) for message in messages)), None) == {"batchItemFailures": []}

    def list(self, **query: str) -> Any:
        return call(self.app, "GET", "/v1/picture-likenesses", by=AUDITOR, query=query).body

    def say(self, *, same: bool = True, version: int = 1, supplier: str = "acc_1", picture_id: str = OURS, by: str = "acc_a") -> Reply:
        body = {"supplier_id": supplier, "version": version, "same": same, "reason": "one shadow, one scratch"}
        route, who = "/v1/picture-likenesses/{picture_id}", caller(by, "auditor")
        return call(self.app, "PUT", route, body=body, path={"picture_id": picture_id}, by=who)


@pytest.fixture
def audit(make_table: Any) -> Audit:
    return Audit(make_table("audit"))


def problem(answer: Reply) -> str:
    return str(answer.body["type"]).rpartition(":")[2]


def test_a_hint_shows_both_pictures_and_their_distance_and_holds_no_product(audit: Audit) -> None:
    event = submitted(product(pictures=[OURS]))
    audit.hear(found(), event)
    (listed,) = audit.list()["items"]
    assert (listed["picture_id"], listed["others"][0]["picture_id"], listed["others"][0]["distance"]) == (OURS, THEIRS, 2)
    assert listed["others"][0]["picture"]["jpeg"] == f"https://media.example/{derived_id('img', 'theirs')}/1280.jpg"
    assert call(audit.app, "GET", "/v1/reviews", by=AUDITOR).body["items"] == []


def test_who_reviews_a_product_sees_the_hints_on_its_pictures_and_what_was_said_of_them(audit: Audit) -> None:
    event = submitted(product("A pistol", pictures=[derived_id("pic", "else"), OURS]))
    audit.hear(event, found())
    audit.say()
    review = call(
        audit.app, "GET", "/v1/reviews/{product_id}", path={"product_id": event.product_id}, query={"supplier": "acc_1"}, by=AUDITOR
    ).body
    assert [finding["code"] for finding in review["findings"]] == ["prohibited-word"]
    (hint,) = review["likenesses"]
    assert (hint["picture_id"], hint["word"]["same"], hint["word"]["by"]) == (OURS, True, "acc_a")


def test_once_a_person_has_said_something_it_is_listed_no_more_and_the_first_word_stands(audit: Audit) -> None:
    audit.hear(found())
    assert audit.say().status == 200
    assert audit.say().status == 200
    assert problem(audit.say(same=False)) == "already-decided"
    audit.hear(found())
    assert audit.list()["items"] == []


def test_another_picture_under_the_same_id_is_a_hint_of_its_own(audit: Audit) -> None:
    audit.hear(found())
    audit.say()
    audit.hear(found(2), found(1))
    assert [each["version"] for each in audit.list()["items"]] == [2]
    assert problem(audit.say()) == "version-moved-on"


@pytest.mark.parametrize("number", [1, 2])
def test_said_again_after_a_lost_answer_it_is_answered_as_the_first_was(audit: Audit, number: int) -> None:
    audit.hear(found())
    word = Word(same=True, reason="one shadow", by="acc_a", at="2026-12-01T00:00:00.000Z")
    with losing_answer(number), suppress(ConnectionError):
        audit.services.likenesses.say("acc_1", OURS, 1, word)
    assert audit.services.likenesses.say("acc_1", OURS, 1, word).word == word


@pytest.mark.parametrize("by", ["acc_1", "acc_2"])
def test_nobody_decides_on_a_picture_of_their_own(audit: Audit, by: str) -> None:
    audit.hear(found())
    assert problem(audit.say(by=by)) == "own-picture"


def test_of_what_nobody_hinted_at_nothing_can_be_said(audit: Audit) -> None:
    assert (audit.say().status, audit.say(picture_id="x#y").status) == (404, 404)


def test_hints_are_listed_page_by_page_the_oldest_first(audit: Audit) -> None:
    names = [derived_id("pic", str(n)) for n in range(3)]
    for name in names:
        audit.hear(found(picture_id=name))
        audit.clock.tick(seconds=1)
    first = audit.list(limit="2")
    rest = audit.list(limit="2", cursor=first["next"])
    assert [each["picture_id"] for each in (*first["items"], *rest["items"])] == names


def test_a_review_names_the_product_that_it_doubles_and_a_hint_what_all_are_told_of_the_other_picture(audit: Audit) -> None:
    audit.hear(submitted(product(pictures=[THEIRS]), "acc_2"))
    event = submitted(product(sku="SKU-2", pictures=[OURS]))
    hint = found()
    told = [each.model_copy(update={"title": "Walnut bowl, front", "credit": "Ada Lens"}) for each in hint.others]
    audit.hear(hint.model_copy(update={"others": told}), event)
    review = call(
        audit.app, "GET", "/v1/reviews/{product_id}", path={"product_id": event.product_id}, query={"supplier": "acc_1"}, by=AUDITOR
    ).body  # fmt: skip
    named = review["duplicate_of"]
    assert (named["supplier_id"], named["sku"], named["title"], named["picture"]) == (
        "acc_2",
        product().sku,
        product().text("en").title,
        THEIRS,
    )
    (other,) = review["likenesses"][0]["others"]
    assert (other["title"], other["credit"]) == ("Walnut bowl, front", "Ada Lens")
