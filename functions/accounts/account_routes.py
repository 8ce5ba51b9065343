"""The account that is signed in."""

from functions.accounts.account import Account
from functions.accounts.account_views import AccountView, EditAccount
from functions.accounts.bootstrap import Services
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import Forbidden

ROUTES = Routes()


@ROUTES.get("/v1/account", answers={200: AccountView}, key="sell")
def account(caller: Caller, services: Services) -> AccountView:
    """Show the account that is signed in."""
    return AccountView.of(services.accounts.account(caller.account_id) or Account(id=caller.account_id), caller)


@ROUTES.patch("/v1/account", body=EditAccount, answers={200: AccountView}, problems=[Forbidden])
def edit_account(body: EditAccount, caller: Caller, services: Services) -> AccountView:
    """Change the display name or the roles; other roles count from the next access token, for this one within minutes."""
    return AccountView.of(services.accounts.edit(caller.account_id, body.display_name, body.roles), caller)
