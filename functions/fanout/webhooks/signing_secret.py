"""The secret that signs a subscription's deliveries."""

import base64
import hmac

from monsoon_plugin.signatures import PREFIX


def secret_text(hub_secret: str, subscription_id: str, generation: int) -> str:
    """The subscription's secret, as its owner is shown it: derived, so that none is stored and none can be read from the table."""
    derived = hmac.digest(hub_secret.encode(), f"{subscription_id}.{generation}".encode(), "sha256")
    return PREFIX + base64.b64encode(derived).decode()
