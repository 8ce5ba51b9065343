"""Whose the codes are that a file of prices and stock names alone: products', variants' of theirs, or GTINs of either."""

from collections.abc import Callable, Collection, Iterable, Sequence

from functions.uploads.products.submission import Submission

PAGE = 1000
Pages = Callable[[str, str, int], Sequence[Submission]]
"""At most so many of a supplier's submissions after a product's id, by id."""


def owners(pages: Pages, supplier_id: str, codes: Collection[str]) -> dict[str, str]:
    """Code → the sku of the product that it is of, of those `codes` that a product has; a product's own code is its own.

    One walk through all that the supplier has, for a file that names no parents. A code that several have is the first product's.
    """
    wanted, own, found = set(codes), dict[str, str](), dict[str, str]()
    for submission in _all(pages, supplier_id):
        if submission.sku in wanted:
            own[submission.sku] = submission.sku
        for code in (*submission.variants, *submission.gtins):
            if code in wanted:
                found.setdefault(code, submission.sku)
    return found | own


def _all(pages: Pages, supplier_id: str) -> Iterable[Submission]:
    after = ""
    while part := pages(supplier_id, after, PAGE):
        yield from part
        after = part[-1].product_id
