"""What shipping knows of offers: how they are packed, whether they are recalled, what of them is owed. Keys: see shipping_store.py."""

from collections.abc import Mapping, Sequence

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.shipping_items import KnownItem, ShipmentItem
from shared.aws.dynamo import put_if, refused
from shared.bounds.kept import kept


class KnownOffers:
    """The part of the shipping table that offers are in."""

    def keep_facts(self, facts: ParcelFacts, version: int) -> bool:
        kept = [KnownItem.facts.set(facts.to_json()), KnownItem.recalled.remove(), KnownItem.gone.remove()]
        return bool(self._newer(facts.offer_id, version, *kept).holds)

    def retire(self, offer_id: str, version: int, product_id: str) -> bool:
        gone = [KnownItem.gone.set(True), KnownItem.recalled.remove(), KnownItem.product.set(product_id)]
        return bool(self._newer(offer_id, version, *gone).holds)

    def free(self, product_id: str, version: int) -> bool:
        return bool(self._newer(product_id, version, KnownItem.recalled.remove()).holds)

    def recall(self, offer_id: str, version: int, reason: str) -> None:
        """The facts stay for the orders that stand."""
        self._newer(offer_id, version, KnownItem.recalled.set(reason), KnownItem.holds.set(True))

    def _newer(self, offer_id: str, version: int, *actions: Action) -> KnownItem:
        """Change the offer's item unless it is as new; answers the one that stands."""
        item = KnownItem(*offer_key(offer_id))
        try:
            item.update([KnownItem.version.set(version), *actions], KnownItem.version.does_not_exist() | (KnownItem.version < version))
        except UpdateError as error:
            if not refused(error):
                raise
            item.refresh(consistent_read=True)
        return item

    def clear_holds(self, offer_id: str, version: int) -> None:
        try:
            current = (KnownItem.version == version) & KnownItem.recalled.does_not_exist()
            KnownItem(*offer_key(offer_id)).update([KnownItem.holds.remove()], current)
        except UpdateError as error:
            if not refused(error):
                raise

    def recalled(self, offer_ids: Sequence[str]) -> Mapping[str, str]:
        found = list(KnownItem.batch_get([offer_key(offer_id) for offer_id in offer_ids], consistent_read=True))
        gone = {_named(item): item.product for item in found if item.gone and item.product}
        whole = self.recalled(sorted(set(gone.values()))) if gone else {}
        by_product = {offer_id: whole[product_id] for offer_id, product_id in gone.items() if product_id in whole}
        return by_product | {_named(item): item.recalled for item in found if item.recalled is not None}

    def unsent_gone(self, supplier_id: str, product_id: str) -> set[str]:
        inside: set[str] = set().union(*(item.offers for item in ShipmentItem.by_supplier.query(supplier_id)))
        known = KnownItem.batch_get([offer_key(offer_id) for offer_id in sorted(inside)])
        return {_named(item) for item in known if item.gone and item.product == product_id}

    def keep_owed(self, supplier_id: str, offer_id: str, owed: int, version: int) -> None:
        item = KnownItem(offer_key(offer_id)[0], f"owed#{supplier_id}", version=version, owed=owed)
        put_if(item, KnownItem.version.does_not_exist() | (KnownItem.version < version))

    def owed(self, supplier_id: str, offer_id: str) -> int:
        try:
            return int(KnownItem.get(offer_key(offer_id)[0], f"owed#{supplier_id}").owed or 0)
        except KnownItem.DoesNotExist:
            return 0

    def facts(self, offer_ids: Sequence[str]) -> Mapping[str, ParcelFacts]:
        return facts_in(list(KnownItem.batch_get([offer_key(offer_id) for offer_id in offer_ids])))


def offer_key(offer_id: str) -> tuple[str, str]:
    return f"offer#{offer_id}", "facts"


def _named(item: KnownItem) -> str:
    return str(item.pk.removeprefix("offer#"))


def facts_in(items: Sequence[KnownItem]) -> dict[str, ParcelFacts]:
    found = [kept(ParcelFacts, item.facts) for item in items if item.facts]
    return {facts.offer_id: facts for facts in found}
