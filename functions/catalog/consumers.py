"""What the catalog hears, and the jobs of its own queue."""

import json
from collections.abc import Mapping
from functools import cache

from functions.catalog.bootstrap import Services
from functions.catalog.pictures.picture_rollout import PictureJob
from functions.catalog.sanctions.sanction_rollout import SanctionJob
from monsoon_plugin.clock import TimeLeft
from shared.bus import Consumer
from shared.messages import Message, ProductApproved, ProductDelisted, ProductRefused, SupplierReinstated, SupplierSuspended
from shared.pictures.picture_messages import PictureHidden, PictureRefused, PictureShown


def consumers(services: Services, time_left: TimeLeft) -> Mapping[type[Message], Consumer]:
    """For one call of the function. It reads a supplier's standing once, for all of its messages: a feed's are all of one supplier, and the
    call ends before a sanction goes through the offers again."""
    standing = cache(services.standing_store.standing)

    return {
        PictureShown: services.picture_news.begin,
        PictureRefused: services.picture_news.begin,
        PictureHidden: services.picture_news.begin,
        ProductApproved: lambda message: services.offers.approve(message, standing(message.supplier_id)),
        ProductRefused: services.offers.refuse,
        ProductDelisted: services.offers.delist,
        SupplierSuspended: services.sanctions.begin,
        SupplierReinstated: services.sanctions.begin,
    }


def carry_out_job(services: Services, body: str) -> None:
    """A picture's job names the picture, a sanction's does not."""
    if "picture_id" in json.loads(body):
        services.picture_news.carry_out(PictureJob.model_validate_json(body))
    else:
        services.sanctions.carry_out(SanctionJob.model_validate_json(body))
