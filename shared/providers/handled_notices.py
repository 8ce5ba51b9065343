"""Which of providers' notices have been handled to their end, in the table of the service that takes them: one small item each."""

from datetime import datetime

from shared.aws.dynamo import Item, Table, lying_in


class NoticeItem(Item):
    """pk = `notice#<installation>`, sk = the provider's event id."""

    class Meta(Table):
        pass


class HandledNotices:
    """Marked after a notice's effect, not before: one whose handling was cut off is handled when it comes again."""

    def __init__(self, table: str) -> None:
        self._notices = lying_in(table, NoticeItem)

    def was_handled(self, installation_id: str, event_id: str) -> bool:
        """Whether a provider's notice has been handled to its end before."""
        try:
            self._notices.get(f"notice#{installation_id}", event_id)
        except self._notices.DoesNotExist:
            return False
        return True

    def mark_handled(self, installation_id: str, event_id: str, until: datetime) -> None:
        """Remember until `until` that a notice has been handled."""
        self._notices(f"notice#{installation_id}", event_id, expires_at=int(until.timestamp())).save()
