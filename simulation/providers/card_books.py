"""A card processor's own books: what it took for whom, gave back, and what became of it later. Amounts in minor units."""

from dataclasses import dataclass, field, replace
from random import Random

from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import Amend, DisputeView, PaymentView, RefundView, StartPayment, State
from simulation.providers.silence import Silence

PAGE = "https://card.example/pay/"
"""What stands before a payment's id in the address of the processor's own page."""


@dataclass
class Charge:
    """One payment as the processor holds it."""

    payment_id: str
    order_id: str
    amount: Money
    state: State
    captured: int = 0
    refunds: dict[str, int] = field(default_factory=dict)
    """By the key of our operation."""
    came_back: set[str] = field(default_factory=set)
    """Those of them that reached nobody after all."""
    elsewhere: dict[str, int] = field(default_factory=dict)
    """Refunds that were made in the processor's console, by its own reference."""
    disputes: dict[str, DisputeView] = field(default_factory=dict)
    """What the shopper objected to with the bank, by the processor's reference."""
    told: int = 0
    """Notices that were sent of it."""
    return_url: str = ""
    """Where its shopper is led back to from the processor's own page; empty: there is no page."""
    pays: State = State.CAPTURED
    """What it is once its shopper has paid on that page."""

    @property
    def refunded(self) -> int:
        ours = sum(amount for key, amount in self.refunds.items() if key not in self.came_back)
        return ours + sum(self.elsewhere.values())

    @property
    def disputed(self) -> int:
        """What the shopper's bank has taken of it, for now or for good."""
        return sum(d.amount.amount for d in self.disputes.values() if d.state in ("open", "lost"))

    @property
    def kept(self) -> int:
        """What the merchant has of it."""
        return self.captured - self.refunded - self.disputed

    def view(self, *, tells: bool = True) -> PaymentView:
        """`tells`: whether it says of the refunds that we asked for that it made them."""
        refunds = tuple(self._refund(key, amount) for key, amount in self.refunds.items()) if tells else ()
        refunds += tuple(RefundView("", Money(amount, self.amount.currency), "succeeded", ref) for ref, amount in self.elsewhere.items())
        authorized = self.amount.amount if self.state in (State.AUTHORIZED, State.CAPTURED) else 0
        return PaymentView(
            provider_ref=f"ch_{self.payment_id}", state=self.state, amount=self.amount, authorized=authorized, captured=self.captured,
            refunded=self.refunded if tells else sum(self.elsewhere.values()), refunds=refunds, disputes=tuple(self.disputes.values()),
            next_action={"type": "redirect", "url": f"{PAGE}{self.payment_id}"} if self.state is State.REQUIRES_ACTION else None,
        )  # fmt: skip

    def _refund(self, key: str, amount: int) -> RefundView:
        money = Money(amount, self.amount.currency)
        return RefundView(key, money, "failed", reason="account_closed") if key in self.came_back else RefundView(key, money)


