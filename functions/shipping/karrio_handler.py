"""The function in which Karrio's couriers run, apart from shipping: their library is large, and weakens the process it is in."""

import shared.bootstrap.garbage_collection  # noqa: F401

from functions.shipping.plugins.karrio.plugin import Fedex, Mydhl, Ups, Usps
from monsoon_plugin.courier import CourierPlugin
from monsoon_plugin.serving import Served, lambda_handler
from shared.providers.elsewhere.merchant_plugins import on_a_laptop

COURIERS = (Ups(), Fedex(), Usps(), Mydhl())
handler = lambda_handler(Served(CourierPlugin, COURIERS, local=on_a_laptop()))
