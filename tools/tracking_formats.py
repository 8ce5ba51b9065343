"""Writes functions/shipping/tracking/tracking_formats.json: the formats of a copy of github.com/jkeen/tracking_number_data.

    python -m tools.tracking_formats FOLDER   (FOLDER holds one JSON file a courier; its parent the LICENSE)

Kept are names, regular expressions, check digits and tracking addresses; left out are descriptions, services and examples.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "functions" / "shipping" / "tracking" / "tracking_formats.json"
SOURCE = "https://github.com/jkeen/tracking_number_data"


def compact(courier: Mapping[str, Any], described: Mapping[str, Any]) -> dict[str, Any]:
    """One format of a courier, as tracking_formats.json holds it."""
    regex, validation = described["regex"], described.get("validation", {})
    must_exist = validation.get("additional", {}).get("exists", [])
    kept = {
        "courier": courier["name"],
        "code": courier["courier_code"],
        "name": described["name"],
        "regex": regex if isinstance(regex, str) else "".join(regex),
        "checksum": validation.get("checksum"),
        "prepend": validation.get("serial_number_format", {}).get("prepend_if"),
        "exists": [_lookup(a) for a in described.get("additional", []) if a["name"] in must_exist],
        "url": described.get("tracking_url"),
    }
    return {name: value for name, value in kept.items() if value}


def _lookup(additional: Mapping[str, Any]) -> dict[str, Any]:
    named = {entry["matches"]: entry["courier"] for entry in additional["lookup"]}
    return {"group": additional["regex_group_name"], "names": named}


def formats(folder: Path) -> list[dict[str, Any]]:
    """Every format of every courier, couriers by the names of their files."""
    couriers = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    return [compact(courier, described) for courier in couriers for described in courier["tracking_numbers"]]


def document(folder: Path) -> str:
    """The whole file, one format a line."""
    head = {"source": SOURCE, "licence": (folder.parent / "LICENSE").read_text().split("\n")}
    lines: Iterable[str] = (json.dumps(found, ensure_ascii=False) for found in formats(folder))
    return json.dumps(head, indent=1)[:-2] + ',\n "formats": [\n  ' + ",\n  ".join(lines) + "\n ]\n}\n"


if __name__ == "__main__":
    TARGET.write_text(document(Path(sys.argv[1])))
