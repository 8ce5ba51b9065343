"""Numbers, prices and measures as people write them, exactly: `12,50`, `12 EUR`, `0.3 kg`. What can be read in two ways is refused."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from functions.uploads.values.words import Unreadable
from monsoon_plugin.money import WITHDRAWN, currency_code, exponent
from shared.trade.gtin import LENGTHS, gtin_flaw

GRAMS = {"g": "1", "kg": "1000", "mg": "0.001", "oz": "28.349523125", "lb": "453.59237"}
"""International avoirdupois ounce and pound, exactly."""
MILLIMETRES = {"mm": "1", "cm": "10", "m": "1000", "in": "25.4", "ft": "304.8"}
ALIASES = {
    "gr": "g", "gram": "g", "grams": "g", "gramm": "g", "克": "g", "kgs": "kg", "kilo": "kg", "kilogram": "kg", "kilograms": "kg",
    "千克": "kg", "公斤": "kg", "ounce": "oz", "ounces": "oz", "lbs": "lb", "pound": "lb", "pounds": "lb", "毫米": "mm", "厘米": "cm",
    "米": "m", "inch": "in", "inches": "in", '"': "in", "″": "in", "feet": "ft", "foot": "ft", "millimeters": "mm", "centimeters": "cm",
    "millimetres": "mm", "centimetres": "cm", "meters": "m", "metres": "m", "gm": "g", "gms": "g",
}  # fmt: skip
SIGNS = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₺": "TRY", "₽": "RUB", "zł": "PLN", "kč": "CZK", "元": "CNY", "円": "JPY",
    "us$": "USD", "r$": "BRL", "a$": "AUD", "c$": "CAD", "hk$": "HKD", "nt$": "TWD", "s$": "SGD", "rmb": "CNY",
}  # fmt: skip
SHARED = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "UYU", "BRL", "JMD", "TTD", "FJD", "NAD"),
    "¥": ("JPY", "CNY"), "kr": ("SEK", "NOK", "DKK", "ISK"), "fr": ("CHF", "XAF", "XOF", "XPF"),
}  # fmt: skip
"""Several currencies have this sign, so that another word says which; it is none but these."""
NUMBER = re.compile(r"^(?P<sign>[+-]?)(?P<body>\d[\d.,'’ ]*|[.,]\d+)$")
SHORTENED = re.compile(r"^[+-]?\d+([.,]\d+)?e[+-]?\d+$", re.IGNORECASE)
MEASURE = re.compile(r"^(?P<number>[+-]?[\d.,'’ ]*\d)\s*(?P<unit>[^\d\s.,'’+-].*)?$")
PRICED = re.compile(r"^(?P<before>[^\d+.,-]*)(?P<number>[+-]?[\d.,'’ ]*\d|[.,]\d+)(?P<after>\D*)$")
THOUSAND = re.compile(r"^(\d{1,3}),(\d{3})$")
"""1,295 in a currency of two decimals is no little more than one; 12,500 may be 12.5, unless a dollar stands before it."""
STATUSES = ("active", "draft", "archived")
STATUS_WORDS = {
    "published": "active", "publish": "active", "true": "active", "unlisted": "active", "enabled": "active",
    "false": "draft", "private": "draft", "pending": "draft", "disabled": "draft", "inactive": "draft", "trash": "archived",
}  # fmt: skip
YES_OR_NO = {"true": True, "yes": True, "1": True, "是": True, "false": False, "no": False, "0": False, "否": False}
CONDITIONS = ("new", "refurbished", "used", "damaged")
POINTED = re.compile(r"^(\d{1,3})\.(\d{3})$")
"""1.290 in a currency of two decimals may be a little more than one, or over a thousand as much of Europe writes it."""
THREE = re.compile(r"([1-9]\d{0,2})([.,])(\d{3})")
"""1.234 and 1,234: alone they say no more than that."""
MAX_DIGITS = 24
MAX_WRITTEN = 100
"""Characters of a price or a measure: patterns take the square of a cell's length."""


