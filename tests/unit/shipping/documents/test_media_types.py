"""What a courier's file really is."""

import pytest

from functions.shipping.documents.media_types import media_type_of


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"^XA^FDlabel^FS^XZ", "application/zpl"),
        (b"CT~~CD,~CC^~CT~\r\n^XA^XZ", "application/zpl"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"<html></html>", None),
        (b"", None),
    ],
)
def test_a_document_is_what_its_bytes_say(content: bytes, media_type: str | None) -> None:
    assert media_type_of(content) == media_type
