"""What a version of a function is made of, told to SAM, so that whatever changes is published.

SAM publishes a version when what it reads of a function in the template changes: a place of code, an expression. The value of a
parameter, a layer's packages, an output of a nested stack may change behind the same expression; then `$LATEST` would have the new one,
and the alias that everybody calls would not (github.com/aws/serverless-application-model/issues/3820). So each function carries a digest
of all that, as `AutoPublishCodeSha256`, before it is deployed.

python -m infra.release BUILT_TEMPLATE [Parameter=value …]     (`make deploy` calls it, with what it gives `sam deploy`)
"""

import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from infra.layer import lock_of
from infra.templates import ROOT, CloudFormation, template

STAMP = "AutoPublishCodeSha256"
OF_ITS_DEPLOYMENT = (STAMP, "CodeUri", "DeploymentPreference")
"""Properties that change nothing of what runs, or are told otherwise."""
Read = Callable[[str], str]
"""The text of one of the project's files."""


def stamp(built: dict[str, Any], parameters: Iterable[str], code: Callable[[str], str], read: Read) -> None:
    """Give each function of the template `built` its digest. `parameters`: `Name=value`, as the deployment is given them; each counts for
    the functions that ask for it. One that is not given keeps its value, which nobody knows here: given now and not the next time, it is
    published twice. `code`: the digest of a function's artefact, by its logical id."""
    resources, usual = built["Resources"], _own(built["Globals"]["Function"])
    given, urls = sorted(parameters), _nested_templates()
    for name, made in resources.items():
        if made["Type"] == "AWS::Serverless::Function":
            told = json.dumps([usual, _own(made["Properties"])], sort_keys=True)
            asked = _asked(told, built["Conditions"])
            files = [read(path) for path in (*_locks(told), *_nested(told, urls))]
            values = [one for one in given if one.partition("=")[0] in asked]
            made["Properties"][STAMP] = _sha256("\n".join([told, *values, code(name), *files]))


def _own(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if name not in OF_ITS_DEPLOYMENT}


def _asked(told: str, conditions: Mapping[str, Any]) -> set[str]:
    """What a function's properties name, parameters among it: there, and in the conditions that they name."""
    found, waiting = set[str](), [told]
    while waiting:
        new = set(re.findall(r"\w+", waiting.pop())) - found
        found |= new
        waiting += [json.dumps(conditions[name]) for name in sorted(new & conditions.keys())]
    return found


def _locks(told: str) -> list[str]:
    """The locks of the layers that a function names."""
    return [f"requirements/{lock_of(layer)}.txt" for layer in sorted(set(re.findall(r'"(\w*Dependencies)"', told)))]


def _nested(told: str, urls: Mapping[str, str]) -> list[str]:
    """The templates of the nested stacks whose outputs a function names: what the function is told of may be replaced there."""
    return [urls[stack] for stack in sorted(set(re.findall(r'(\w+)(?:\.|", ")Outputs\.', told)))]


def _nested_templates() -> dict[str, str]:
    """Nested stack → its template, where the project has it, for a build has it elsewhere."""
    resources = template()["Resources"].items()
    return {name: str(made["Properties"]["TemplateURL"]) for name, made in resources if "TemplateURL" in made.get("Properties", {})}


def of_project(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def digest(folder: Path) -> str:
    """Of an artefact's files, without bytecode: that follows from them, and need not be the same at each build."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return _sha256("\n".join(f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def main(place: Path, parameters: Iterable[str]) -> None:
    built = yaml.load(place.read_text(encoding="utf-8"), CloudFormation)
    stamp(built, parameters, lambda name: digest(place.parent / built["Resources"][name]["Properties"]["CodeUri"]), of_project)
    place.write_text(yaml.safe_dump(built, sort_keys=False, allow_unicode=True, width=1000), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
