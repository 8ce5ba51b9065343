"""What links, look-ups and the mailbox say of orders of before, which know no buyer; and of one of today, which has an e-mail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.upgrade.open_orders import Market, Opened
from bench.upgrade.traders import ADDRESS, awaited
from local.mendings.mail.mailbox import KeptMail, Mailbox

EMAIL = "ada@upgrade.example"
"""Of who buys the one order that says an e-mail; nobody's of all others."""
SECRET = (str(ADDRESS["name"]), str(ADDRESS["lines"][0]), EMAIL)
Hold = Callable[[object, str], None]


@dataclass(frozen=True)
class Guests:
    """`hold` hears of each thing whether it is as it should be, and what is said if it is not."""

    market: Market
    mailbox: Mailbox
    hold: Hold

    def follow(self, turn: str, orders: Sequence[Opened]) -> None:
        """Each order is followed by its link and says not who bought it; no page, look-up or mail knows one without a buyer."""
        sent = [(mail.subject, text_of(mail)) for mail in self.mails()]
        for one in orders:
            order = one.shop.seen(one.order_id)
            self._linked(f"{turn}: the order {one.name}", one, order)
            asked = one.shop.site.send("POST", f"{one.shop.path}/order-lookups", {"number": order["number"], "email": EMAIL})
            self.hold(asked.status == 404, f"{turn}: the order {one.name}, of nobody's e-mail, is looked up with {asked.status}")
            told = [subject for subject, text in sent if order["number"] in subject + text]
            self.hold(not told, f"{turn}: of the order {one.name}, which has no e-mail, there are mails: {told}")

    def _linked(self, named: str, one: Opened, order: dict[str, Any]) -> None:
        anybody = one.shop.site.as_("")
        followed = anybody.send("GET", "/v1/followed-order", ticket=order["order_ticket"])
        same = followed.status == 200 and all(followed.body[name] == order[name] for name in ("number", "state", "placed_at", "fulfilment"))
        self.hold(same, f"{named} is followed by its link with {followed.status} {str(followed.body)[:200]}")
        page = anybody.send("GET", "/shop/upgrade/order", ticket=order["order_ticket"])
        self.hold(page.status == 404, f"{named}, of a shop without pages, is on a page with {page.status}")
        self.hold(not any(secret in f"{followed.body}{page.body}" for secret in SECRET), f"{named} says by its link who bought it")

    def buy(self) -> None:
        """An order of today says who buys: a mail comes, and it is found by number and e-mail."""
        shop = self.market.card
        order = self.market.paid("that says an e-mail", shop, {self.market.bowl["offer_id"]: 1}, buyer={"email": EMAIL})
        number = shop.seen(order["id"])["number"]
        awaited(f"a mail of the order {number}", lambda: [mail for mail in self.mails() if EMAIL in mail.to and number in text_of(mail)])
        found = shop.site.send("POST", f"{shop.path}/order-lookups", {"number": number, "email": EMAIL})
        self.hold(found.status == 200, f"an order of today is looked up by its e-mail with {found.status}")

    def mails(self) -> list[KeptMail]:
        return [mail for mail in map(self.mailbox.mail, self.mailbox.names()) if mail]


def text_of(mail: KeptMail) -> str:
    return mail.body("plain")
