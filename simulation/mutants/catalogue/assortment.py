"""Bugs in what suppliers have on their lists: off sale and back, prices alone, sales, defaults, complete files, safety."""

from simulation.mutants.mutant import Mutant

ASSORTMENT = (
    Mutant(
        "a draft is on sale",
        "functions/catalog/offers/offer.py",
        'return self.product.status != "active"',
        'return self.product.status == "archived"',
    ),
    Mutant(
        "defaults fill only what a product has no word for",
        "functions/uploads/defaults/product_defaults.py",
        "if getattr(product, name) is None or name not in product.model_fields_set]",
        "if getattr(product, name) is None]",
    ),
    Mutant(
        "a complete file archives nothing",
        "functions/uploads/complete/archiving.py",
        "return not is_off_sale(held) or held.as_of == as_of",
        "return held.as_of == as_of",
    ),
    Mutant(
        "nobody is asked who answers for safety",
        "functions/shipping/parcels/parcel_facts.py",
        "answered=unanswered(product.safety) is None,",
        "answered=True,",
    ),
    Mutant(
        "a price that changes alone changes nothing",
        "functions/uploads/changes/change_service.py",
        "priced(stocked(event.product, changes), changes, asked.whole)",
        "priced(stocked(event.product, changes), changes)",
    ),
    Mutant(
        "a sale is on before it begins",
        "shared/variants/sale.py",
        "(self.starts_at is None or self.starts_at <= at) and",
        "(self.starts_at is None or True) and",
    ),
    Mutant(
        "a sale's end is no moment to look at",
        "shared/variants/sale.py",
        "for moment in (self.starts_at, self.ends_at)",
        "for moment in (self.starts_at,)",
    ),
)
