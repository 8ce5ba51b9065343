"""What uploads hears: files that have arrived in the bucket, chunks of rows, audit's verdicts, and what became of pictures."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from functions.uploads.bootstrap import Services
from functions.uploads.feeds.feed import KEY, Chunk
from functions.uploads.pictures.picture_news import PictureNews, Told
from functions.uploads.products.submission import Verdict
from monsoon_plugin.clock import from_rfc3339, rfc3339
from shared.bus import consumer
from shared.messages import ProductApproved, ProductDelisted, ProductHeld, ProductRefused
from shared.pictures.picture_messages import PictureHidden, PictureRefused, PictureShown


def split_arrived_files(services: Services, body: str) -> None:
    """Split the files that an S3 notification names, or go on with their archiving. Its test message, sent when the bucket is made, names
    none."""
    for notice in json.loads(body).get("Records", []):
        key, at = unquote_plus(notice["s3"]["object"]["key"]), rfc3339(from_rfc3339(notice["eventTime"]))
        attempt, step = int(notice.get("attempt", 0)), notice.get("step")
        if not step:
            services.splitter.split(key, at, attempt)
        elif named := KEY.match(key):
            services.archives.go_on(named[1], named[2], attempt, watch=step == "watch")


def take_chunk(services: Services, body: str) -> None:
    services.chunks.take(Chunk.model_validate_json(body))


@dataclass(frozen=True)
class VerdictWorker:
    """The bus queue's entry point: records audit's verdicts, a batch in one write (if that fails the whole batch comes again), and what
    pictures tell."""

    services: Callable[[], Services]

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        verdicts: list[Verdict] = []

        def collect(message: ProductApproved | ProductRefused | ProductDelisted | ProductHeld) -> None:
            verdicts.append(Verdict.of(message))

        def note(message: Told) -> None:
            self.services().picture_news.keep(PictureNews.of(message))

        heard = consumer({
            ProductApproved: collect, ProductRefused: collect, ProductDelisted: collect, ProductHeld: collect,
            PictureShown: note, PictureRefused: note, PictureHidden: note,
        })  # fmt: skip
        answer = heard(event, context)
        self.services().submissions.record_verdicts(verdicts)
        return answer
