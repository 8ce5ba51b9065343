"""A clearing provider's notices (webhooks): one is believed no further than to ask the provider for the batch that it names."""

from dataclasses import dataclass

from functions.settlement.payouts.batches.batch_submission import BatchSubmission
from functions.settlement.payouts.batches.payout_batch import BATCH_OR_PAYOUT
from functions.settlement.payouts.payout_context import PayoutContext
from monsoon_plugin.plugin import RawWebhook
from shared.errors import NotFound, Unavailable
from shared.optimistic_retry import Contended
from shared.providers.notices import read_notice


@dataclass(frozen=True, slots=True)
class ClearingNotices:
    context: PayoutContext

    def take(self, installation_id: str, raw: RawWebhook) -> None:
        """Raises NotFound, NoticeRefused, NoticeNotUnderstood, Unavailable (the batch is being worked on, or waits
        for live mode)."""
        plugins = self.context.plugins
        installation = plugins.store.find_by_id(installation_id) if len(installation_id) <= 64 else None
        if installation is None:
            raise NotFound("there is no such installation")
        plugin, ctx = plugins.plugin(installation), plugins.context(installation, self.context.clock())
        news = read_notice(lambda: plugin.webhook(ctx, raw), "event_id", "batch_key")
        batch = news and BATCH_OR_PAYOUT.fullmatch(news.batch_key) and self.context.store.batch(installation.tenant, news.batch_key)
        if batch and batch.installation_id == installation.id:
            try:
                BatchSubmission(self.context).look_up_again(batch)
            except Contended as error:
                raise Unavailable("the batch is being worked on") from error
