"""A row of a feed says what became of each picture that it names by an address, in words, whatever is heard first."""

from typing import Any

import pytest

from functions.pictures.places.picture import Picture, event_of
from functions.pictures.reading.refusal import Code, Refusal
from functions.uploads.pictures.row_picture import MOST_KEPT
from shared.ids import derived_id
from shared.pictures.by_address import picture_id_of
from shared.pictures.picture_messages import PictureHidden, PictureRefused, PictureShown
from shared.pictures.shown_picture import ShownPicture
from tests.unit.uploads.conftest import Uploads
from tests.unit.uploads.samples import ACCOUNT, CELLS, COLUMNS, file_of

A, B, C = (f"https://shop.example/{name}.jpg" for name in "abc")
COLUMN = [*COLUMNS, "picture_urls"]


def feed(uploads: Uploads, *urls: str, key: str = "f1") -> str:
    return uploads.feed(file_of([*CELLS, "|".join(urls)], columns=COLUMN).encode(), key)


def told(url: str, version: int = 1) -> dict[str, Any]:
    return {"picture_id": picture_id_of(ACCOUNT, url), "account_id": ACCOUNT, "version": version}


def shown(url: str, version: int = 1) -> PictureShown:
    return PictureShown(
        **told(url, version), shown=ShownPicture(content=derived_id("img", url), width=9, height=9, colour="#aabbcc", blur="QUFB")
    )


def refused(url: str, code: Code = "not-served", found: str = "404", version: int = 1) -> PictureRefused:
    message = event_of(Picture(account_id=ACCOUNT, id=picture_id_of(ACCOUNT, url), version=version, refusal=Refusal(code, found)))
    assert isinstance(message, PictureRefused)
    return message


def pictures(uploads: Uploads, feed_id: str) -> list[dict[str, Any]]:
    (row,) = uploads.report(feed_id)["items"]
    return list(row["pictures"])


def test_each_picture_of_a_row_is_told_by_its_address_with_what_became_of_it(uploads: Uploads) -> None:
    feed_id = feed(uploads, A, B, C)
    uploads.hear(shown(A), refused(B))
    first, second, third = pictures(uploads, feed_id)
    assert (first["url"], first["state"], first.get("detail")) == (A, "shown", None)
    assert (second["state"], second["code"], "404" in second["detail"], second["detail_zh"] != second["detail"]) == (
        "broken", "not-served", True, True,
    )  # fmt: skip
    assert (third["state"], third["picture_id"], "being fetched" in third["detail"]) == ("awaited", picture_id_of(ACCOUNT, C), True)
    assert "正在下载" in third["detail_zh"]


@pytest.mark.parametrize("code", ["address", "no-answer", "too-large", "wrong-type", "animated", "redirects"])
def test_why_a_picture_was_refused_is_told_in_both_languages(uploads: Uploads, code: Code) -> None:
    feed_id = feed(uploads, A)
    uploads.hear(refused(A, code, "HTML"))
    (found,) = pictures(uploads, feed_id)
    assert (found["code"], found["detail"], found["detail_zh"]) == (
        code,
        Refusal(code, "HTML").words("en"),
        Refusal(code, "HTML").words("zh"),
    )


def test_the_last_word_counts_however_late_an_earlier_one_comes(uploads: Uploads) -> None:
    feed_id = feed(uploads, A)
    uploads.hear(shown(A, 2))
    uploads.hear(refused(A, version=1))
    assert pictures(uploads, feed_id)[0]["state"] == "shown"
    uploads.hear(PictureHidden(**told(A, 3), content=derived_id("img", A), code="copyright", reason="hers", reason_zh="她的"))
    assert [pictures(uploads, feed_id)[0][name] for name in ("state", "code", "detail", "detail_zh")] == [
        "hidden",
        "copyright",
        "hers",
        "她的",
    ]


def test_a_later_feed_that_names_the_same_picture_knows_what_became_of_it(uploads: Uploads) -> None:
    feed(uploads, A)
    uploads.hear(shown(A))
    later = feed(uploads, A, key="f2")
    assert [(each["url"], each["state"]) for each in pictures(uploads, later)] == [(A, "shown")]


def test_another_accounts_picture_of_the_same_address_is_another(uploads: Uploads) -> None:
    feed_id = feed(uploads, A)
    uploads.hear(shown(A).model_copy(update={"account_id": "acc_9"}))
    assert pictures(uploads, feed_id)[0]["state"] == "awaited"


def test_a_row_without_addresses_tells_of_no_pictures_and_a_report_of_before_is_read(
    uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORED_TEXTS", "plain")
    feed_id = uploads.feed(file_of(CELLS).encode())
    monkeypatch.delenv("STORED_TEXTS")
    (row,) = uploads.report(feed_id)["items"]
    assert (row["status"], row.get("pictures")) == ("submitted", None)


def test_addresses_beyond_what_a_report_keeps_are_told_by_their_pictures(uploads: Uploads) -> None:
    long = [f"https://shop.example/{n}{'x' * 1500}" for n in range(4)]
    found = pictures(uploads, feed(uploads, *long))
    assert [each["url"] for each in found] == [*long[:2], "", ""]
    assert [each["picture_id"] for each in found] == [picture_id_of(ACCOUNT, url) for url in long]
    assert sum(map(len, long[:2])) <= MOST_KEPT
