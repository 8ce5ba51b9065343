"""An operator: recalls products and suspends suppliers, and takes it back."""

from dataclasses import dataclass
from random import Random

from shared.api.caller import Caller
from simulation.actors.people import People
from simulation.actors.setting import OPERATOR, Goods


@dataclass
class Operator:
    people: People
    random: Random

    def recall(self, goods: Goods) -> None:
        body = {"reason": "unsafe", "supplier_id": goods.supplier.account_id}
        self.people.ask(OPERATOR, "POST", f"/v1/catalog/products/{goods.product_id}/recall", body)

    def reinstate(self, goods: Goods) -> None:
        body = {"supplier_id": goods.supplier.account_id}
        self.people.ask(OPERATOR, "POST", f"/v1/catalog/products/{goods.product_id}/reinstatement", body)

    def suspend(self, supplier: Caller) -> None:
        self.people.ask(OPERATOR, "POST", f"/v1/suppliers/{supplier.account_id}/suspension", {"reason": "papers are missing"})

    def let_sell(self, supplier: Caller) -> None:
        self.people.ask(OPERATOR, "POST", f"/v1/suppliers/{supplier.account_id}/reinstatement")
