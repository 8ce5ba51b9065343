"""What is sold with a picture of the commons: by the second supplier, and sent as a text."""

from dataclasses import dataclass
from typing import Any

from shared.ids import offer_id_of
from simulation.actors.lists.e_books import UNSENT, EBooks
from simulation.actors.setting import product

TAKEN_FOR = "sim-print"


@dataclass
class Prints(EBooks):
    picture_id: str = ""
    product_id: str = ""

    def offer(self) -> None:
        body: dict[str, Any] = {name: value for name, value in product(1).items() if name not in UNSENT}
        body |= {"sku": TAKEN_FOR, "texts": {"en": {"title": "A print of a bowl"}}, "requires_shipping": False, "stock": 20}
        body["pictures"] = [self.picture_id]
        reply = self.people.ask(self.setting.suppliers[1], "POST", "/v1/products", body)
        if reply.status < 300:
            self.product_id = reply.body["product_id"]
            self.offer_id = offer_id_of(self.product_id)