def plain(text: str) -> str:
    """`text` in plain digits and blanks: full-width digits are digits, no-break blanks are blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def decimal_of(text: str, says: str = "number", mark: str = "", *, may_be_thousands: bool = False) -> Decimal:
    """A number with a point or a comma before its decimals, and blanks, points, commas or apostrophes between thousands.

    `mark`: the one before decimals, where that is known. Where it is not, `1,234` may be a thousand or a little more than one, and so may
    `1.234` of what `may_be_thousands`. Raises Unreadable for that, for `1.0e+04` (digits are lost), and for what is no number.
    """
    cell = plain(text)
    if SHORTENED.match(cell):
        raise Unreadable("shortened", text=text[:40])
    found = NUMBER.match(cell)
    if not found or len(cell) > MAX_DIGITS:
        raise Unreadable(says, text=text[:40])
    body = re.sub(r"(?<=\d)[ '’](?=\d{3}(\D|$))", "", found["body"])
    if re.search(r"[ '’]", body):
        raise Unreadable(says, text=text[:40])
    if known := THREE.fullmatch(body):
        whole, sign, decimals = known.groups()
        if mark:
            return Decimal(found["sign"] + (f"{whole}.{decimals}" if sign == mark else whole + decimals))
        if sign == "," or may_be_thousands:
            raise Unreadable("ambiguous", text=text[:40], plain=whole + decimals, decimal=f"{whole}.{decimals}")
    return Decimal(found["sign"] + _pointed(body, text, says))


def _pointed(body: str, text: str, says: str) -> str:
    """`body` with at most one point, before its decimals."""
    last = max(body.rfind("."), body.rfind(","))
    if last < 0:
        return body
    mark, other = body[last], "," if body[last] == "." else "."
    whole, decimals = body[:last], body[last + 1 :]
    if mark in whole or other in whole:
        grouped = re.fullmatch(rf"\d{{1,3}}(\{mark}\d{{3}})+" if mark in whole else rf"\d{{1,3}}(\{other}\d{{3}})+", whole)
        if not grouped or (mark in whole and (other in whole or len(decimals) != 3)):
            raise Unreadable(says, text=text[:40])
        return whole.replace(mark, "") + decimals if mark in whole else f"{whole.replace(other, '')}.{decimals}"
    if mark == "," and len(decimals) == 3 and whole not in ("", "0"):
        raise Unreadable("ambiguous", text=text[:40], plain=whole + decimals, decimal=f"{whole}.{decimals}")
    return f"{whole or '0'}.{decimals}" if decimals else whole


def count_of(text: str, mark: str = "") -> int:
    """Units: a whole number from 0 on. Raises Unreadable, for 1.000 too where no `mark` is known."""
    number = decimal_of(text, "count", mark, may_be_thousands=True)
    if number < 0 or number != number.to_integral_value() or number > 10**9:
        raise Unreadable("count", text=text[:40])
    return int(number)


def stock_of(text: str, mark: str = "") -> int:
    """Units in stock; shop systems write fewer than none where more was sold than there was: then there is none. Raises Unreadable."""
    said = text.strip()
    units = count_of(said.removeprefix("-"), mark)
    return 0 if said.startswith("-") else units


def barcode_of(text: str) -> str | None:
    """A GTIN, where a shop's field of bar codes holds one: it may hold any code. None for others. Raises Unreadable for 8.41E+12.

    12 digits and more are held to their check digit by who reads on; 8 may be a shop's own number, and dashes stand in ISBNs alone.
    """
    code = code_of(text).replace(" ", "")
    digits = code.replace("-", "") if code.startswith(("978-", "979-")) else code
    if not (digits.isascii() and digits.isdigit() and len(digits) in LENGTHS) or not digits.strip("0"):
        return None
    return digits if len(digits) > min(LENGTHS) or gtin_flaw(digits) is None else None


def money_of(text: str, currency: str, default: str = "", mark: str = "") -> tuple[int, str]:
    """A price in minor units, and its currency: what the cell says itself, else `currency`, else `default`.

    Raises Unreadable for what is no price, and where the cell says another currency than `currency`.
    """
    cell = plain(text[:1000])
    if SHORTENED.match(cell):
        raise Unreadable("shortened", text=text[:40])
    found = PRICED.match(cell) if len(cell) <= MAX_WRITTEN else None
    if not found:
        raise Unreadable("price", text=text[:40])
    said = [code for part in (found["before"], found["after"]) if (code := _currency(part, text))]
    own, known = said[0] if said else "", currency_of(currency) if currency else ""
    if len({*said, *([known] if known else [])}) > 1:
        raise Unreadable("two-currencies", said=own, currency=currency)
    code = own or known or (currency_of(default) if default else "")
    if not code:
        raise Unreadable("currency")
    _check_shared(found, code, text)
    if any(unicodedata.decomposition(sign).startswith("<super>") for sign in text[:1000]):
        raise Unreadable("price", text=text[:40])  # 12⁵⁰ would be 1250
    number = found["number"]
    if mark:
        return minor_units(number, code, text, mark), code
    if exponent(code) < 3 and (either := POINTED.match(number)) and either[1] != "0":
        raise Unreadable("ambiguous", text=text[:40], plain=either[1] + either[2], decimal=number.rstrip("0").rstrip("."))
    if exponent(code) < 3 and (found["before"].strip() in ("$", "£", "¥", "US$") or not number.endswith("0")):
        number = THOUSAND.sub(r"\1\2", number)
    return minor_units(number, code, text), code


def _currency(sign: str, text: str) -> str:
    """The currency that stands beside a number; empty if nothing does, or what several currencies have."""
    mark = _mark(sign)
    if not mark or mark in SHARED:
        return ""
    if mark in SIGNS:
        return SIGNS[mark]
    return _code(mark, Unreadable("price", text=text[:40]))


def _mark(sign: str) -> str:
    return sign.strip().rstrip(".-").casefold()


def _check_shared(found: re.Match[str], code: str, text: str) -> None:
    """Raises Unreadable where a sign stands beside the number that the currency does not have: `$12` is no price in euros."""
    for mark in (_mark(found["before"]), _mark(found["after"])):
        if mark in SHARED and code not in SHARED[mark]:
            raise Unreadable("two-currencies", said=mark, currency=code)


def currency_of(text: str) -> str:
    """Three letters of ISO 4217, in any letter case, or a sign that one currency has."""
    mark = plain(text).casefold()
    if SIGNS.get(mark):
        return SIGNS[mark]
    return _code(mark, Unreadable("currency"))


def _code(mark: str, otherwise: Unreadable) -> str:
    """Raises `otherwise`, or Unreadable that says by which the currency was replaced."""
    code = mark.upper()
    if code in WITHDRAWN:
        raise Unreadable("currency-replaced", said=code, now=WITHDRAWN[code].replaced_by)
    try:
        return currency_code(code)
    except ValueError:
        raise otherwise from None


def minor_units(number: str, currency: str, text: str, mark: str = "") -> int:
    """A decimal in minor units of `currency`, exactly; zeros beyond its decimals are no matter."""
    places = exponent(currency)
    amount = decimal_of(number, "price", mark).scaleb(places)
    if amount != amount.to_integral_value():
        raise Unreadable("decimals", currency=currency, places=places)
    if amount < 0 or amount > 10**14:
        raise Unreadable("price", text=text[:40])
    return int(amount)


def measure_of(text: str, unit: str, kind: str, mark: str = "") -> int | None:
    """A weight in grams or a length in millimetres, rounded, at least 1; None for 0, which shop systems write for what nobody said.

    `unit` is that of a number alone. Raises Unreadable.
    """
    units = GRAMS if kind == "weight" else MILLIMETRES
    cell = plain(text[:1000]).casefold()
    if SHORTENED.match(cell):
        raise Unreadable("shortened", text=text[:40])
    found = MEASURE.match(cell) if len(cell) <= MAX_WRITTEN else None
    named = unit_of(found["unit"] or unit) if found else ""
    if not found or named not in units:
        raise Unreadable(kind, text=text[:40])
    amount = decimal_of(found["number"], kind, mark, may_be_thousands=named in ("g", "mm")) * Decimal(units[named])
    if not 0 <= amount <= 10**6:
        raise Unreadable("too-much", text=text[:40])
    return max(1, int(amount.to_integral_value(ROUND_HALF_UP))) if amount else None


def unit_of(text: str) -> str:
    mark = plain(text).casefold().rstrip(".")
    return ALIASES.get(mark, mark)


def code_of(text: str) -> str:
    """A code as a spreadsheet may have wrapped it to keep its zeros: '0123, ="0123". Raises Unreadable for 8.41E+12."""
    cell = text.strip()
    if cell.startswith('="') and cell.endswith('"'):
        cell = cell[2:-1]
    cell = cell.removeprefix("'")
    if SHORTENED.match(cell) and ("." in cell or "+" in cell):
        raise Unreadable("shortened", text=text[:40])
    return cell


