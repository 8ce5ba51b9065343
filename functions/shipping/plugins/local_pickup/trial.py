"""Local pick-up: it calls nobody."""

from monsoon_plugin.testing import CourierTrial

TRIAL = CourierTrial(
    config={
        "location": {"name": "The shop", "lines": ["1 High Street"], "city": "London", "postal_code": "EC4Y 1AU", "country": "GB"},
        "currency": "GBP",
    },
    standin="nobody",
)
