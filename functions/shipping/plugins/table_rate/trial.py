"""Table rate: it calls nobody."""

from monsoon_plugin.testing import CourierTrial

TRIAL = CourierTrial(
    config={
        "currency": "GBP",
        "tiers": [0, 100],
        "zones": [
            {
                "name": "Home",
                "countries": ["GB"],
                "bands": [{"max_weight": 1000, "prices": [350, 300]}, {"max_weight": 5000, "prices": [700, 650]}],
            }
        ],
    },
    standin="nobody",
    overweight=6000,
)
