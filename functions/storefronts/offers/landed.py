"""What an offer costs where it is wanted: its price, what sending it costs, and what the border adds, as the storefront's rule says them.

Couriers are another service's, and are asked for money with an address; a rule is the storefront's own word, and the same whoever looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.storefronts.offers.priced_card import PricedCard
from monsoon_plugin.money import Money
from shared.trade.fx import NotConvertible, Rates
from shared.trade.selection import Selection


@dataclass(frozen=True, slots=True)
class Landed:
    """Of one unit, at one day's rates; `destination` is what a shopper wished for, and goes before the rule's own."""

    selection: Selection
    rates: Rates
    destination: str | None = None

    def costs(self, offers: Sequence[PricedCard]) -> list[int | None]:
        """What each of several offers of one thing costs, in minor units of the currency that all are sold in; all 0 where they are not.

        None for what is not sent there: to no such country by its supplier, or of no such weight. What says no weight or origin is taken
        for the heaviest, and for the most dutiable, of the others: silence gains nothing.
        """
        if len({each.sale.price.currency for each in offers}) != 1:
            return [0 if self._goes(each) else None for each in offers]
        heaviest = max((each.card.weight for each in offers if each.card.weight), default=None)
        duty = max((self._duty(each.card.origin) for each in offers if each.card.origin), default=0)
        return [self._cost(each, heaviest, duty) for each in offers]

    def _cost(self, offer: PricedCard, heaviest: int | None, duty: int) -> int | None:
        price, sending = offer.sale.price, self.selection.offers.sending
        if sending is None or not self._goes(offer):
            return price.amount if self._goes(offer) else None
        weight = offer.card.weight or heaviest
        fee = sending.price(self._to, weight) if weight else 0
        if fee is None:
            return None
        added = self._duty(offer.card.origin) if offer.card.origin else duty
        return price.amount + self._in(price.currency, fee) + -(-price.amount * added // 1000)

    @property
    def _to(self) -> str:
        sending = self.selection.offers.sending
        return self.destination or (sending.to if sending else "")

    def _goes(self, offer: PricedCard) -> bool:
        """Without a word on sending nothing is known of where shoppers are; what a shopper wished for was asked of the index."""
        sending, ships_to = self.selection.offers.sending, offer.card.ships_to
        return sending is None or ((not ships_to or self._to in ships_to) and sending.is_sent(self._to))

    def _duty(self, origin: str) -> int:
        sending = self.selection.offers.sending
        return sending.duty(self._to, origin) if sending else 0

    def _in(self, currency: str, fee: int) -> int:
        """0 where the day's rates cannot convert it: then the goods' price alone is compared."""
        sending = self.selection.offers.sending
        try:
            return self.rates.convert(Money(fee, sending.currency), currency).amount if sending else 0
        except NotConvertible:
            return 0
