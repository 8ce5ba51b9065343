"""A client site that keeps a copy of what its storefront sells, by the rule that docs/client-sites.md gives: the greatest sequence wins."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from urllib.parse import quote

from simulation.actors.people import People
from simulation.actors.setting import Shop


@dataclass
class ClientSite:
    people: People
    shop: Shop
    random: Random
    """Its own: what it does changes nobody else's choices."""
    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Product → the change that counts, a removal too."""
    cursors: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    """What it should have been told when it had read to the end, and was not."""

    def read(self) -> datetime | None:
        """Read on to the end of what is new; now and then from an earlier place, as a site does that lost its last steps.

        Answers when it asked for the last page; None if it did not come so far.
        """
        cursor = self.cursors[-1] if self.cursors else ""
        if self.cursors and self.random.random() < 0.3:
            cursor = self.random.choice(self.cursors)
        more = True
        while more:
            asked = self.people.now()
            named = f"&cursor={quote(cursor)}" if cursor else ""
            reply = self.people.ask(self.shop.owner, "GET", f"/v1/feed?limit=3&storefront_id={self.shop.storefront_id}{named}")
            if reply.status == 410:  # a cursor of long ago: the site begins again
                self.held, self.cursors, cursor = {}, [], ""
                continue
            if reply.status != 200:
                return None
            for change in reply.body["changes"]:
                self.hold(change)
            cursor, more = reply.body["next"], reply.body["more"]
            self.cursors.append(cursor)
        return asked

    def hold(self, change: dict[str, Any]) -> None:
        """Keep what is told of a product, unless it holds later news."""
        if change["sequence"] > self.held.get(change["product_id"], {"sequence": ""})["sequence"]:
            self.held[change["product_id"]] = change

    @property
    def pushed(self) -> bool:
        """Whether it is told what is new, and need not read it."""
        return False

    @property
    def sells(self) -> dict[str, Any]:
        """What it offers: product → how."""
        return {product_id: change["product"] for product_id, change in self.offered.items()}

    @property
    def offered(self) -> dict[str, Any]:
        """What it offers: product → the change that told so."""
        return {product_id: change for product_id, change in self.held.items() if change.get("product")}
