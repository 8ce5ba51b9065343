"""Writes shared/door/phones.json, how many digits telephone numbers have by their country's code, and cases that it is tried on.

    make data

All is libphonenumber's, by the package phonenumbers: which lengths are possible, what is dialled before a number within its country and out
of it. Which of these numbers are given to somebody, which changes monthly, is left out.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from re import _parser as parser  # type: ignore[attr-defined, unused-ignore]  # how wide a prefix may be
from typing import Any

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

from tools.lists.dated import package, source, write

ROOT = Path(__file__).parent.parent.parent
TABLE = ROOT / "shared/door/phones.json"
CASES = ROOT / "tests/unit/shared/door/phone_cases.tsv"
USUAL = "00"
"""Dialled before a number of another country, in most."""
SEVERAL = 5
"""Digits of a carrier's code before a number, at most."""


def prefix_digits(pattern: str | None, transform: str | None) -> int:
    """How many digits may stand before a number where that is no one prefix: a carrier's code, say; 0 where it is."""
    if not pattern or "(" not in pattern.replace("(?:", ""):
        return 0
    found = parser.parse(pattern)
    kept = {int(number) for number in re.findall(r"\\(\d)", transform or "")}
    return min(SEVERAL, int(found.getwidth()[1]) - sum(width for group, width in _groups(found) if group in kept))


def _groups(part: Any) -> Iterator[tuple[int, int]]:
    """Each group's number, and the most digits that it takes."""
    for operation, argument in part:
        if str(operation) == "SUBPATTERN":
            if argument[0] is not None:
                yield argument[0], argument[3].getwidth()[1]
            yield from _groups(argument[3])
        elif str(operation) == "BRANCH":
            for branch in argument[1]:
                yield from _groups(branch)
        elif str(operation) in ("MAX_REPEAT", "MIN_REPEAT"):
            yield from _groups(argument[2])


def table() -> dict[str, Any]:
    """By code, `/` between: possible lengths, those within an area alone, the prefix within the country, how many other digits may stand
    there. By country: its code, and what is dialled before another's, if not USUAL. As libphonenumber, by the code's main country.
    """
    codes, countries = {}, {}
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        main: Any = PhoneMetadata.metadata_for_region(regions[0]) or PhoneMetadata.metadata_for_nongeo_region(code)
        numbers, more = main.general_desc, prefix_digits(main.national_prefix_for_parsing, main.national_prefix_transform_rule)
        told = (numbers.possible_length, numbers.possible_length_local_only, [main.national_prefix or ""], [more])
        codes[str(code)] = "/".join(" ".join(map(str, each)) for each in told)
        for region in filter(str.isalpha, regions):
            own: Any = PhoneMetadata.metadata_for_region(region)
            countries[region] = f"{code}" if own.international_prefix == USUAL else f"{code} {own.international_prefix}"
    return {
        "source": source(package("phonenumbers"), "of libphonenumber"),
        "codes": codes,
        "countries": dict(sorted(countries.items())),
    }


def cases() -> Iterator[tuple[str, str]]:
    """A country, and numbers there as people write them: with its code, and within the country."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        example: Any = phonenumbers.example_number(region)
        told = [phonenumbers.format_number(example, PhoneNumberFormat.INTERNATIONAL)]
        for kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.TOLL_FREE):
            if number := phonenumbers.example_number_for_type(region, kind):
                told.append(phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL))
        for text in dict.fromkeys(told):
            yield region, text


def main() -> None:
    write(TABLE, json.dumps(table(), ensure_ascii=False, indent=0) + "\n")
    lines = [f"# {source(package('phonenumbers'), 'its examples')}", *("\t".join(case) for case in cases())]
    write(CASES, "\n".join(lines) + "\n")
    print(f"{TABLE.relative_to(ROOT)}: {TABLE.stat().st_size} bytes; {CASES.relative_to(ROOT)}: {len(lines) - 1} cases")


if __name__ == "__main__":
    main()
