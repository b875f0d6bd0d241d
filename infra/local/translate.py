"""From template.yaml to what moto can create and what the local stack plays itself."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]
from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

Properties = Mapping[str, Any]

CREATED = {  # by moto's CloudFormation
    "AWS::DynamoDB::Table",
    "AWS::Events::Rule",
    "AWS::IAM::Role",
    "AWS::KMS::Key",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
}
PLAYED = {  # by this package, with the properties of the template
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Stage",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::EventSourceMapping",
    "AWS::SNS::Subscription",
    "AWS::SecretsManager::Secret",
}
LEFT_OUT = {  # nothing on a laptop depends on them
    "AWS::ApiGateway::Account",
    "AWS::ApiGateway::Deployment",
    "AWS::CloudWatch::Alarm",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::SQS::QueuePolicy",
}


class TemplateError(Exception):
    """The template holds something that the local stack does not know how to treat."""


@dataclass(frozen=True)
class Source:
    """Where a function's code is: the folder, and the handler's name in its app.py."""

    folder: Path
    handler: str


@dataclass(frozen=True)
class Blueprint:
    """A template made ready for the local stack.

    `template` is plain CloudFormation for moto. `played` holds, by type and logical id, the
    properties (intrinsic functions unresolved) of what moto does not do. `secrets` are played
    too, but referred to as parameters of `template`, so they must exist before it is created.
    """

    template: dict[str, Any]
    parameters: Mapping[str, str]
    played: Mapping[str, Mapping[str, Properties]]
    functions: Mapping[str, Source]

    def of_type(self, kind: str) -> Mapping[str, Properties]:
        """The properties of the played resources of one type, by logical id."""
        return self.played.get(kind, {})

    def created(self, kind: str) -> Mapping[str, Properties]:
        """The properties of the resources of one type that moto creates, by logical id."""
        resources: dict[str, Any] = self.template["Resources"]
        return {n: one["Properties"] for n, one in resources.items() if one["Type"] == kind}


def translate(path: Path, parameters: Mapping[str, str], region: str) -> Blueprint:
    """Read a SAM or CloudFormation template.

    `parameters` replace the template's defaults. Raises `TemplateError` for a resource type that
    nothing here treats and for a parameter that the template does not have.
    """
    document: dict[str, Any] = yaml_parse(path.read_text(encoding="utf-8"))
    unknown = parameters.keys() - document.get("Parameters", {}).keys()
    if unknown:
        raise TemplateError(f"{path.name} has no parameter {', '.join(sorted(unknown))}")
    functions = _sources(document, path.parent)
    if "Transform" in document:
        document = _to_cloudformation(document, parameters, region)
    created, played = _sort(document["Resources"], path.name)
    chosen = dict(parameters)
    for name in played.get("AWS::SecretsManager::Secret", {}):
        document["Parameters"][name] = {"Type": "String"}
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": document.get("Parameters", {}),
        "Conditions": document.get("Conditions", {}),
        "Resources": created,
    }
    return Blueprint(template, chosen, played, functions)


def _sources(document: Mapping[str, Any], root: Path) -> dict[str, Source]:
    """Take the functions' code out of the template, which then needs no upload."""
    found = {}
    for name, resource in document["Resources"].items():
        properties = resource.get("Properties", {})
        for key in ("CodeUri", "ContentUri"):
            if key in properties:
                folder = root / properties[key]
                # A new mapping: with YAML anchors, resources may share one.
                resource["Properties"] = {**properties, key: "s3://local/code"}
                if resource["Type"] == "AWS::Serverless::Function":
                    module, _, handler = properties["Handler"].partition(".")
                    if module != "app":
                        raise TemplateError(f"{name}: Chalice wants the module app, not {module}")
                    found[name] = Source(folder, handler)
    return found


def _to_cloudformation(
    document: dict[str, Any], parameters: Mapping[str, str], region: str
) -> dict[str, Any]:
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    session = boto3.Session(region_name=region)
    translator = Translator({}, Parser(), boto_session=session)
    # Through JSON, for plain dicts that share nothing.
    plain: dict[str, Any] = json.loads(json.dumps(translator.translate(document, dict(parameters))))
    return plain


def _sort(
    resources: Mapping[str, dict[str, Any]], name: str
) -> tuple[dict[str, Any], dict[str, dict[str, Properties]]]:
    created: dict[str, Any] = {}
    played: dict[str, dict[str, Properties]] = {}
    for logical_id, resource in resources.items():
        kind = resource["Type"]
        if kind in CREATED:
            created[logical_id] = _for_moto(resource)
        elif kind in PLAYED:
            played.setdefault(kind, {})[logical_id] = resource["Properties"]
        elif kind not in LEFT_OUT:
            raise TemplateError(
                f"{name}: the local stack does not know {kind} ({logical_id}); "
                "say in infra/local/translate.py whether moto creates it, a module here plays it, "
                "or nothing local needs it"
            )
    return created, played


def _for_moto(resource: dict[str, Any]) -> dict[str, Any]:
    """The resource as moto can take it."""
    properties = dict(resource["Properties"])
    match resource["Type"]:
        case "AWS::Lambda::Function":  # run from its folder, and not by moto
            properties.pop("Layers", None)
            properties["Code"] = {"ZipFile": "# the local stack runs it from its folder"}
        case "AWS::KMS::Key":  # moto fails on a policy that is no text, and enforces none
            properties["KeyPolicy"] = ""
    return {**resource, "Properties": properties}
