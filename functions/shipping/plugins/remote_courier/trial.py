"""A merchant's own courier plug-in, tried with EasyPost in it: the same checks, one more network between."""

from dataclasses import replace

from conformance.standins.elsewhere import elsewhere
from functions.shipping.plugins.easypost import trial as easypost
from functions.shipping.plugins.easypost.plugin import EasyPost
from monsoon_plugin.courier import CourierPlugin

TRIAL = replace(easypost.TRIAL, **elsewhere(easypost.TRIAL, CourierPlugin, EasyPost(), ("origin",)))
