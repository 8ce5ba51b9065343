"""What the shopper's side gives for its provider, read by the plug-in's own model."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from functions.payments.operation_runner import Plugins
from monsoon_plugin.payment import ConfirmationData
from shared.errors import FieldError, Invalid, said
from shared.providers.installation import Installation


def provider_data(plugins: Plugins, installation: Installation, data: Mapping[str, Any] | None) -> ConfirmationData | None:
    """`data` as the plug-in takes it.

    Raises Invalid, which names the plug-in, those that were passed over and each wrong field as `/data/…`; values are never repeated.
    """
    if data is None:
        return None
    try:
        return plugins.plugin(installation).confirmation_model.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)[:50]
        fields = [FieldError("/data/" + "/".join(map(str, e["loc"])), said(e)) for e in found]
        raise Invalid(f"{installation.plugin} does not take this data{plugins.absent(installation.tenant)}", fields) from None
