"""What audit's decisions do to an offer."""

from dataclasses import replace
from datetime import datetime

from functions.catalog.offers.offer import Offer, OfferChange, Recall, first_of, next_of
from functions.catalog.offers.told import publication, withdrawal
from shared.messages import ProductApproved, ProductDelisted, ProductRefused
from shared.pictures.product_pictures import Shown
from shared.variants.unseen import as_seen

RECALL = "recall"
"""An auditor who refuses a version with this code also takes the goods themselves, in their older version, off sale."""


def after_approval(
    held: Offer | None, message: ProductApproved, now: datetime, sanction: str = "", shown: Shown = ()
) -> OfferChange | None:
    """Put the approved version on sale; None if this version or a newer one is held. `sanction`: why its supplier is suspended, if it is;
    `shown`: those of its pictures that are.

    A recalled product takes the new version but stays recalled: a feed that is sent every night must not undo a recall. Of another
    number of units nothing is told: what is sold is counted by orders (`StockCounted`), and nobody is shown how many there are.
    """
    if held is None:
        new = first_of(message, now, shown)
        return OfferChange(replace(new, recall=Recall("sanction", sanction)), None) if sanction else publication(new)
    if message.version <= held.submission:
        return None
    newer = held.followed_by(message.product, message.version, now, shown)
    if sanction and not held.recall:
        return withdrawal(replace(newer, recall=Recall("sanction", sanction)))
    seen_alike = as_seen(newer.product) == as_seen(held.product) and newer.asks == held.asks and newer.shown == held.shown
    return OfferChange(newer, None) if held.recall or seen_alike else publication(newer)


def after_delisting(held: Offer | None, message: ProductDelisted, now: datetime) -> OfferChange | None:
    """Take the product off sale as its supplier asks; None if this version or a newer one is held.

    It is not recalled: who ordered it gets it. The same version back as an active one is a publication.
    """
    if held is None:
        return OfferChange(first_of(message, now), None)
    if message.version <= held.submission:
        return None
    newer = held.followed_by(message.product, message.version, now)
    return OfferChange(newer, None) if held.recall or held.is_delisted else publication(newer)


def after_pictures(held: Offer, shown: Shown, now: datetime) -> OfferChange | None:
    """The product with those of its pictures that are shown by now; None if it has them already, or is kept off sale by its supplier."""
    if held.shown == shown or held.is_delisted:
        return None
    newer = next_of(held, now, shown=shown)
    return OfferChange(newer, None) if held.recall else publication(newer)


def after_refusal(held: Offer | None, message: ProductRefused, now: datetime) -> OfferChange | None:
    """What a refused version does to the one on sale: nothing, unless the auditor's code is RECALL.

    The goods of the approved version are as good as they were: only the new words or prices were refused. An approval
    and a refusal of one version come from an appeal, which approval ends; so a refusal that is not newer is dropped.
    """
    if held is None or held.is_withdrawn or message.version <= held.submission or message.code != RECALL:
        return None
    return withdrawal(next_of(held, now, submission=message.version, recall=Recall("operator", message.evidence)))
