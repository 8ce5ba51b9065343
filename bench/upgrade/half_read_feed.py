"""A supplier's file that the hub has only begun to read when it ends."""

from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, Self
from urllib.parse import urlsplit

from hubclient.hub import Hub

COLUMNS = "sku,title_en,category,price,currency,stock,weight_g,length_mm,width_mm,height_mm,hs_code,origin"
ROWS = 30


@dataclass(frozen=True)
class HalfReadFeed:
    """A file of ROWS products, the last of which has no price."""

    hub: Hub
    feed_id: str

    @classmethod
    def sent(cls, hub: Hub) -> Self:
        """Send it, and do not wait."""
        rows = [f"cup-{n},Tin cup {n},hg,{'10.00' if n < ROWS else 'dear'},GBP,5,400,200,200,80,732393,US" for n in range(1, ROWS + 1)]
        data = "\n".join((COLUMNS, *rows, "")).encode()
        feed: dict[str, Any] = hub.post("/v1/feeds", {"format": "csv", "name": "cups.csv", "bytes": len(data)})
        place = urlsplit(feed["upload"]["url"])
        connection = HTTPConnection(place.hostname or "", place.port, timeout=30)
        connection.request("PUT", f"{place.path}?{place.query}", data, feed["upload"]["headers"] | {"content-length": str(len(data))})
        status = connection.getresponse().status
        connection.close()
        if status != 200:
            raise RuntimeError(f"the file was answered {status}")
        return cls(hub, feed["feed_id"])

    @property
    def ended(self) -> tuple[int, int] | None:
        """How many rows are approved, and how many could not be read; None while some are under way."""
        rows: dict[str, Any] = self.hub.get(f"/v1/feeds/{self.feed_id}")["rows"]
        under_way = rows["read"] < ROWS or rows["waiting"] or rows["submitted"]
        return None if under_way else (rows["approved"], sum(rows["failed"].values()))
