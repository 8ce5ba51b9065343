"""What the pages of an order carry."""

import re
from collections.abc import Mapping

from pydantic import ConfigDict, Field

from shared.api.payload import Query
from shared.goods.texts import LANGUAGE, LanguageTag
from shared.pages.forms.json_schema import email_field
from shared.pages.forms.typed_form import Form
from shared.pages.texts import worded

MOST_TICKET = 3000


class OrderQuery(Query):
    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)
    ticket: str = Field(max_length=MOST_TICKET, description="the order's, of its link")
    language: LanguageTag | None = Field(default=None, description="without it, the order's")
    told: str = Field(default="", max_length=10, description="`before`: it was placed before something else was typed")


class CancelForm(Form):
    order: str = Field(min_length=1, max_length=MOST_TICKET)
    email: str = email_field(worded("The e-mail address that it was ordered with"))


class ReceiptForm(Form):
    order: str = Field(min_length=1, max_length=MOST_TICKET)
    receipt_email: str = email_field(worded("The e-mail address that it was ordered with"))


def language_of(values: Mapping[str, str], usual: str) -> str:
    """The language that a form names, in which its answer is shown; `usual` where it names none that there can be."""
    told = values.get("language", "")
    return told if re.fullmatch(LANGUAGE, told) else usual
