"""Deploys template.yaml to the emulator as `sam deploy` does to AWS: package, upload, create or update the stack."""

import hashlib
import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.artefact import contents, deployed_files, write, zipped
from infra.bytecode import compiled
from infra.fingerprint import fingerprint
from infra.release import of_project, stamp
from infra.templates import ROOT, service_of, template
from local.conditions.refusals import CannotStart
from local.plugins import NO_PLUGINS, AuthorPlugins
from local.start.kept_artefacts import KeptArtefacts
from local.start.sayer import Say

BUCKET = "monsoon-artefacts"
STACK = "monsoon-local"
WHOLE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
FINGERPRINT = "Fingerprint"
"""The output that says of which files and parameters a stack was made."""
BEGUN = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")


class NoHub(RuntimeError):
    """What listens there is no hub that `make run` started, or nobody listens."""


def session(account: str = "test") -> boto3.Session:
    """A session of the emulator's account `account`; a 12-digit one is an empty account of its own."""
    return boto3.Session(aws_access_key_id=account, aws_secret_access_key="test", region_name="us-east-1")


class Deployment:
    """One stack on the emulator at `endpoint`."""

    def __init__(self, endpoint: str, account: str = "test", say: Say = lambda _: None) -> None:
        self._endpoint, self._session, self._say = endpoint, session(account), say
        self._s3, self._cloudformation = self.client("s3"), self.client("cloudformation")

    def client(self, service: str) -> Any:
        """A client of the emulator's `service`."""
        return self._session.client(service, endpoint_url=self._endpoint)  # type: ignore[call-overload]

    def deploy(self, parameters: Mapping[str, str], plugins: AuthorPlugins = NO_PLUGINS) -> dict[str, str]:
        """Bring the stack to what the files say, with authors' plug-ins, and answer its outputs. Raises CannotStart: what failed.

        Where it is that already, nothing is packaged: that and comparing every resource takes most of a start.
        """
        wanted = fingerprint(json.dumps(parameters, sort_keys=True), plugins.fingerprint)
        standing = self._standing()
        if standing.get(FINGERPRINT) == wanted:
            self._say("template.yaml is deployed as it is")
            return standing
        outputs = self._deployed(parameters, plugins, wanted)
        self._say("template.yaml is deployed")
        return outputs

    def _standing(self) -> dict[str, str]:
        """The outputs of a stack that is whole; nothing if there is none."""
        stacks = [s for s in self._cloudformation.describe_stacks()["Stacks"] if s["StackName"] == STACK and s["StackStatus"] in WHOLE]
        return {o["OutputKey"]: o["OutputValue"] for stack in stacks for o in stack.get("Outputs", [])}

    def _deployed(self, parameters: Mapping[str, str], plugins: AuthorPlugins, told: str) -> dict[str, str]:
        """The outputs after it; the stack keeps what it was `told` of its contents."""
        if BUCKET not in {b["Name"] for b in self._s3.list_buckets()["Buckets"]}:
            self._s3.create_bucket(Bucket=BUCKET)
        packaged = self._packaged(plugins, parameters)
        packaged["Outputs"][FINGERPRINT] = {"Value": told}
        url = self._upload("template", json.dumps(packaged).encode(), "json", as_url=True)
        exists = any(s["StackName"] == STACK for s in self._cloudformation.describe_stacks()["Stacks"])
        change = self._cloudformation.update_stack if exists else self._cloudformation.create_stack
        try:
            change(
                StackName=STACK,
                TemplateURL=url,
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
                Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
            )
        except self._cloudformation.exceptions.ClientError as error:
            if "No updates are to be performed" not in str(error):
                raise
        return self._finished()

    def outputs(self) -> dict[str, str]:
        """The outputs of the hub that is deployed there already. Raises NoHub."""
        try:
            stack = self._cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
        except (BotoCoreError, ClientError) as error:
            raise NoHub(f"no hub answers at {self._endpoint}") from error
        return {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}

    def _finished(self) -> dict[str, str]:
        while True:
            stack = self._cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
            if not stack["StackStatus"].endswith("IN_PROGRESS"):
                break
            time.sleep(0.1)
        if stack["StackStatus"] not in WHOLE:
            raise CannotStart(f"the stack is {stack['StackStatus']}:\n" + "\n".join(self._failures()))
        return {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}

    def _failures(self) -> Iterator[str]:
        """What failed of the change that was made last, the last first."""
        for page in self._cloudformation.get_paginator("describe_stack_events").paginate(StackName=STACK):
            for event in page["StackEvents"]:
                if "FAILED" in event["ResourceStatus"]:
                    yield f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
                if event["LogicalResourceId"] == STACK and event["ResourceStatus"] in BEGUN:
                    return

    def _packaged(self, plugins: AuthorPlugins, parameters: Mapping[str, str]) -> dict[str, Any]:
        """The template with every local path replaced by where it was uploaded, and each function's digest."""
        packaged, artefacts = template(), self._artefacts(plugins)
        given = [f"{name}={value}" for name, value in parameters.items()]
        stamp(packaged, given, lambda name: artefacts[service_of(packaged["Resources"][name]["Properties"])], of_project)
        for resource in packaged["Resources"].values():
            properties = resource["Properties"]
            if resource["Type"] == "AWS::Serverless::Function":
                properties["CodeUri"] = artefacts[service_of(properties)]
            elif resource["Type"] == "AWS::CloudFormation::Stack":
                nested = json.dumps(template(properties["TemplateURL"])).encode()
                properties["TemplateURL"] = self._upload(Path(properties["TemplateURL"]).stem, nested, "json", as_url=True)
            elif resource["Type"] == "AWS::Serverless::LayerVersion":  # its condition leaves it out here; a place is named all the same
                properties["ContentUri"] = next(iter(artefacts.values()))
            elif resource["Type"] == "AWS::Serverless::Api":
                place = properties["DefinitionBody"]["Fn::Transform"]["Parameters"]
                place["Location"] = self._upload("openapi", (ROOT / place["Location"]).read_bytes(), "yaml")
        packaged["Globals"]["Function"].pop("CodeUri")
        return packaged

    def _artefacts(self, plugins: AuthorPlugins) -> dict[str, str]:
        services = sorted(p.parent.name for p in (ROOT / "functions").glob("*/handler.py"))
        self._say(f"packaging {len(services)} services")
        kept = KeptArtefacts(fingerprint(plugins.fingerprint))
        if not (artefacts := kept.read(services)):
            artefacts = built(services, plugins)
            kept.keep(artefacts)
        return {service: self._upload(service, body, "zip") for service, body in artefacts.items()}

    def _upload(self, name: str, body: bytes, suffix: str, *, as_url: bool = False) -> str:
        key = f"{name}-{hashlib.sha256(body).hexdigest()[:16]}.{suffix}"
        self._s3.put_object(Bucket=BUCKET, Key=key, Body=body)
        return f"{self._endpoint}/{BUCKET}/{key}" if as_url else f"s3://{BUCKET}/{key}"


def built(services: Sequence[str], plugins: AuthorPlugins) -> dict[str, bytes]:
    """The artefacts of `services` with authors' plug-ins, and with this Python's bytecode."""
    common = deployed_files("shared")
    held = {service: contents(service, common) for service in services}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write({path: body for files in held.values() for path, body in files.items()}, folder)
        plugins.overlay(folder)
        beside = {service: plugins.beside(service, folder) for service in services}
        compiled(folder)
        return {service: zipped(folder, held[service], beside[service]) for service in services}
