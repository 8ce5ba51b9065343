"""What a file says of who made it and who may use it: read before it is made anew, which drops it from the picture.

IPTC-IIM 4.2, XMP by the IPTC Photo Metadata Standard 2024.1, Exif 3.0. It is kept as it was said: nobody has checked it.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from PIL import ImageFile, IptcImagePlugin

MOST_CHARACTERS = 300
"""Of one text."""
MOST_XMP = 256 * 1024
IIM = {(2, 80): "creator", (2, 116): "copyright", (2, 110): "credit", (2, 115): "source"}
EXIF = {0x013B: "creator", 0x8298: "copyright"}
XMP = {
    "{http://purl.org/dc/elements/1.1/}creator": "creator",
    "{http://purl.org/dc/elements/1.1/}rights": "copyright",
    "{http://ns.adobe.com/photoshop/1.0/}Credit": "credit",
    "{http://ns.adobe.com/photoshop/1.0/}Source": "source",
    "{http://ns.adobe.com/xap/1.0/rights/}UsageTerms": "usage_terms",
    "{http://ns.adobe.com/xap/1.0/rights/}WebStatement": "licence_url",
    "{http://ns.useplus.org/ldf/xmp/1.0/}LicensorURL": "licensor_url",
    "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType": "digital_source_type",
}
JUMBF, C2PA = b"jumb", b"c2pa"


def rights_of(image: ImageFile.ImageFile, body: bytes) -> dict[str, str]:
    """What it says, by a word each; nothing where it says nothing, or what cannot be read. XMP counts before IIM, that before Exif."""
    found: dict[str, str] = {}
    for read in (_xmp, _iim, _exif):
        with suppress(Exception):  # whatever is wrong with what is said of a picture, the picture may be shown
            found = dict(read(image)) | found
    if JUMBF in body and C2PA in body:
        found["content_credentials"] = "c2pa"
    return found


def _xmp(image: ImageFile.ImageFile) -> Iterator[tuple[str, str]]:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else packet
    if not packet or len(packet) > MOST_XMP:
        return
    try:
        tree = fromstring(packet.strip(b"\0 \r\n\t"), forbid_dtd=True)
    except (ParseError, DefusedXmlException):
        return
    for element in tree.iter():
        for name, value in ((element.tag, " ".join(element.itertext())), *element.attrib.items()):
            if name in XMP and (text := _text(value)):
                yield XMP[name], text


def _iim(image: ImageFile.ImageFile) -> Iterator[tuple[str, str]]:
    told: Any = IptcImagePlugin.getiptcinfo(image) or {}
    for key, name in IIM.items():
        value = told.get(key, b"")
        value = b"; ".join(value) if isinstance(value, list) else value
        if text := _text(value.decode("utf-8", "replace")):
            yield name, text


def _exif(image: ImageFile.ImageFile) -> Iterator[tuple[str, str]]:
    told = image.getexif()
    for tag, name in EXIF.items():
        value = told.get(tag, "")
        if isinstance(value, str) and (text := _text(value)):
            yield name, text


def _text(value: str) -> str:
    """One line without what cannot be printed."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
    return line[:MOST_CHARACTERS]