class CardBooks:
    """All charges, by our payment's id. Each request is done once for its key."""

    def __init__(self, random: Random) -> None:
        """`random`: whose cards cannot be paid back to is the processor's own affair."""
        self.charges: dict[str, Charge] = {}
        self.done: set[str] = set()
        self._random, self._closed = random, random.choice((0.0, 0.0, 0.0, 0.2))
        self.silence, self.keeping = Silence(random), 0.0
        """Of refunds; and how many promises it does not give back."""
        self.kept, self.asked = set[str](), set[str]()
        """Payments whose promise it does not give back, and all of which it was asked to."""

    def charge(self, request: StartPayment, state: State) -> Charge:
        captured = request.amount.amount if state is State.CAPTURED else 0
        made = Charge(request.payment_id, request.order_id, request.amount, state, captured)
        return self.charges.setdefault(request.payment_id, made)

    def open_page(self, request: StartPayment, pays: State) -> Charge:
        """A page of the processor's own, on which the shopper pays or does not."""
        opened = Charge(request.payment_id, request.order_id, request.amount, State.REQUIRES_ACTION)
        opened.return_url, opened.pays = request.return_url or "", pays
        return self.charges.setdefault(request.payment_id, opened)

    def pay_on_page(self, payment_id: str) -> Charge | None:
        """Its shopper pays there; None if the page is closed, or it is paid already."""
        charge = self.charges[payment_id]
        if charge.state is not State.REQUIRES_ACTION:
            return None
        charge.state, charge.captured = charge.pays, charge.amount.amount if charge.pays is State.CAPTURED else 0
        return charge

    def close_page(self, payment_id: str) -> Charge | None:
        """Nobody paid there in time, or the last card was declined; None if it is not open any more."""
        charge = self.charges[payment_id]
        if charge.state is not State.REQUIRES_ACTION:
            return None
        charge.state = State.EXPIRED
        return charge

    def capture(self, request: Amend) -> Charge:
        charge = self.charges[request.payment_id]
        if charge.state is State.AUTHORIZED and request.op_key not in self.done:
            charge.state, charge.captured = State.CAPTURED, request.amount.amount
        elif request.op_key not in self.done:
            raise PluginError(ErrorKind.CONFLICT, f"the charge is {charge.state}", "not_capturable")
        self.done.add(request.op_key)
        return charge

    def cancel(self, request: Amend) -> Charge:
        charge = self.charges[request.payment_id]
        if charge.state is State.CAPTURED:
            raise PluginError(ErrorKind.CONFLICT, "the charge is captured", "not_cancellable")
        if self.keeping and charge.payment_id not in self.asked:
            self.asked.add(charge.payment_id)
            self.kept |= {charge.payment_id} if self._random.random() < self.keeping else set()
        if charge.payment_id in self.kept and charge.state is State.AUTHORIZED:
            raise PluginError(ErrorKind.DECLINED, "this promise is not given back", "not_returnable")
        charge.state = State.CANCELED
        return charge

    def sent(self, request: Amend) -> Amend:
        """A refund's request as the processor takes it: one that it has done is another when it is sent again, if it never told of it."""
        made = self.charges[request.payment_id].refunds
        anew = not self.silence.tells and request.op_key in made
        return replace(request, op_key=f"{request.op_key} again {len(made)}") if anew else request

    def refund(self, request: Amend) -> RefundView:
        charge = self.charges[request.payment_id]
        if request.op_key not in charge.refunds:
            if request.amount.amount > charge.kept:
                raise PluginError(ErrorKind.INVALID, "more than is left", "exceeds")
            if self._random.random() < self._closed:
                raise PluginError(ErrorKind.DECLINED, "the card is closed", "closed")
            charge.refunds[request.op_key] = request.amount.amount
        return charge._refund(request.op_key, charge.refunds[request.op_key])

    def refund_by_hand(self, payment_id: str, amount: int) -> Charge | None:
        """Somebody pays back in the console; None if there is not so much."""
        charge = self.charges[payment_id]
        if not 0 < amount <= charge.kept:
            return None
        charge.elsewhere[f"re_{payment_id}_{len(charge.elsewhere)}"] = amount
        return charge

    def send_back(self, payment_id: str) -> Charge | None:
        """A refund that was paid reaches nobody, and is the merchant's again; None if there is none, or nobody would be told of it."""
        if not self.silence.tells:
            return None
        charge = self.charges[payment_id]
        paid = [key for key in charge.refunds if key not in charge.came_back]
        if not paid:
            return None
        charge.came_back.add(paid[0])
        return charge

    def let_expire(self, payment_id: str) -> Charge | None:
        """The promise of a charge ends; None if there is none."""
        charge = self.charges[payment_id]
        if charge.state is not State.AUTHORIZED:
            return None
        charge.state = State.EXPIRED
        return charge

    def reverse(self, payment_id: str) -> Charge | None:
        """The scheme takes all back that was captured, days later; None if not all of it is there, or nobody would be told."""
        charge = self.charges[payment_id]
        if not self.silence.tells or not charge.captured or charge.kept < charge.captured:
            return None
        charge.captured, charge.state = 0, State.FAILED
        return charge

    def object(self, payment_id: str, amount: int, *, warning: bool) -> Charge | None:
        """The shopper objects with its bank, which asks first (`warning`: nothing is taken), or takes `amount`; None if it is not there."""
        charge = self.charges[payment_id]
        if not 0 < amount <= charge.kept:
            return None
        ref, told = f"dp_{payment_id}_{len(charge.disputes)}", Money(amount, charge.amount.currency)
        charge.disputes[ref] = DisputeView(ref, "warning" if warning else "open", told, "product_not_received")
        return charge

    def decide(self, payment_id: str, *, won: bool) -> Charge | None:
        """What was objected to goes on: a question becomes an objection, that is won or lost, what was won is objected to once more."""
        charge = self.charges[payment_id]
        for ref, dispute in charge.disputes.items():
            if dispute.state == "lost" or (dispute.state != "open" and dispute.amount.amount > charge.kept):
                continue
            again = replace(dispute, state="open", round=dispute.round + (dispute.state == "won"))
            charge.disputes[ref] = replace(dispute, state="won" if won else "lost") if dispute.state == "open" else again
            return charge
        return None
