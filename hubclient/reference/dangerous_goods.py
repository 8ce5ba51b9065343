"""Dangerous goods: a CSV with the columns `class`, `description` and `number`, as UN lists are published, and perhaps `zh`.

A description is a proper shipping name in capitals, with what else must be known in small letters. Of

    "LIGHTERS or LIGHTER REFILLS containing flammable gas"      become   lighters · lighter refills
    "MATCHES, SAFETY (book, card or strike on box)"             becomes  safety matches
    "ACETYLENE, DISSOLVED"                                      becomes  acetylene

Collective entries (N.O.S.) name nothing that a title would hold and are left out, as are numbers that are no longer in use.
`zh` holds Chinese names, separated by `;`.
"""

import csv
import io
import re
from collections.abc import Iterator

from hubclient.reference.flaw import Flaw, Flawed, text_of

COLUMNS = {"class", "description", "number"}
CLASS = re.compile(r"[1-9](\.\d)?")
OUT_OF_USE = re.compile(r"[-?]|.*(no longer in use|\(Formerly\))", re.IGNORECASE | re.DOTALL)
STATES = frozenset(
    [
        "LIQUID", "SOLID", "DRY", "WETTED", "STABILIZED", "COMPRESSED", "DISSOLVED", "ANHYDROUS", "MOLTEN", "ADSORBED", "DESENSITIZED",
        "SOLUTION", "AQUEOUS", "REFRIGERATED", "DEEPLY", "INHIBITED", "HYDRATED", "FLAMMABLE", "TOXIC", "CORROSIVE", "OXIDIZING",
    ]
)  # fmt: skip
"""Words that say in which state a good is, not which it is."""
SHOUTED = re.compile(r"[A-Z]{3}")
MIN_LETTERS = 4


def dangerous_goods(raw: bytes) -> list[list[str]]:
    """[name, UN number, class] of each name, by name. Raises Flawed for a missing column or an unreadable row."""
    reader = csv.DictReader(io.StringIO(text_of(raw), newline=""))
    missing = COLUMNS - set(reader.fieldnames or ())
    if missing:
        raise Flawed([Flaw(1, f"the header lacks {', '.join(sorted(missing))}")])
    rows: set[tuple[str, str, str]] = set()
    flaws: list[Flaw] = []
    for row in reader:
        number, hazard_class, description = row["number"] or "", row["class"] or "", row["description"] or ""
        if OUT_OF_USE.match(hazard_class) or OUT_OF_USE.match(description):
            continue
        if not re.fullmatch(r"\d{4}", number) or not CLASS.fullmatch(hazard_class):
            flaws.append(Flaw(reader.line_num, f"class {hazard_class!r}, number {number!r}: write them as 4.1 and 1944"))
            continue
        rows.update((name, number, hazard_class) for name in (*names(description), *_chinese(row.get("zh") or "")))
    if flaws or not rows:
        raise Flawed(flaws or [Flaw(0, "there is no dangerous good in it")])
    return [list(row) for row in sorted(rows)]


def names(description: str) -> Iterator[str]:
    """The names in a description, as people write them in small letters."""
    plain = re.sub(r"\([^)]*\)|[\"']", " ", description).replace("- ", "-").strip()
    if not SHOUTED.search(plain):
        plain = plain.upper()
    for i, alternative in enumerate(re.split(r"\s+or\s+|;", plain)):
        name = _named(alternative.strip())
        # `PHOSPHORUS, WHITE or YELLOW`: a lone word further on only varies what stands before it.
        if sum(sign.isalpha() for sign in name) >= MIN_LETTERS and (i == 0 or " " in name):
            yield name


def _named(alternative: str) -> str:
    """The name in one alternative; none in a collective entry, nor in what only adds a condition in small letters."""
    capitals = re.split(r"(?:^|\s)(?=[a-z]{2,}\b(?!-))", alternative, maxsplit=1)[0]
    if not SHOUTED.search(capitals) or "N.O.S" in alternative:
        return ""
    head, *more = [part.strip(" ,") for part in capitals.split(", ") if part.strip(" ,")]
    kinds = [part for part in more if not set(part.split()) <= STATES]
    return " ".join([*kinds[:1], head]).lower()


def _chinese(written: str) -> list[str]:
    return [name.strip() for name in re.split("[;；]", written) if name.strip()]
