"""Has pictures fetched that lie at addresses: asked for by a request, or by a feed's rows, and told of by name whatever becomes of them."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Protocol

from functions.pictures.fetching.fetch_job import MOST_IN_JOB, FetchJob, Wanted
from functions.pictures.fetching.fetched import Fetched, Unfetched
from functions.pictures.places.picture import Picture, after_reading, asked_anew
from shared.api.idempotency import Idempotency
from shared.ids import derived_id
from shared.iteration import chunks
from shared.messages import ProductSubmitted
from shared.pictures.by_address import picture_id_of


class Pictures(Protocol):
    def note(self, account_id: str, idempotency: Idempotency) -> None:
        """Keep a request's fingerprint under its key. Raises KeyReused."""
        ...

    def get(self, account_id: str, picture_id: str) -> Picture | None: ...

    def ask(self, before: Picture | None, picture: Picture) -> bool:
        """Keep that its file is asked for; False if it is no longer as `before`."""
        ...

    def settle(self, before: Picture, picture: Picture) -> None: ...


class Files(Protocol):
    def put(self, key: str, body: bytes) -> None: ...


class Fetch(Protocol):
    def __call__(self, addresses: Sequence[str], /) -> list[Fetched | Unfetched]: ...


class Queue(Protocol):
    def send(self, jobs: Sequence[FetchJob], delay: timedelta = timedelta(0)) -> None: ...


class FetchRequests:
    """Takes what is to be fetched. Nothing is forgotten between a picture's item and the queue: who asks is told only after both, and asks
    again otherwise."""

    def __init__(self, pictures: Pictures, queue: Queue) -> None:
        self._pictures, self._queue = pictures, queue

    def open(self, account_id: str, address: str, idempotency: Idempotency) -> str:
        """Have what lies at an address fetched, anew if it was before; answers the picture's id. Raises KeyReused."""
        self._pictures.note(account_id, idempotency)
        wanted = Wanted(picture_id=picture_id_of(account_id, address), address=address, asked=idempotency.id("ask"))
        if self._wants(account_id, wanted, anew=True):
            self._queue.send([FetchJob(account_id=account_id, wanted=[wanted])])
        return wanted.picture_id

    def hear(self, message: ProductSubmitted) -> None:
        """Have a product's pictures fetched, those that were not before."""
        account_id, asked = message.supplier_id, derived_id("ask", message.product_id, str(message.version))
        found = [
            Wanted(picture_id=picture_id_of(account_id, address), address=address, asked=asked)
            for address in dict.fromkeys(message.picture_urls)
        ]
        wanted = [each for each in found if self._wants(account_id, each, anew=False)]
        self._queue.send([FetchJob(account_id=account_id, wanted=list(some)) for some in chunks(wanted, MOST_IN_JOB)])

    def _wants(self, account_id: str, wanted: Wanted, *, anew: bool) -> bool:
        """Whether it is to be fetched by this ask: it is not yet, or by this ask already, or could not be before, or `anew`."""
        for _ in range(3):
            before = self._pictures.get(account_id, wanted.picture_id)
            if before and before.asked == wanted.asked:
                return before.awaits
            if before and not anew and (before.awaits or before.state != "broken"):
                return False
            if self._pictures.ask(before, asked_anew(before, account_id, wanted.picture_id, wanted.address, wanted.asked)):
                return True
        return False  # others asked meanwhile, three times: what is fetched for them is as new


class FetchWorker:
    """Fetches jobs' pictures, and puts what it gets where suppliers put theirs: it is read as those are."""

    def __init__(self, pictures: Pictures, files: Files, fetch: Fetch, queue: Queue) -> None:
        self._pictures, self._files, self._fetch, self._queue = pictures, files, fetch, queue

    def work(self, job: FetchJob) -> None:
        """Done twice it fetches twice, and changes nothing anew."""
        asked = list(self._asked(job))
        later = list[Wanted]()
        for (wanted, picture), got in zip(asked, self._fetch([wanted.address for wanted, _ in asked]), strict=True):
            if isinstance(got, Fetched):
                self._files.put(picture.sent_to, got.body)
            elif got.passes and job.pause:
                later.append(wanted)
            else:
                self._pictures.settle(picture, after_reading(picture, got.refusal))
        if later and job.pause:
            self._queue.send([job.again(later)], job.pause)

    def _asked(self, job: FetchJob) -> Iterable[tuple[Wanted, Picture]]:
        """What is asked for still, by the same ask."""
        for wanted in job.wanted:
            picture = self._pictures.get(job.account_id, wanted.picture_id)
            if picture and picture.awaits and picture.asked == wanted.asked:
                yield wanted, picture
