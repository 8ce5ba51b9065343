"""A picture made anew is upright, in sRGB, small, and nothing else; what is none is refused by a code that says why."""

import io
import struct
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from functions.pictures.reading.refusal import Refused
from functions.pictures.reading.rendering import render
from tests.unit.pictures.samples import BOMBS, POLYGLOTS, chunk, flat, halves, opened, photo, png, srgb

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" '
    b'xmpRights:WebStatement="https://example.com/licence"><dc:creator><rdf:Seq><rdf:li>Ada Lens</rdf:li></rdf:Seq></dc:creator>'
    b"</rdf:Description></rdf:RDF></x:xmpmeta>"
)


def near(found: Any, wanted: tuple[int, int, int], most: int = 12) -> bool:
    return all(abs(one - other) <= most for one, other in zip(found[:3], wanted, strict=True))


def test_it_is_served_in_three_sizes_and_as_a_jpeg_and_never_larger_than_it_was_sent() -> None:
    large, middle, small = render(photo(2000, 1000)), render(photo(500, 250)), render(photo(100, 300))
    assert {name: opened(body).size for name, body in large.files.items()} == {
        "320.webp": (320, 160), "640.webp": (640, 320), "1280.webp": (1280, 640), "1280.jpg": (1280, 640),
    }  # fmt: skip
    assert {name: opened(body).size for name, body in middle.files.items()} == {
        "320.webp": (320, 160), "640.webp": (500, 250), "1280.jpg": (500, 250),
    }  # fmt: skip
    assert list(small.files) == ["320.webp", "1280.jpg"]
    assert (large.width, large.height, small.width, small.height) == (2000, 1000, 100, 300)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_that_a_camera_turned_stands_upright(orientation: int) -> None:
    upright = opened(halves("red", "blue"))
    turns = {2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}  # how a camera that is held so stores it: Exif 3.0, Orientation
    stored, out, exif = upright, io.BytesIO(), Image.Exif()
    for turn in turns.get(orientation, []):
        stored = stored.transpose(Image.Transpose(turn))
    exif[0x0112] = orientation
    stored.save(out, "JPEG", exif=exif, quality=95)
    found = render(out.getvalue())
    image = opened(found.files["1280.jpg"])
    assert (found.width, found.height, image.size) == (200, 100, (200, 100))
    assert near(image.getpixel((20, 50)), (254, 0, 0))
    assert near(image.getpixel((180, 50)), (0, 0, 254))


def wide() -> bytes:
    """A profile whose red is much redder than sRGB's, made from sRGB's own by another matrix column."""
    profile = bytearray(srgb())
    at = profile.index(b"rXYZ")
    offset = struct.unpack(">I", profile[at + 4 : at + 8])[0] + 8
    profile[offset : offset + 12] = struct.pack(">iii", *(round(n * 65536) for n in (0.61, 0.31, 0.02)))
    name = profile.find("sRGB".encode("utf-16-be"))
    if name > 0:
        profile[name : name + 8] = "Wide".encode("utf-16-be")
    return bytes(profile)


def test_colours_of_a_wide_profile_are_those_of_srgb() -> None:
    body = halves((200, 60, 60), (90, 90, 90), icc_profile=wide())
    red = opened(render(body).files["1280.jpg"]).getpixel((20, 50))
    assert red[0] > 225, "what its profile calls 200 is more in sRGB"
    assert near(opened(render(halves((200, 60, 60), (90, 90, 90))).files["1280.jpg"]).getpixel((20, 50)), (200, 60, 60))


@pytest.mark.parametrize("profile", [b"", b"\0" * 100, srgb()[:300] + b"\xff" * 3000, b"\0" * 4_200_000], ids="abcd")
def test_a_profile_that_cannot_be_heeded_is_passed_over(profile: bytes) -> None:
    found = opened(render(photo(icc_profile=profile)).files["320.webp"])
    assert found.mode == "RGB"


