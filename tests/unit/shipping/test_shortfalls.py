"""The parcels that a supplier cannot fill, read as far as they are shown."""

from shared.ids import derived_id
from shared.messages import StockOwed
from tests.unit.shipping.events import SUPPLIER, TARIFF, accepted, facts, line

OFFER = derived_id("off", "x")


def test_the_newest_parcels_are_found_by_one_query_that_ends_with_what_is_shown(services, store, install, fulfilment, monkeypatch):
    store.keep_facts(facts(offer_id=OFFER), 1)
    installation = install("table_rate", TARIFF)
    for n in range(60):
        fulfilment.order_confirmed(accepted(installation, line(OFFER, quantity=1), order_id=f"ord_{n}"))
    services.shortfalls.record(StockOwed(version=1, offer_id=OFFER, product_id="p", supplier_id=SUPPLIER, owed=2))
    seen, unsent = [], type(store).unsent

    def counted(self, supplier_id, offer_id):
        seen.append([])
        for found in unsent(self, supplier_id, offer_id):
            seen[-1].append(found)
            yield found

    monkeypatch.setattr(type(store), "unsent", counted)
    short = services.shortfalls.of_offer(SUPPLIER, OFFER)
    assert [parcel.shipment.id for parcel in short.parcels] == sorted(seen[0], reverse=True)[:2]
    assert [len(query) for query in seen] == [50]
