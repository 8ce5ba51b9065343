"""What the catalog hears, and the jobs of its own queue."""

from collections.abc import Mapping

from functions.catalog.bootstrap import Services
from functions.catalog.sanctions.sanction_rollout import SanctionJob
from monsoon_plugin.clock import TimeLeft
from shared.bus import Consumer
from shared.messages import Message, ProductApproved, ProductDelisted, ProductRefused, SupplierReinstated, SupplierSuspended


def consumers(services: Services, time_left: TimeLeft) -> Mapping[type[Message], Consumer]:
    return {
        ProductApproved: services.offers.approve,
        ProductRefused: services.offers.refuse,
        ProductDelisted: services.offers.delist,
        SupplierSuspended: services.sanctions.begin,
        SupplierReinstated: services.sanctions.begin,
    }


def carry_out_sanction(services: Services, body: str) -> None:
    services.sanctions.carry_out(SanctionJob.model_validate_json(body))
