"""Payouts over HTTP: where accounts are paid, when a storefront pays, and what became of it."""

from functions.settlement.bootstrap import Services
from functions.settlement.ledger.journal import PLATFORM
from functions.settlement.payouts.payout_views import (
    BatchesView,
    BatchView,
    PageQuery,
    PayoutAccountView,
    PutPayoutAccount,
    PutSchedule,
    ScheduleView,
)
from shared.api.answers import Bytes
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import Conflict, Malformed, NotFound

STOREFRONT = "/v1/storefronts/{storefront_id}"
ROUTES = Routes()


@ROUTES.put(
    "/v1/payout-account",
    body=PutPayoutAccount,
    answers={200: PayoutAccountView},
    allow=["supplier", "storefront"],
    problems=[Conflict],
)
def put_payout_account(body: PutPayoutAccount, caller: Caller, services: Services) -> PayoutAccountView:
    """Say where the caller's account is paid."""
    payee = body.payee(caller.tenant)
    return PayoutAccountView.of(services.payouts.put_account(payee), payee)


@ROUTES.get("/v1/payout-account", answers={200: PayoutAccountView}, allow=["supplier", "storefront"], problems=[NotFound])
def get_payout_account(caller: Caller, services: Services) -> PayoutAccountView:
    """Read where the caller's account is paid; its numbers are masked."""
    return PayoutAccountView.of(*services.payouts.account(caller.tenant))


@ROUTES.put("/v1/platform/payout-account", body=PutPayoutAccount, answers={200: PayoutAccountView}, allow=["operator"], problems=[Conflict])
def put_platform_payout_account(body: PutPayoutAccount, services: Services) -> PayoutAccountView:
    """Say where the platform's commission is paid."""
    payee = body.payee(PLATFORM)
    return PayoutAccountView.of(services.payouts.put_account(payee), payee)


@ROUTES.get("/v1/platform/payout-account", answers={200: PayoutAccountView}, allow=["operator"], problems=[NotFound])
def get_platform_payout_account(services: Services) -> PayoutAccountView:
    """Read where the platform's commission is paid; its numbers are masked."""
    return PayoutAccountView.of(*services.payouts.account(PLATFORM))


@ROUTES.put(
    STOREFRONT + "/payout-schedule",
    body=PutSchedule,
    answers={200: ScheduleView},
    allow=["storefront"],
    verified=True,
    problems=[NotFound, Conflict],
)
def put_payout_schedule(storefront_id: str, body: PutSchedule, caller: Caller, services: Services) -> ScheduleView:
    """Choose when the storefront's payees are paid, and by which clearing installation."""
    return ScheduleView.of(*services.payouts.put_schedule(body.schedule(caller.at_storefront(storefront_id))))


@ROUTES.get(STOREFRONT + "/payout-schedule", answers={200: ScheduleView}, allow=["storefront"], problems=[NotFound])
def get_payout_schedule(storefront_id: str, caller: Caller, services: Services) -> ScheduleView:
    """Read when the storefront's payees are paid."""
    return ScheduleView.of(*services.payouts.schedule(caller.at_storefront(storefront_id)))


@ROUTES.get(STOREFRONT + "/payout-batches", query=PageQuery, answers={200: BatchesView}, allow=["storefront"], problems=[Malformed])
def list_payout_batches(storefront_id: str, query: PageQuery, caller: Caller, services: Services) -> BatchesView:
    """List the storefront's payout batches, newest first."""
    found, following = services.payouts.batches(caller.at_storefront(storefront_id), query.limit, query.cursor)
    return BatchesView(items=[BatchView.of(batch) for batch in found], next=following)


@ROUTES.get(STOREFRONT + "/payout-batches/{key}", answers={200: BatchView}, allow=["storefront"], problems=[NotFound])
def get_payout_batch(storefront_id: str, key: str, caller: Caller, services: Services) -> BatchView:
    """Read a payout batch and what became of each payout."""
    return BatchView.of(*services.payouts.batch(caller.at_storefront(storefront_id), key))


@ROUTES.get(STOREFRONT + "/payout-batches/{key}/file", answers={200: Bytes}, allow=["storefront"], verified=True, problems=[NotFound])
def get_payout_file(storefront_id: str, key: str, caller: Caller, services: Services) -> Bytes:
    """Fetch the batch's file, to hand it to the bank."""
    content, media_type = services.payouts.file(caller.at_storefront(storefront_id), key)
    return Bytes(content, media_type, f"{key}.xml")
