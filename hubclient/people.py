"""People of a hub on the emulator: signs accounts up and in, has an operator verify them, gives storefronts their keys."""

from dataclasses import dataclass
from typing import Any

from hubclient.hub import Hub

PASSWORD = "Monsoon-laptop-2026"  # noqa: S105 (of accounts on the emulator, which dies with the laptop's stack)
CONFIRMATION_CODE = "123456"
"""What the emulator's pool gives everybody who signs up; its mail is in the mailbox alone."""


@dataclass(frozen=True)
class Person:
    """An account that has signed in."""

    account_id: str
    email: str
    hub: Hub


class People:
    """Makes people at one hub. Asking for the same e-mail twice gives the same account, signed in anew."""

    def __init__(self, hub: Hub, cognito: Any, pool_id: str) -> None:
        self._hub, self._cognito, self._pool = hub, cognito, pool_id
        self._operator: Person | None = None

    def sign_in(self, email: str, *roles: str) -> Person:
        """An account with `roles`; made if there is none."""
        body = {"email": email, "password": PASSWORD, "display_name": email.split("@")[0], "roles": list(roles)}
        made = self._hub.send("POST", "/v1/accounts", body, key=email)
        if made.status == 201:
            self._confirm(email)
        session = self._hub.ask("POST", "/v1/sessions", {"email": email, "password": PASSWORD})
        signed_in = self._hub.as_(session["access_token"])
        return Person(signed_in.get("/v1/account")["account_id"], email, signed_in)

    def _confirm(self, email: str) -> None:
        """Nobody reads the mailbox for the demo's people: the pool's owner confirms the address."""
        try:
            self._cognito.admin_confirm_sign_up(UserPoolId=self._pool, Username=email)
        except self._cognito.exceptions.NotAuthorizedException:
            return  # it was confirmed before

    def operator(self) -> Person:
        """The hub's operator, who is an auditor too."""
        if self._operator is None:
            email = "operator@hub.example"
            self.sign_in(email, "shopper")
            for group in ("operators", "auditors"):
                self._cognito.admin_add_user_to_group(UserPoolId=self._pool, Username=email, GroupName=group)
            self._operator = self.sign_in(email, "shopper")
        return self._operator

    def merchant(self, email: str, *roles: str, country: str = "GB") -> Person:
        """A verified account with `roles`."""
        person = self.sign_in(email, *roles)
        if not person.hub.get("/v1/account")["verified"]:
            identity = {"legal_name": f"{email.split('@')[0].title()} Ltd", "country": country, "registration_number": "12345678"}
            claim = person.hub.post("/v1/account/verification", identity, key=email)
            decision = {"verification_id": claim["verification_id"], "decision": "approve", "reason": "papers seen"}
            self.operator().hub.ask("POST", f"/v1/verifications/{person.account_id}/decision", decision)
            person = self.sign_in(email, *roles)
        return person