def unwrapped(text: str) -> str:
    """A code as it is sent whole; one that cannot be read as it is."""
    try:
        return code_of(text)
    except Unreadable:
        return text


def condition_of(text: str) -> str:
    """new, refurbished, used or damaged, as schema.org, Google and Amazon write it. Raises Unreadable."""
    word = plain(text).casefold().rpartition("/")[2].removesuffix("condition").replace("collectible", "used").split(";")[0].strip()
    if word not in CONDITIONS:
        raise Unreadable("condition", text=text[:40])
    return word


def status_of(text: str) -> str:
    """active, draft or archived, as Shopify, WordPress (`publish`, `pending`, `trash`), Magento and OpenCart (`enabled`) write it. Raises
    Unreadable."""
    word = plain(text).casefold()
    found = STATUS_WORDS.get(word, word)
    if found not in STATUSES:
        raise Unreadable("status", text=text[:40])
    return found


def requires_shipping_of(text: str) -> bool:
    """Whether goods travel, as a cell says by yes or no. Raises Unreadable."""
    word = plain(text).casefold()
    if word not in YES_OR_NO:
        raise Unreadable("requires_shipping", text=text[:40])
    return YES_OR_NO[word]


def is_virtual(words: Iterable[str]) -> bool:
    """Whether `virtual` is among the words that say of what type a product is. A download that is not virtual comes on something."""
    return any(plain(word).casefold() == "virtual" for word in words)
