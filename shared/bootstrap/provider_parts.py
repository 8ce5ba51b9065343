"""The parts of a host of plug-ins: payments, shipping, settlement."""

from functools import cached_property
from typing import Any

from shared.bootstrap.parts import Parts
from shared.providers.credentials import Credentials
from shared.providers.elsewhere.operator_plugins import Family, Functions
from shared.providers.installation_store import InstallationStore
from shared.providers.installations import Installations
from shared.providers.kms_keys import KmsKeys
from shared.providers.places import Places, ProviderSettings


class ProviderParts(Parts):
    @cached_property
    def credentials(self) -> Credentials:
        return Credentials(KmsKeys(self.settings(ProviderSettings).credentials_key))

    def installed(self, family: Family, table: str, notices: str) -> Installations[Any]:
        """The plug-ins of `family` that storefronts have installed, kept in `table`; `notices` as Places.of has it."""
        places = Places.of(self.settings(ProviderSettings), notices)
        return Installations(Functions(family, places.functions), InstallationStore(table), self.credentials, self.clock, places)
