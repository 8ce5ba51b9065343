"""The function in which Karrio's couriers run, apart from shipping: their library is large, and weakens the process it is in."""

from functions.shipping.plugins.karrio.plugin import Fedex, Mydhl, Ups, Usps
from functions.shipping.port import CourierPlugin
from shared.providers.merchants import on_a_laptop
from shared.providers.places import Places
from shared.providers.serving import Served, lambda_handler

COURIERS = (Ups(), Fedex(), Usps(), Mydhl())
handler = lambda_handler(Served(CourierPlugin, COURIERS, Places(local=on_a_laptop())))
