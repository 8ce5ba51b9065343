"""The functions' environment, as the template sets it: a table, queue or bucket is named by its output."""

from typing import Any

from infra.templates import functions, template

AWS = {
    "AWS_ACCESS_KEY_ID": "simulated", "AWS_SECRET_ACCESS_KEY": "simulated", "AWS_DEFAULT_REGION": "us-east-1", "AWS_REGION": "us-east-1",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL", "LAMBDA_TASK_ROOT": "/nowhere", "PYDANTIC_DISABLE_PLUGINS": "true",
}  # fmt: skip


MAIL = {"MAIL_FROM": "Hub <news@mail.example>", "LINKS_URL": "https://hub.example", "MAIL_SET": "MailSet", "MAIL_IDENTITY": "MailIdentity"}
"""It sends mail, which is none of the template's defaults."""


def environment() -> dict[str, str]:
    """Every variable of every function. Where functions differ (PLUGIN_FUNCTIONS) it is empty: no plug-in runs in a function of its own.

    The platform takes a commission, so that it is seen; the template's default is none. No caches stand before what is served.
    """
    defaults = {name: str(told.get("Default", "")) for name, told in template()["Parameters"].items()}
    found: dict[str, str] = {}
    for properties in functions().values():
        for name, value in properties.get("Environment", {}).get("Variables", {}).items():
            found[name] = "" if name == "PLUGIN_FUNCTIONS" else _resolved(value, defaults)
    return AWS | {"STAGE": "simulation"} | found | {"COMMISSION_PER_MILLE": "50", "DISTRIBUTION": ""} | MAIL


def _resolved(value: Any, defaults: dict[str, str]) -> str:
    match value:
        case {"Ref": str(name)}:
            return defaults.get(name, name)
        case {"Fn::GetAtt": [_, output]}:
            return str(output).removeprefix("Outputs.")
        case {"Fn::Sub": text}:
            return str(text)
    return str(value)
