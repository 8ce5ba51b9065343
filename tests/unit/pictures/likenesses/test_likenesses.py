"""What looks like another account's picture is told as a hint, with both and the distance; one's own views and hidden ones are none."""

from shared.pictures.picture_messages import PictureLikenessFound
from tests.unit.pictures.conftest import ACCOUNT, Pictures
from tests.unit.pictures.contents.test_arrivals import events
from tests.unit.pictures.noise import noise
from tests.unit.pictures.samples import opened
from tests.unit.pictures.takedowns.test_notices import Hub
from tools.near_duplicates.altered import half, jpeg

PHOTO = noise(1)
COPY, AGAIN = half(opened(PHOTO)), jpeg(opened(PHOTO), 50)


def told() -> list[PictureLikenessFound]:
    return [event for event in events() if isinstance(event, PictureLikenessFound)]


def test_a_copy_of_anothers_picture_is_told_with_both_and_their_distance(pictures: Pictures) -> None:
    first = pictures.send(PHOTO)
    pictures.send(noise(9), key="k2")
    copy = pictures.send(COPY, account="acc_2")
    (found,) = told()
    assert (found.account_id, found.picture_id, found.version) == ("acc_2", copy["picture_id"], 1)
    (other,) = found.others
    assert (other.account_id, other.picture_id) == (ACCOUNT, first["picture_id"])
    assert other.distance <= 5
    assert (found.shown.width, other.shown.width) == (copy["shown"]["width"], first["shown"]["width"])


def test_an_accounts_own_views_of_a_thing_are_no_hint(pictures: Pictures) -> None:
    pictures.send(PHOTO)
    pictures.send(COPY, key="k2")
    assert told() == []


def test_the_same_bytes_are_told_once_by_whoever_sent_them_first(pictures: Pictures) -> None:
    pictures.send(PHOTO)
    pictures.send(PHOTO, account="acc_2")
    assert told() == []
    pictures.send(COPY, account="acc_3")
    pictures.send(COPY, account="acc_4")
    assert [found.account_id for found in told()] == ["acc_3"]


def test_the_nearest_five_are_told_and_none_that_is_hidden(pictures: Pictures) -> None:
    hub = Hub(pictures)
    hidden = hub.commons.given("public-domain", body=PHOTO, title="Spots")
    hub.notice(hidden)
    for n in range(6):
        pictures.send(jpeg(opened(PHOTO), 60 + n), account=f"acc_{n + 10}")
    pictures.send(COPY, account="acc_2")
    (found,) = (each for each in told() if each.account_id == "acc_2")
    assert len(found.others) == 5
    assert ACCOUNT not in {other.account_id for other in found.others}
    assert [other.distance for other in found.others] == sorted(other.distance for other in found.others)


def test_who_dies_between_the_hint_and_the_picture_tells_it_once(pictures: Pictures) -> None:
    pictures.send(PHOTO)
    picture_id = pictures.put(COPY, account="acc_2")
    store = pictures.services.picture_store

    class Dies:
        get = store.get

        def settle(self, *_: object) -> None:
            raise ConnectionError

    pictures.services.arrivals._pictures = Dies()  # type: ignore[assignment]
    assert pictures.arrive(picture_id, "acc_2")["batchItemFailures"]
    pictures.services.arrivals._pictures = store
    assert pictures.arrive(picture_id, "acc_2") == {"batchItemFailures": []}
    assert [(found.picture_id, found.version) for found in told()] == [(picture_id, 1)]


def test_a_hint_says_of_the_other_picture_what_its_sender_tells_everybody_and_nothing_of_one_that_is_its_own(pictures: Pictures) -> None:
    hub = Hub(pictures)
    hub.commons.given("public-domain", body=PHOTO, title="Spots")
    pictures.send(COPY, account="acc_2")
    pictures.send(noise(3), account="acc_5", key="k5")
    pictures.send(half(opened(noise(3))), account="acc_6", key="k6")
    assert [[(other.title, bool(other.credit)) for other in found.others] for found in told()] == [[("Spots", True)], [("", False)]]
