"""sepaxml, which writes pain.001, held to ids and times that are ours: the same batch is the same file."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sepaxml import SepaTransfer  # type: ignore[import-untyped]
from sepaxml.validation import ValidationError, try_valid_xml  # type: ignore[import-untyped]

from monsoon_plugin.errors import ErrorKind, PluginError

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def credit_transfer(
    debtor: dict[str, str], schema: str, message_id: str, created_at: datetime, payments: Sequence[dict[str, Any]]
) -> bytes:
    """The file, valid against the schema's XSD. `debtor`: name, IBAN and perhaps BIC. Raises PluginError (invalid)."""
    transfer = SepaTransfer({**debtor, "batch": True, "currency": "EUR"}, schema=schema, clean=False)
    for payment in payments:
        transfer.add_payment(dict(payment))
    document = ET.fromstring(transfer.export(validate=False))  # noqa: S314 (our own text)
    space = {"p": f"urn:iso:std:iso:20022:tech:xsd:{schema}"}
    # sepaxml makes ids by chance and reads the machine's clock: both are replaced, so that a file made again is the same file.
    for path, ours in (
        (".//p:GrpHdr/p:MsgId", message_id), (".//p:PmtInf/p:PmtInfId", message_id),
        (".//p:GrpHdr/p:CreDtTm", created_at.strftime("%Y-%m-%dT%H:%M:%S")),
    ):  # fmt: skip
        for found in document.iterfind(path, space):
            found.text = ours
    written: bytes = HEAD + ET.tostring(document, "utf-8")
    try:
        try_valid_xml(written, schema)
    except ValidationError as error:
        raise PluginError(ErrorKind.INVALID, "the batch makes no valid pain.001 file: a name, IBAN or BIC is not as it must be") from error
    return written
