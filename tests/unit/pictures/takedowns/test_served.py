"""Files of a content that one hides and another shows at the same moment: none is lost."""

from collections.abc import Callable
from typing import Any

from functions.pictures.contents.content_store import ContentStore
from functions.pictures.takedowns.served_client import ServedFiles
from tests.conftest import aws
from tests.unit.pictures.conftest import MEDIA, SENT, Pictures, keys
from tests.unit.pictures.samples import photo


class Interrupted(ServedFiles):
    """S3, before each of whose deletions another acts."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__(SENT, MEDIA, "")
        self._meanwhile = meanwhile

    @property
    def _s3(self) -> Any:  # type: ignore[override]
        return self

    def copy_object(self, **asked: Any) -> None:
        aws("s3").copy_object(**asked)

    def delete_object(self, **asked: Any) -> None:
        self._meanwhile()
        aws("s3").delete_object(**asked)


def test_who_hides_and_who_shows_at_the_same_moment_leave_all_files_to_who_follows_last(pictures: Pictures) -> None:
    pictures.send(photo(90, 60))
    served, other = keys(MEDIA), ServedFiles(SENT, MEDIA, "")
    content = ContentStore(SENT).get(served[0].partition("/")[0])
    assert content is not None
    Interrupted(lambda: other.show(content)).hide(content)
    other.show(content)  # whoever hid finds that the content is hidden no more, and follows it again
    assert keys(MEDIA) == served
    Interrupted(lambda: other.hide(content)).show(content)
    other.hide(content)
    assert keys(MEDIA) == []
    other.show(content)
    assert keys(MEDIA) == served
