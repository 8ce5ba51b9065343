"""Why a person must look at an order's money."""

from typing import Literal

ReviewReason = Literal["amount_differs", "authorization_ended", "capture_reversed"]
"""Why an order is in review: another amount was promised or captured than is owed; what was promised has ended; the provider took back
what it had captured."""
