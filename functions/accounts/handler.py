"""accounts: people sign up and in, prove who they are, and give their client sites keys."""

import shared.bootstrap.garbage_collection  # noqa: F401

from functions.accounts import account_routes, session_routes
from functions.accounts.bootstrap import services
from functions.accounts.keys import api_key_routes
from functions.accounts.verification import verification_routes
from shared.api.service import Service

ROUTES = (session_routes.ROUTES, account_routes.ROUTES, verification_routes.ROUTES, api_key_routes.ROUTES)

app = Service("accounts", services, ROUTES)
