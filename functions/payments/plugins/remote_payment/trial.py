"""A merchant's own payment plug-in, tried with WeChat Pay in it: the same checks, one more network between."""

from dataclasses import replace

from conformance.standins.elsewhere import elsewhere
from functions.payments.plugins.wechat_pay import trial as wechat_pay
from functions.payments.plugins.wechat_pay.plugin import WeChatPay
from monsoon_plugin.payment import PaymentPlugin

GAPS = {
    "test_a_doubled_notice_asks_the_provider_once": "the plug-in elsewhere is asked whether a notice is genuine, so each is a call of it",
}
TRIAL = replace(wechat_pay.TRIAL, **elsewhere(wechat_pay.TRIAL, PaymentPlugin, WeChatPay()), gaps=GAPS)
