"""A shortage: what is said where fewer units are left than an order wants. `oversell_store.py` is where overselling is prevented."""

from collections.abc import Iterable, Mapping

from shared.errors import Conflict, FieldError


class Shortage(Exception):
    """These offers could not be taken: offer id → units left, None for one that is not for sale. Nothing was written."""

    def __init__(self, left: Mapping[str, int | None]) -> None:
        super().__init__(", ".join(left))
        self.left = left


class NotSellable(Conflict):
    code, title = "not-sellable", "An offer has been recalled and is not on sale any more"


class OutOfStock(Conflict):
    code, title = "out-of-stock", "Fewer units are left than the order wants"


def not_sellable(i: int) -> NotSellable:
    detail = "recalled: take it out of the order"
    return NotSellable(f"line {i}: {detail}", [FieldError(f"/lines/{i}/offer_id", detail)])


def shortage_problem(wanted: Iterable[str], left: Mapping[str, int | None]) -> NotSellable | OutOfStock:
    """Why these of the `wanted` offers, in the order of the lines, could not be taken.

    `left` says how many units there are, None for an offer that is not for sale.
    """
    lines = [(i, offer_id) for i, offer_id in enumerate(wanted) if offer_id in left]
    unsold = next((i for i, offer_id in lines if left[offer_id] is None), None)
    if unsold is not None:
        return not_sellable(unsold)
    errors = [FieldError(f"/lines/{i}/quantity", f"{left[offer_id]} left") for i, offer_id in lines]
    return OutOfStock("; ".join(f"{e.pointer}: {e.detail}" for e in errors), errors, left={o: left[o] for _, o in lines})