@pytest.mark.parametrize(
    ("mode", "kind"), [("CMYK", "JPEG"), ("L", "JPEG"), ("1", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("I;16", "PNG"), ("RGB", "WEBP")]
)
def test_a_picture_of_any_mode_is_shown_in_rgb(mode: str, kind: str) -> None:
    body = photo(mode=mode, kind=kind)
    served = opened(render(body).files["1280.jpg"])
    assert served.mode == "RGB"
    middle, corner = served.getpixel((400, 300)), served.getpixel((2, 2))
    assert sum(middle) != sum(corner), "it is still a picture"


def test_what_is_seen_through_stays_so_and_is_white_in_the_jpeg() -> None:
    served = render(halves((255, 0, 0, 255), (0, 0, 0, 0), mode="RGBA")).files
    assert opened(served["320.webp"]).convert("RGBA").getpixel((180, 50))[3] == 0
    assert near(opened(served["1280.jpg"]).getpixel((180, 50)), (255, 255, 255))


def test_nothing_of_what_the_file_held_beside_the_picture_is_served() -> None:
    exif, secret = Image.Exif(), b"52.5200 N 13.4050 E"
    exif[0x010E] = secret.decode()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", secret.decode())
    bodies = (photo(exif=exif, comment=secret) + b"<script>alert(1)</script>PK\3\4" + secret, photo(kind="PNG", pnginfo=text) + secret)
    for body in bodies:
        assert secret in body
        served = b"".join(render(body).files.values())
        assert not [mark for mark in (secret, b"<script", b"PK\3\4", b"Exif", b"ICC") if mark in served]


def test_what_a_file_says_of_its_rights_is_read_as_data() -> None:
    exif = Image.Exif()
    exif[0x8298], exif[0x013B] = "(c) 2026 Kiln", "somebody else"
    found = render(photo(exif=exif, xmp=XMP)).rights
    assert found == {"creator": "Ada Lens", "licence_url": "https://example.com/licence", "copyright": "(c) 2026 Kiln"}
    assert render(photo(xmp=b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>")).rights == {}
    assert render(photo(xmp=XMP[:90])).rights == {}


def test_what_it_is_on_the_whole_is_told_by_a_colour_and_a_few_pixels() -> None:
    found = render(halves("#20c0e0", "#20c0e0"))
    assert near(bytes.fromhex(found.colour[1:]), (0x20, 0xC0, 0xE0))
    assert len(found.blur) <= 400
    assert render(photo(1, 1)).files.keys() == {"320.webp", "1280.jpg"}


@pytest.mark.parametrize("name", POLYGLOTS)
def test_what_is_no_picture_is_called_by_what_it_is(name: str) -> None:
    body, code, found = POLYGLOTS[name]
    with pytest.raises(Refused) as refused:
        render(body)
    assert (refused.value.refusal.code, refused.value.refusal.found) == (code, found)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_with_the_right_reason(name: str) -> None:
    body, code = BOMBS[name]
    with pytest.raises(Refused) as refused:
        render(body)
    assert refused.value.refusal.code == code
    assert all(refused.value.refusal.words(language) for language in ("en", "zh"))


def test_the_longest_and_the_thinnest_picture_are_shown() -> None:
    found = render(png(20_000, 1, flat(20_000, 1, 3)))
    assert opened(found.files["1280.webp"]).size == (1280, 1)


def test_a_picture_of_two_profiles_is_still_one() -> None:
    two = chunk(b"iCCP", b"a\0\0x")
    assert render(png(9, 9, two, two, flat(9, 9, 3))).width == 9
    assert ImageCms.PyCMSError


def test_what_another_library_of_this_process_switched_on_does_not_let_a_damaged_picture_through() -> None:
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # as karrio does as it is imported
    with pytest.raises(Refused) as refused:
        render(photo(300, 300)[:4000])
    assert "damaged" in str(refused.value)
