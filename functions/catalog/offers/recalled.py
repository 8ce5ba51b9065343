"""Off sale and back again: who may recall an offer, who may reinstate it, and what a sanction on its supplier does."""

from datetime import datetime

from functions.catalog.offers.offer import Offer, OfferChange, Party, Recall, next_of, with_request
from functions.catalog.offers.told import SUSPENDED, publication, withdrawal
from shared.api.idempotency import Idempotency
from shared.errors import Conflict, Forbidden


class NotOnSale(Conflict):
    code, title = "not-on-sale", "The product is recalled already"


class OnSale(Conflict):
    code, title = "on-sale", "The product is on sale: there is nothing to reinstate"


class NotYourRecall(Forbidden):
    code, title = "not-your-recall", "Only the party that recalled a product may reinstate it"


def after_recall(held: Offer, recall: Recall, request: Idempotency, now: datetime) -> OfferChange | None:
    """Take the offer off sale everywhere; None if this very request did so before. Raises NotOnSale, KeyReused.

    What a sanction took off sale may still be recalled: it then does not come back with its supplier.
    """
    if held.remembers(request):
        return None
    if held.recall and held.is_withdrawn:
        raise NotOnSale(f"recalled by the {held.recall.by}: {held.recall.reason}")
    return withdrawal(next_of(held, now, recall=recall, requests=with_request(held, request)))


def after_reinstatement(held: Offer, by: Party, request: Idempotency, now: datetime, sanction: str = "") -> OfferChange | None:
    """Put a recalled offer back on sale in its newest approved version; None if this very request did so before.

    `sanction`: why its supplier is suspended, if it is; the offer then comes back with its supplier.
    Raises OnSale, NotYourRecall, KeyReused.
    """
    if held.remembers(request):
        return None
    if held.recall is None:
        raise OnSale
    if held.recall.by != by:
        raise NotYourRecall(_who(held.recall))
    if sanction:
        return withdrawal(next_of(held, now, recall=Recall("sanction", sanction), requests=with_request(held, request)))
    return publication(next_of(held, now, recall=None, requests=with_request(held, request)))


def after_sanction(held: Offer, reason: str, now: datetime) -> OfferChange | None:
    """The offer after its supplier was suspended for `reason`, or reinstated if it is empty; None if that changes nothing.

    What the supplier or an operator recalled stays recalled.
    """
    if reason and held.recall is None:
        return withdrawal(next_of(held, now, recall=Recall("sanction", reason)))
    if not reason and held.recall and held.recall.by == "sanction":
        return publication(next_of(held, now, recall=None))
    return None


def _who(recall: Recall) -> str:
    if recall.by == "sanction":
        return f"{SUSPENDED} ({recall.reason}): it comes back when an operator reinstates the supplier"
    return f"the {recall.by} recalled it: ask them to reinstate it"
