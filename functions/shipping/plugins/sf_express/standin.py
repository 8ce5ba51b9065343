"""An SF Express of one process: orders, prices, prints and routes as the open platform documents them.

What it cannot show: which addresses SF Express really serves, its contract prices, and what a waybill's routes say on the way.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any
from urllib.parse import parse_qs

from conformance.standins.labels import pdf
from functions.shipping.plugins.sf_express.client import digest
from functions.shipping.plugins.sf_express.translate import CHINA
from monsoon_plugin.standin import Asked, Reply, as_json

PARTNER, CHECKWORD = "KITTEST01", "kitCheckword0001neverShownToAny"
NOWHERE = "不存在的路1号"
"""The street where nobody delivers."""
SERVICES = {"1": ("顺丰特快", Decimal(23), Decimal(13), 1), "2": ("顺丰标快", Decimal(18), Decimal(5), 2)}
"""Product → name, yuan for the first kilogram, yuan for each further one, days."""


@dataclass
class SFExpress:
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By orderId."""
    routes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By waybill."""

    def answer(self, asked: Asked) -> Reply:
        kind, _, name = asked.path.strip("/").partition("/")
        if kind == "files":
            return Reply(200, pdf(), "application/pdf") if asked.headers.get("x-auth-token") == "AUTH_tk" else Reply(401, b"")
        if kind == "labels":
            return as_json({"labels": len(self.orders.get(name, {}).get("waybillNoInfoList", []))})
        if kind == "scans":
            self._scan(name)
            return as_json({})
        fields = {key: values[0] for key, values in parse_qs(asked.body.decode(), strict_parsing=True).items()}
        signed = digest(fields["msgData"], fields["timestamp"], CHECKWORD)
        if fields["partnerID"] != PARTNER or fields["msgDigest"] != signed:
            return as_json({"apiResultCode": "A1006", "apiErrorMsg": "数字签名无效", "apiResponseID": "1", "apiResultData": None})
        inner = getattr(self, f"_{fields['serviceCode'].lower()}")(json.loads(fields["msgData"]), asked.address)
        return as_json({"apiResultCode": "A1000", "apiErrorMsg": "", "apiResponseID": "1", "apiResultData": json.dumps(inner)})

    def _exp_rece_query_delivertm(self, message: dict[str, Any], address: str) -> dict[str, Any]:
        if NOWHERE in message["destAddress"]["address"]:
            return _refused("S0002", "必传参数destAddress.city为空")
        further = max(Decimal(message["weight"]).to_integral_value(ROUND_CEILING) - 1, Decimal(0))
        offers = []
        for product, (name, first, each, days) in SERVICES.items():
            moment = datetime.fromisoformat(message["consignedTime"]) + timedelta(days=days)
            offers.append(
                {
                    "businessType": product, "businessTypeDesc": name, "fee": int(first + further * each), "searchPrice": "1",
                    "deliverTime": f"{moment:%Y-%m-%d} 18:00:00,{moment:%Y-%m-%d} 20:00:00", "closeTime": None,
                }
            )  # fmt: skip
        return _done({"deliverTmDto": offers})

    def _exp_rece_create_order(self, message: dict[str, Any], address: str) -> dict[str, Any]:
        if message["orderId"] not in self.orders:
            count = sum(len(order["waybillNoInfoList"]) for order in self.orders.values())
            waybills = [
                {"waybillType": 1 if i == 0 else 2, "waybillNo": f"SF{7444400000000 + count + i}"} for i in range(message["parcelQty"])
            ]
            self.orders[message["orderId"]] = {
                "orderId": message["orderId"], "originCode": "755", "destCode": "010", "filterResult": 2, "remark": "",
                "waybillNoInfoList": waybills, "canceled": False,
            }  # fmt: skip
        return _done(self.orders[message["orderId"]])

    def _exp_rece_search_order_resp(self, message: dict[str, Any], address: str) -> dict[str, Any]:
        order = self.orders.get(message["orderId"])
        return _done(order) if order else _refused("8018", "未获取到订单信息")

    def _exp_rece_update_order(self, message: dict[str, Any], address: str) -> dict[str, Any]:
        order = self.orders.get(message["orderId"])
        if order is None:
            return _refused("8018", "未获取到订单信息")
        if order["canceled"]:
            return _refused("8037", "已消单")
        order["canceled"] = True
        return _done({"orderId": order["orderId"], "waybillNoInfoList": order["waybillNoInfoList"], "resStatus": 2})

    def _com_rece_cloud_print_waybills(self, message: dict[str, Any], address: str) -> dict[str, Any]:
        numbers = [document.get("branchWaybillNo") or document["masterWaybillNo"] for document in message["documents"]]
        files = [
            {"areaNo": 1, "pageNo": 1, "seqNo": i, "token": "AUTH_tk", "url": f"{address}/files/{number}.pdf", "waybillNo": number}
            for i, number in enumerate(numbers, 1)
        ]  # fmt: skip
        return {"success": True, "requestId": "1", "obj": {"clientCode": PARTNER, "fileType": "pdf", "files": files}}

    def _exp_rece_search_routes(self, message: dict[str, Any], address: str) -> dict[str, Any]:
        order = self.orders[message["trackingNumber"][0]]
        numbers = [waybill["waybillNo"] for waybill in order["waybillNoInfoList"]]
        return _done({"routeResps": [{"mailNo": number, "routes": self.routes.get(number, [])} for number in numbers]})

    def _scan(self, number: str) -> None:
        """The parcel is fetched, carried and delivered."""
        now = datetime.now(CHINA)
        said = [
            ("50", "顺丰速运 已收取快件"),
            ("31", "快件到达 【深圳中转场】"),
            ("44", "正在派送途中"),
            ("80", "已签收"),
            ("8000", "可查看签收人"),
        ]
        self.routes[number] = [
            {
                "opCode": code, "remark": remark, "acceptAddress": "深圳市",
                "acceptTime": f"{now - timedelta(minutes=len(said) - i):%Y-%m-%d %H:%M:%S}",
            }
            for i, (code, remark) in enumerate(said)
        ]  # fmt: skip


def _done(message: dict[str, Any]) -> dict[str, Any]:
    return {"success": True, "errorCode": "S0000", "errorMsg": None, "msgData": message}


def _refused(code: str, said: str) -> dict[str, Any]:
    return {"success": False, "errorCode": code, "errorMsg": said, "msgData": None}
