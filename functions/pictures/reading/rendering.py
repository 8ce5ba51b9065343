"""A picture made anew: upright, in sRGB, in the sizes that are served, without a byte of what the file held beside it.

Runs in a process of its own (picture_process.py), for a decoder reads what strangers wrote.
"""

import base64
import io
import warnings

import libphash
from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from functions.pictures.reading.file_header import Header, header_of
from functions.pictures.reading.refusal import Refused
from functions.pictures.reading.rendered import Rendered
from functions.pictures.reading.rights import rights_of
from shared.pictures.shown_picture import JPEG_SIZE, MAX_PIXELS, fitted, sizes_of

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
WEBP_QUALITY, JPEG_QUALITY = 80, 85
WEBP_METHOD = 2
"""How long libwebp looks for a smaller file: 4, its own choice, takes twice the time of 2 and saves 4 of 100 bytes."""
MOST_PROFILE = 4 * 1024 * 1024
"""Bytes of an ICC profile that is heeded: those of presses, the largest in use, have some 3 MB."""
BLUR_SIDE, BLUR_QUALITY = 6, 30
COLOURS = 8
LOOK_SIDE = 128
"""Pixels of the square that is looked at: whatever its sizes were, and whether it was made smaller before."""
LEAST_STRUCTURE = 8
"""Of 255, between the darkest and the lightest: below it bits are of noise, and one colour would look like any other."""
PLAIN = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}
"""A mode of Pillow → the colour space of the profiles that it goes with."""


def render(body: bytes) -> Rendered:
    """Raises Refused."""
    header = header_of(body)
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # a process-wide switch, which other libraries turn on (karrio does as it is imported)
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(body), formats=[header.kind]) as opened:
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _rendered(opened, header, body)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise Refused("too-heavy") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, OverflowError) as error:
        raise Refused("damaged") from error


def _rendered(opened: ImageFile.ImageFile, header: Header, body: bytes) -> Rendered:
    rights, profile = rights_of(opened, body), opened.info.get("icc_profile")
    opened.draft(opened.mode, fitted(header.width, header.height, JPEG_SIZE))  # a JPEG is decoded half as large, where that is enough
    opened.load()
    turned = _upright(opened)
    width, height = header.width, header.height
    if (turned.width > turned.height) != (width > height) and turned.width != turned.height:
        width, height = height, width
    whole = _in_srgb(_smaller(_simple(turned), fitted(width, height, JPEG_SIZE)), profile)
    flat = _on_white(whole)
    files = {f"{size}.webp": _webp(_smaller(whole, (w, h))) for size, w, h in sizes_of(width, height)}
    files[f"{JPEG_SIZE}.jpg"] = _jpeg(flat)
    colour, blur = _colour(flat), _blur(flat)
    return Rendered(width=width, height=height, colour=colour, blur=blur, rights=rights, look=look_of(flat), files=files)


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image


def _simple(image: Image.Image) -> Image.Image:
    """In a mode that can be made smaller: L, RGB, RGBA or CMYK."""
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits of grey
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("RGB", "L", "CMYK", "RGBA"):
        return image if image.mode == "RGBA" or "transparency" not in image.info else image.convert("RGBA")
    sees_through = image.mode in ("LA", "PA", "La", "RGBa") or "transparency" in image.info
    return image.convert("RGBA" if sees_through else "L" if image.mode == "1" else "RGB")


def _smaller(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """By its own ICC profile, if it has one that fits. What remains is told nothing of: pages take it for sRGB."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    plain = image.convert("RGB") if alpha else image
    made = (profile and _by_profile(plain, profile)) or plain.convert("RGB")
    if alpha:
        made.putalpha(alpha)
    made.info = {}
    return made


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    if len(profile) > MOST_PROFILE:
        return None
    try:
        told = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if told.profile.xcolor_space.strip() != PLAIN[image.mode]:
            return None
        if image.mode == "RGB" and "sRGB" in (told.profile.profile_description or ""):
            return image
        return ImageCms.profileToProfile(
            image, told, ImageCms.createProfile("sRGB"), renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC, outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )  # fmt: skip
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _colour(image: Image.Image) -> str:
    """The colour of most of it."""
    few = image.resize((32, 32), Image.Resampling.BOX).quantize(COLOURS).convert("RGB")
    _, most = max((count, colour) for count, colour in few.getcolors() or [])
    return f"#{bytes(most).hex()}"  # type: ignore[arg-type]


def look_of(image: Image.Image) -> str:
    """What it looks like, by libphash's pHash of its own pixels: nothing of a file is decoded by it. Empty of what has no structure."""
    small = image.convert("RGB").resize((LOOK_SIDE, LOOK_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    dark, light = small.convert("L").getextrema()
    return f"{libphash.hash(small):016x}" if light - dark >= LEAST_STRUCTURE else ""  # type: ignore[operator]


def _blur(image: Image.Image) -> str:
    small = image.resize(fitted(image.width * BLUR_SIDE, image.height * BLUR_SIDE, BLUR_SIDE), Image.Resampling.BOX)
    return base64.b64encode(_saved(small, "WEBP", quality=BLUR_QUALITY, method=6)).decode()


def _webp(image: Image.Image) -> bytes:
    return _saved(image, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD)


def _jpeg(image: Image.Image) -> bytes:
    return _saved(image, "JPEG", quality=JPEG_QUALITY, progressive=True, optimize=True)


def _saved(image: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()
