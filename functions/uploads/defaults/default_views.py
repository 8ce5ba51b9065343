"""What requests about defaults and their answers carry."""

from pydantic import Field

from functions.uploads.defaults.product_defaults import MOST_DEFAULTS, CategoryDefaults
from shared.api.payload import Body, View


class SetDefaults(Body):
    items: list[CategoryDefaults] = Field(max_length=MOST_DEFAULTS, description="all of them: what is not here is no default any more")


class DefaultsView(View):
    items: list[CategoryDefaults]
