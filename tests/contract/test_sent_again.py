"""What changes something without an Idempotency-Key may be sent again after its answer was lost: it is then answered as the first was."""

from app import services
from shared.api.operation import Operation

TRIED = {
    "uploads": {
        "PUT /v1/products/{product_id}", "PUT /v1/product-defaults", "PATCH /v1/products/{product_id}", "PUT /v1/feeds/{feed_id}/reading",
        "PUT /v1/feed-mappings/{name}", "DELETE /v1/feed-mappings/{name}", "PUT /v1/feeds/{feed_id}/archiving",
    },
    "audit": {"POST /v1/reviews/{product_id}/decision", "PUT /v1/picture-likenesses/{picture_id}"},
    "catalog": {
        "POST /v1/suppliers/{supplier_id}/suspension", "POST /v1/suppliers/{supplier_id}/reinstatement",
        "PUT /v1/catalog/products/{product_id}/trade-item",
    },
    "storefronts": {
        "PUT /v1/storefronts/{storefront_id}", "POST /v1/storefronts/{storefront_id}/suspension",
        "POST /v1/storefronts/{storefront_id}/reinstatement", "POST /shop/{slug}/cart", "POST /shop/{slug}/address",
    },
}  # fmt: skip
"""Each is sent again, after every call of it lost its answer, by its service's `test_sent_again.py`, or beside what else is tried of it."""


def test_every_change_without_a_key_in_the_services_of_products_is_tried() -> None:
    found = {
        service.app_name: {f"{operation.method} {operation.path}" for operation in service.operations if unkeyed(operation)}
        for service in services()
    }
    assert {name: found[name] for name in TRIED} == TRIED


def unkeyed(operation: Operation) -> bool:
    return operation.method != "GET" and not operation.idempotent
