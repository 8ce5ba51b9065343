"""Whether real money moves is told all the way: each event of a payment, an order and a parcel says it, and each writer passes it on."""

import ast

import pytest

from shared.messages import Message, PaymentEvent
from shared.order_messages import OrderEvent
from shared.shipment_messages import ShipmentEvent
from shared.subscribers import MESSAGES
from tests.contract.conftest import folders, nodes, sources

FOLLOWING = [message for message in MESSAGES.values() if issubclass(message, PaymentEvent | OrderEvent | ShipmentEvent)]
SHARED_FIELDS = {"event_fields", "refund_fields", "shipping_fields", "_common_fields"}
"""What answers the fields that every event of its aggregate says, the mode among them."""


@pytest.mark.parametrize("message", FOLLOWING, ids=lambda message: message.__name__)
def test_an_event_of_a_payment_an_order_or_a_parcel_says_its_mode_and_older_ones_are_live(message: type[Message]):
    assert message.model_fields["test"].default is False


def test_whoever_makes_one_passes_the_mode_on():
    names = {message.__name__ for message in FOLLOWING}
    silent = []
    for service in folders():
        for path, tree in sources(service):
            text = path.read_text()
            for call in (node for node in nodes(tree) if isinstance(node, ast.Call)):
                made = ast.unparse(call.func).removesuffix(".model_validate")
                if made in names:
                    said = ast.unparse(call)
                    passed = "test=" in said or any(f"{fields}(" in said for fields in SHARED_FIELDS)
                    if not passed and not (('"test":' in text and "**" in said) or ".model_validate" in said):
                        silent.append(f"{path.name}: {said[:100]}")
    assert silent == []
