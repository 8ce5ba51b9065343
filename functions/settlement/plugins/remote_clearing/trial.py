"""A merchant's own clearing plug-in, tried with Stripe's payouts in it: the same checks, one more network between."""

from dataclasses import replace

from conformance.standins.elsewhere import elsewhere
from functions.settlement.plugins.stripe_payouts import trial as stripe_payouts
from functions.settlement.plugins.stripe_payouts.plugin import StripePayouts
from monsoon_plugin.clearing import ClearingPlugin

TRIAL = replace(stripe_payouts.TRIAL, **elsewhere(stripe_payouts.TRIAL, ClearingPlugin, StripePayouts()))
