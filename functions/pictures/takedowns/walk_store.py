"""How far pictures have followed what a content is hidden for: the place rides in an event, which the rest follows by."""

from functions.pictures.picture_items import WALK_LIFE, WalkItem
from monsoon_plugin.clock import Clock
from shared.aws.dynamo import bind
from shared.bus import envelope
from shared.pictures.picture_messages import ContentWalkContinued

WALK = "walk"


class WalkStore:
    """moderation_service.Walks."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, WalkItem)
        self._clock = clock

    def go_on(self, message: ContentWalkContinued) -> None:
        item = WalkItem(message.content_id, WALK, event=envelope(message, self._clock()))
        item.expires_at = int((self._clock() + WALK_LIFE).timestamp())
        item.save()
